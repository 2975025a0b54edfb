"""Why a wish was not met, in words: what stands in the way in each slot that it could have had. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from comity.sessions.margins.problem import Placed, Problem, Slot, Wish, overlapping

_MOST_NAMED = 4


def unmet(problem: Problem, placed: Sequence[Placed]) -> Iterator[tuple[str, str]]:
    """Each wish that has no meeting, with the reason in English."""
    met = {place.wish for place in placed}
    busy = _busy(problem, placed)
    taken = Counter(place.slot for place in placed)
    for wish in problem.wishes.values():
        if wish.id not in met:
            yield wish.id, _reason(problem, wish, busy, taken)


def _busy(problem: Problem, placed: Sequence[Placed]) -> dict[tuple[str, str], str]:
    also: dict[str, list[str]] = {slot: [slot] for slot in problem.slots}
    for one, other in overlapping(tuple(problem.slots.values())):
        also[one].append(other)
        also[other].append(one)
    return {
        (delegation, slot): place.wish
        for place in placed
        for slot in also[place.slot]
        for delegation in problem.wishes[place.wish].delegations
    }


def _reason(problem: Problem, wish: Wish, busy: Mapping[tuple[str, str], str], taken: Mapping[str, int]) -> str:
    allowed = [slot for slot in problem.slots if wish.slots is None or slot in wish.slots]
    if not allowed:
        return "The wish allows no slot."
    there = problem.present(wish)
    if not there:
        away = sorted({d for d in wish.delegations for slot in allowed if (d, slot) in problem.absences})
        return f"In every slot that the wish allows somebody is absent ({', '.join(away)})."
    free = [slot for slot in there if not any((d, slot) in busy for d in wish.delegations)]
    if free:
        named = _named(problem, free)
        only = "all are free only" if len(free) < len(problem.slots) else "all are free"
        words = "no room is there" if not any(problem.rooms_by_slot[slot] for slot in free) else "all rooms are taken"
        return f"When all are there, {only} on {named}, and {words} then."
    held = Counter(d for slot in there for d in wish.delegations if (d, slot) in busy)
    who = ", ".join(f"{delegation} in {count}" for delegation, count in held.most_common())
    return (
        f"All are there in {len(there)} of {len(problem.slots)} slots ({_named(problem, there)}), "
        f"and in each of them one has another meeting that weighs as much or more ({who})."
    )


def _named(problem: Problem, slots: Sequence[str]) -> str:
    words = [_words(problem.slots[slot]) for slot in slots[:_MOST_NAMED]]
    more = len(slots) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")


def _words(slot: Slot) -> str:
    return f"{slot.start:%A %H:%M}" if isinstance(slot.start, datetime) else slot.id
