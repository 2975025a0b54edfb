"""A margins round as a problem: slots, rooms, delegations, absences, wishes, pins. Parsed and checked. Pure.

The document is the one that `comity margins solve` reads; see `parse`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class ProblemError(ValueError):
    """Something in the document that cannot be used. where: for example `wishes[3].delegations`."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which meetings can take place. start, end: aware, or None where the document gives none."""

    id: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish to meet. delegations: two or more. priority: 1 to 5, 5 weighs most. slots: None for any."""

    id: str
    delegations: frozenset[str]
    priority: int
    slots: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A meeting in its place."""

    wish: str
    slot: str
    room: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole round. rooms: room to the slots it is there in. absences: (delegation, slot).

    pinned: must take place there. previous: the timetable that was published; it is to change as little as possible.
    """

    slots: Mapping[str, Slot]
    rooms: Mapping[str, frozenset[str]]
    delegations: frozenset[str]
    absences: frozenset[tuple[str, str]]
    wishes: Mapping[str, Wish]
    pinned: tuple[Placed, ...] = ()
    previous: tuple[Placed, ...] = ()
    rooms_by_slot: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        there = {slot: tuple(room for room, open_ in self.rooms.items() if slot in open_) for slot in self.slots}
        object.__setattr__(self, "rooms_by_slot", there)

    def present(self, wish: Wish) -> tuple[str, ...]:
        """The slots at which all delegations of a wish are there and that it allows, in the order of the document."""
        return tuple(
            slot
            for slot in self.slots
            if (wish.slots is None or slot in wish.slots)
            and not any((delegation, slot) in self.absences for delegation in wish.delegations)
        )


def parse(document: object) -> Problem:
    """The problem of a JSON document.

    `slots` [{id, start, end}], `rooms` [{id, slots?}], `delegations` [{id}], `absences` [{delegation, slot}],
    `wishes` [{id, delegations, priority, slots?}], `pinned` and `previous` [{wish, slot, room}]; start and end are
    ISO 8601 with an offset. Raises ProblemError for the first thing that cannot be used.
    """
    if not isinstance(document, dict):
        raise ProblemError("document", "must be an object")
    slots = {slot.id: slot for slot in (_slot(raw, where) for where, raw in _rows(document, "slots"))}
    _refuse_repeats(document, "slots")
    rooms = {
        _text(raw, "id", where): _named(raw, "slots", where, slots.keys()) if "slots" in raw else frozenset(slots)
        for where, raw in _rows(document, "rooms")
    }
    _refuse_repeats(document, "rooms")
    delegations = frozenset(_text(raw, "id", where) for where, raw in _rows(document, "delegations"))
    _refuse_repeats(document, "delegations")
    absences = frozenset(
        (_known(raw, "delegation", where, delegations), _known(raw, "slot", where, slots.keys()))
        for where, raw in _rows(document, "absences")
    )
    wishes = {w.id: w for w in (_wish(raw, at, delegations, slots.keys()) for at, raw in _rows(document, "wishes"))}
    _refuse_repeats(document, "wishes")

    def places(name: str) -> tuple[Placed, ...]:
        return tuple(
            Placed(
                _known(raw, "wish", where, wishes.keys()),
                _known(raw, "slot", where, slots.keys()),
                _known(raw, "room", where, rooms.keys()),
            )
            for where, raw in _rows(document, name)
        )

    return Problem(slots, rooms, delegations, absences, wishes, places("pinned"), places("previous"))


def _rows(document: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    rows = document.get(name, [])
    if not isinstance(rows, list):
        raise ProblemError(name, "must be a list")
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise ProblemError(f"{name}[{number}]", "must be an object")
    return [(f"{name}[{number}]", row) for number, row in enumerate(rows)]


def _refuse_repeats(document: Mapping[str, Any], name: str) -> None:
    seen: set[str] = set()
    for where, row in _rows(document, name):
        if row["id"] in seen:
            raise ProblemError(f"{where}.id", f"{row['id']!r} stands there twice")
        seen.add(row["id"])


def _text(raw: Mapping[str, Any], name: str, where: str) -> str:
    found = raw.get(name)
    if not isinstance(found, str) or not found:
        raise ProblemError(f"{where}.{name}", f"must be a text, not {found!r}")
    return found


def _known(raw: Mapping[str, Any], name: str, where: str, known: object) -> str:
    found = _text(raw, name, where)
    if found not in known:  # type: ignore[operator]
        raise ProblemError(f"{where}.{name}", f"{found!r} is unknown")
    return found


def _named(raw: Mapping[str, Any], name: str, where: str, known: object) -> frozenset[str]:
    found = raw[name]
    if not isinstance(found, list):
        raise ProblemError(f"{where}.{name}", "must be a list")
    return frozenset(_known({"item": item}, "item", f"{where}.{name}", known) for item in found)


def _slot(raw: Mapping[str, Any], where: str) -> Slot:
    start, end = (_instant(raw, name, where) for name in ("start", "end"))
    if start and end and end <= start:
        raise ProblemError(f"{where}.end", "does not lie after the start")
    return Slot(_text(raw, "id", where), start, end)


def _instant(raw: Mapping[str, Any], name: str, where: str) -> datetime | None:
    if raw.get(name) is None:
        return None
    try:
        found = datetime.fromisoformat(_text(raw, name, where))
    except ValueError as error:
        raise ProblemError(f"{where}.{name}", f"must be ISO 8601, not {raw[name]!r}") from error
    if found.tzinfo is None:
        raise ProblemError(f"{where}.{name}", "needs an offset from UTC")
    return found


def _wish(raw: Mapping[str, Any], where: str, delegations: frozenset[str], slots: object) -> Wish:
    who = _named(raw, "delegations", where, delegations) if "delegations" in raw else frozenset()
    if len(who) < 2:
        raise ProblemError(f"{where}.delegations", "must name two or more")
    priority = raw.get("priority")
    if not isinstance(priority, int) or isinstance(priority, bool) or not 1 <= priority <= 5:
        raise ProblemError(f"{where}.priority", f"must be 1 to 5, not {priority!r}")
    wanted = _named(raw, "slots", where, slots) if raw.get("slots") is not None else None
    return Wish(_text(raw, "id", where), who, priority, wanted)


def overlapping(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    """Pairs of slots that overlap in time: nobody can be in both. Slots without times overlap nothing."""
    timed = sorted(
        ((slot.start, slot.end, slot.id) for slot in slots if slot.start and slot.end), key=lambda slot: slot[0]
    )
    return [
        (one[2], other[2]) for number, one in enumerate(timed) for other in timed[number + 1 :] if other[0] < one[1]
    ]
