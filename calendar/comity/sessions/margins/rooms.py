"""Giving rooms to the meetings of each slot: pinned ones, else those published before, else any that is free. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from comity.sessions.margins.problem import Placed, Problem


def give_out(problem: Problem, met: Mapping[str, str]) -> list[Placed]:
    """Meetings in rooms, in the order of slots and wishes.

    met: wish to slot, with no more meetings in a slot than rooms are there.
    """
    pinned = {pin.wish: pin.room for pin in problem.pinned}
    before = {place.wish: place.room for place in problem.previous if met.get(place.wish) == place.slot}
    placed: list[Placed] = []
    for slot in problem.slots:
        wishes = [wish for wish in problem.wishes if met.get(wish) == slot]
        placed += [Placed(wish, slot, room) for wish, room in _in_slot(problem, slot, wishes, pinned, before)]
    return placed


def _in_slot(
    problem: Problem, slot: str, wishes: list[str], pinned: Mapping[str, str], before: Mapping[str, str]
) -> list[tuple[str, str]]:
    free = dict.fromkeys(problem.rooms_by_slot[slot])
    rooms: dict[str, str] = {}
    for wanted in (pinned, before):
        for wish in wishes:
            room = wanted.get(wish)
            if wish not in rooms and room in free:
                rooms[wish] = room
                del free[room]
    rest = iter(free)
    return [(wish, rooms.get(wish) or next(rest)) for wish in wishes]
