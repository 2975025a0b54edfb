"""Solving a margins round: the best timetable with its proof, and the smallest change of one that was published."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comity.sessions.margins.problem import Placed, Problem
from comity.sessions.margins.program import Place, Program, Solved
from comity.sessions.margins.reasons import unmet
from comity.sessions.margins.rooms import give_out

SECONDS = 60.0
GAP = 0.001
"""Where the objective is beyond a thousand, the proof of its last thousandth takes longer than the timetable."""


class Status(StrEnum):
    """optimal: proven best. feasible: keeps all rules, not proven best in the time. infeasible: nothing does."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Timetable:
    """An answer.

    objective: sum of the priorities met. bound: proven limit of what any timetable of this kind reaches. moved:
    published meetings that took place at another time, or not at all; moved_bound: fewer is proven impossible.
    unmet: wish and reason. seconds: of wall clock.
    """

    status: Status
    objective: float
    bound: float
    seconds: float
    meetings: tuple[Placed, ...]
    unmet: tuple[tuple[str, str], ...]
    moved: int = 0
    moved_bound: int = 0

    def document(self) -> dict[str, Any]:
        """The answer as JSON."""
        return {
            "status": self.status.value,
            "objective": self.objective,
            "bound": self.bound,
            "seconds": round(self.seconds, 3),
            "meetings": [{"wish": place.wish, "slot": place.slot, "room": place.room} for place in self.meetings],
            "unmet": [{"wish": wish, "reason": reason} for wish, reason in self.unmet],
            "moved": self.moved,
            "moved_bound": self.moved_bound,
        }


def solve(problem: Problem, seconds: float = SECONDS) -> Timetable:
    """The timetable of a round.

    Without a published one: the largest sum of priorities. With one, in this order: as much of what was published as
    possible still takes place, as little of it as possible moves, and what is free then goes to further wishes.
    """
    began = time.monotonic()
    if wrong := tuple(_impossible_pins(problem)):
        return Timetable(Status.INFEASIBLE, 0, 0, time.monotonic() - began, (), _refused(problem, dict(wrong)))
    program = Program(problem)
    everything: dict[Place, float] = {place: float(problem.wishes[place[0]].priority) for place in program.places}
    if problem.previous:
        return _changed(problem, program, everything, began, seconds)
    found = program.solve(everything, seconds, gap=GAP)
    if found is None:
        return Timetable(Status.INFEASIBLE, 0, 0, time.monotonic() - began, (), _refused(problem, {}))
    return _timetable(problem, found, found.optimal, began)


def _changed(
    problem: Problem, program: Program, everything: dict[Place, float], began: float, seconds: float
) -> Timetable:
    published = {place.wish: place.slot for place in problem.previous}
    kept = {place: weight for place, weight in everything.items() if place[0] in published}
    where = {place: 1.0 for place in kept if published[place[0]] == place[1]}
    stages: list[Solved] = []
    for weights, gap in ((kept, 0.0), (where, 0.0), (everything, GAP)):
        left = max(1.0, seconds - (time.monotonic() - began))
        found = program.solve(weights, left, stages[-1].met if stages else published, gap)
        if found is None:
            return Timetable(Status.INFEASIBLE, 0, 0, time.monotonic() - began, (), _refused(problem, {}))
        program.keep(weights, found.value)
        stages.append(found)
    moved = sum(stages[-1].met.get(wish) != slot for wish, slot in published.items())
    proven = all(stage.optimal for stage in stages)
    return _timetable(problem, stages[-1], proven, began, moved, len(published) - int(stages[1].bound))


def _timetable(
    problem: Problem, found: Solved, proven: bool, began: float, moved: int = 0, moved_bound: int = 0
) -> Timetable:
    meetings = tuple(give_out(problem, found.met))
    objective = sum(problem.wishes[wish].priority for wish in found.met)
    return Timetable(
        Status.OPTIMAL if proven else Status.FEASIBLE,
        objective,
        max(found.bound, objective),
        time.monotonic() - began,
        meetings,
        tuple(unmet(problem, meetings)),
        moved,
        min(moved, moved_bound),
    )


def _impossible_pins(problem: Problem) -> Iterator[tuple[str, str]]:
    wishes = Counter(pin.wish for pin in problem.pinned)
    rooms = Counter((pin.slot, pin.room) for pin in problem.pinned)
    for pin in problem.pinned:
        wish = problem.wishes[pin.wish]
        if wishes[pin.wish] > 1:
            yield pin.wish, "It is pinned to more than one place."
        elif rooms[pin.slot, pin.room] > 1:
            yield pin.wish, f"Another meeting is pinned to {pin.room} in {pin.slot}."
        elif pin.slot not in problem.rooms[pin.room]:
            yield pin.wish, f"It is pinned to {pin.room}, which is not there in {pin.slot}."
        elif away := sorted(d for d in wish.delegations if (d, pin.slot) in problem.absences):
            yield pin.wish, f"It is pinned to {pin.slot}, when {', '.join(away)} is absent."
        elif pin.slot not in problem.present(wish):
            yield pin.wish, f"It is pinned to {pin.slot}, which the wish does not allow."


def _refused(problem: Problem, wrong: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    clash = "No timetable keeps all pins: pinned meetings of one delegation fall together."
    rest = "Nothing was placed, for a pin cannot be kept." if wrong else clash
    return tuple((wish, wrong.get(wish, rest)) for wish in problem.wishes)
