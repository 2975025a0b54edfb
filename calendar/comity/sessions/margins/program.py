"""The margins timetable as an integer program for HiGHS.

A variable says that a wish is met in a slot. Rooms do not appear: in one slot any of the rooms that are there will do,
so a slot has as many places as rooms, and rooms are given out afterwards (`rooms.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from comity.sessions.margins.problem import Problem, overlapping

Place = tuple[str, str]
"""A wish and a slot."""
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found. met: wish to slot. value, bound: of the objective, proven; equal when optimal."""

    met: Mapping[str, str]
    value: float
    bound: float
    optimal: bool


class Program:
    """The rules of a round; solved for one objective after the other, each keeping what the ones before reached."""

    def __init__(self, problem: Problem) -> None:
        self.places = [(wish.id, slot) for wish in problem.wishes.values() for slot in problem.present(wish)]
        self._at = {place: number for number, place in enumerate(self.places)}
        self._rows: list[tuple[float, list[int], list[float]]] = []
        self._pin(problem)
        self._limit(problem)
        self._highs = self._build()

    def solve(
        self, weights: Mapping[Place, float], seconds: float, start: Mapping[str, str] | None = None, gap: float = 0.0
    ) -> Solved | None:
        """The timetable of the largest sum of weights, or None when no timetable keeps the rules or time is up.

        weights: 0 where not given; whole numbers. seconds: at most. start: a timetable to begin from. gap: what may be
        missing to the bound, as a share of it.
        """
        costs = np.array([weights.get(place, 0.0) for place in self.places], dtype=np.float64)
        if not len(self.places):
            return Solved({}, 0.0, 0.0, optimal=True)
        self._highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.setOptionValue("time_limit", float(self._highs.getRunTime() + seconds))
        if start:
            self._begin_from(start)
        self._highs.run()
        info = self._highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = self._highs.getSolution().col_value
        met = {wish: slot for number, (wish, slot) in enumerate(self.places) if values[number] > 0.5}
        value = sum(weights.get(place, 0.0) for place in met.items())
        bound = min(np.floor(info.mip_dual_bound + _TOLERANCE), sum(max(best, 0.0) for best in self._best(weights)))
        return Solved(met, value, max(float(bound), value), bool(bound <= value))

    def keep(self, weights: Mapping[Place, float], at_least: float) -> None:
        """Let no later solution have less than this sum of weights."""
        numbers = [self._at[place] for place, weight in weights.items() if weight and place in self._at]
        values = [weights[self.places[number]] for number in numbers]
        self._highs.addRow(
            at_least, highspy.kHighsInf, len(numbers), np.array(numbers, np.int32), np.array(values, np.float64)
        )

    def _best(self, weights: Mapping[Place, float]) -> Iterable[float]:
        best: dict[str, float] = {}
        for wish, slot in self.places:
            best[wish] = max(best.get(wish, 0.0), weights.get((wish, slot), 0.0))
        return best.values()

    def _begin_from(self, start: Mapping[str, str]) -> None:
        numbers = np.arange(len(self.places), dtype=np.int32)
        values = np.array([float(start.get(wish) == slot) for wish, slot in self.places], dtype=np.float64)
        self._highs.setSolution(len(numbers), numbers, values)

    def _pin(self, problem: Problem) -> None:
        self._pinned = [self._at[(pin.wish, pin.slot)] for pin in problem.pinned]

    def _limit(self, problem: Problem) -> None:
        by_wish: dict[str, list[int]] = defaultdict(list)
        by_slot: dict[str, list[int]] = defaultdict(list)
        by_delegation: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (wish, slot) in enumerate(self.places):
            by_wish[wish].append(number)
            by_slot[slot].append(number)
            for delegation in problem.wishes[wish].delegations:
                by_delegation[delegation, slot].append(number)
        for one, other in overlapping(tuple(problem.slots.values())):
            for delegation in problem.delegations:
                self._at_most(1, by_delegation[delegation, one] + by_delegation[delegation, other])
        for numbers in (*by_wish.values(), *by_delegation.values()):
            self._at_most(1, numbers)
        for slot, numbers in by_slot.items():
            self._at_most(len(problem.rooms_by_slot[slot]), numbers)

    def _at_most(self, most: int, numbers: Sequence[int]) -> None:
        if len(numbers) > most:
            self._rows.append((float(most), list(numbers), [1.0] * len(numbers)))

    def _build(self) -> highspy.Highs:
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.silent()
        highs.setOptionValue("threads", 1)  # with more, the same round gives another timetable each time
        highs.setOptionValue("random_seed", 0)
        count, rows = len(self.places), self._rows
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = count, len(rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.zeros(count)
        lower = np.zeros(count)
        lower[self._pinned] = 1.0
        lp.col_lower_, lp.col_upper_ = lower, np.ones(count)
        lp.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
        lp.row_upper_ = np.array([row[0] for row in rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[1]) for row in rows])]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([n for row in rows for n in row[1]], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([v for row in rows for v in row[2]], dtype=np.float64)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
        highs.passModel(lp)
        return highs
