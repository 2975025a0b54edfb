"""Rounds to solve, and a checker of timetables that shares no code with the solver."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

Document = dict[str, Any]
_START = datetime(2026, 10, 12, 6, 30, tzinfo=UTC)


def generated(seed: int, *, delegations: int, wishes: int, slots: int, rooms: int, absences: int = 0) -> Document:
    """A round as a document; the same for the same seed. Some delegations are asked for far more than others."""
    draw = random.Random(seed)
    names = [f"D{number}" for number in range(delegations)]
    weights = [1 / (1 + number / 10) for number in range(delegations)]
    asked: list[Document] = []
    for number in range(wishes):
        size = 2 if draw.random() < 0.9 else 3
        who: set[str] = set()
        while len(who) < size:
            who.add(draw.choices(names, weights)[0])
        wish: Document = {"id": f"W{number}", "delegations": sorted(who), "priority": draw.randint(1, 5)}
        if draw.random() < 0.2:
            wish["slots"] = sorted({f"S{draw.randrange(slots)}" for _ in range(max(2, slots // 4))})
        asked.append(wish)
    return {
        "slots": [
            {
                "id": f"S{number}",
                "start": (_START + timedelta(minutes=45 * number)).isoformat(),
                "end": (_START + timedelta(minutes=45 * number + 40)).isoformat(),
            }
            for number in range(slots)
        ],
        "rooms": [{"id": f"R{number}"} for number in range(rooms)],
        "delegations": [{"id": name} for name in names],
        "absences": [{"delegation": draw.choice(names), "slot": f"S{draw.randrange(slots)}"} for _ in range(absences)],
        "wishes": asked,
        "pinned": [],
        "previous": [],
    }


def faults(document: Document, answer: Document) -> list[str]:
    """What is wrong with an answer, in words; empty when all rules are kept."""
    wishes = {wish["id"]: wish for wish in document["wishes"]}
    rooms = {room["id"]: room.get("slots") for room in document["rooms"]}
    away = {(absence["delegation"], absence["slot"]) for absence in document.get("absences", [])}
    found: list[str] = []
    who: Counter[tuple[str, str]] = Counter()
    where: Counter[tuple[str, str]] = Counter()
    met: Counter[str] = Counter()
    for meeting in answer["meetings"]:
        wish, slot, room = wishes[meeting["wish"]], meeting["slot"], meeting["room"]
        met[wish["id"]] += 1
        where[room, slot] += 1
        if wish.get("slots") is not None and slot not in wish["slots"]:
            found.append(f"{wish['id']} does not allow {slot}")
        if rooms[room] is not None and slot not in rooms[room]:
            found.append(f"{room} is not there in {slot}")
        for delegation in wish["delegations"]:
            who[delegation, slot] += 1
            if (delegation, slot) in away:
                found.append(f"{delegation} is absent in {slot}")
    for counted, words in ((who, "in two meetings"), (where, "given twice"), (met, "met twice")):
        found += [f"{thing}: {words}" for thing, times in counted.items() if times > 1]
    placed = {(meeting["wish"], meeting["slot"], meeting["room"]) for meeting in answer["meetings"]}
    for pin in document.get("pinned", []):
        if answer["status"] != "infeasible" and (pin["wish"], pin["slot"], pin["room"]) not in placed:
            found.append(f"{pin['wish']} is not where it is pinned")
    if sorted(wishes) != sorted([*met, *(row["wish"] for row in answer["unmet"])]):
        found.append("met and unmet are not all wishes")
    if answer["objective"] != sum(wishes[wish]["priority"] for wish in met):
        found.append("the objective is not the sum of priorities")
    return found


def best_by_trying(document: Document) -> int:
    """The largest sum of priorities, by trying everything: for small rounds alone."""
    slots = [slot["id"] for slot in document["slots"]]
    places = {
        slot: sum(room.get("slots") is None or slot in room["slots"] for room in document["rooms"]) for slot in slots
    }
    away = {(absence["delegation"], absence["slot"]) for absence in document.get("absences", [])}

    def best(rest: list[Document], busy: frozenset[tuple[str, str]], full: tuple[tuple[str, int], ...]) -> int:
        if not rest:
            return 0
        wish, *others = rest
        taken = dict(full)
        value = best(others, busy, full)
        for slot in slots:
            seats = {(delegation, slot) for delegation in wish["delegations"]}
            allowed = wish.get("slots") is None or slot in wish["slots"]
            if allowed and taken.get(slot, 0) < places[slot] and not seats & busy and not seats & away:
                more = tuple(sorted({**taken, slot: taken.get(slot, 0) + 1}.items()))
                value = max(value, int(wish["priority"]) + best(others, busy | seats, more))
        return value

    return best(list(document["wishes"]), frozenset(), ())
