"""The margins timetable: every rule kept, proven best, explained, and changed as little as possible."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.sessions.margins.problem import parse
from comity.sessions.margins.solving import solve
from tests.support.margins import best_by_trying, faults, generated

Document = dict[str, Any]


def _solved(document: Document) -> Document:
    answer = solve(parse(document)).document()
    assert faults(document, answer) == []
    return answer


def _round(**changes: Any) -> Document:
    document: Document = {
        "slots": [{"id": "tue", "start": "2026-10-13T13:00+02:00", "end": "2026-10-13T13:40+02:00"}, {"id": "wed"}],
        "rooms": [{"id": "C1"}],
        "delegations": [{"id": name} for name in ("AT", "TH", "BR", "JO")],
        "absences": [],
        "wishes": [{"id": "one", "delegations": ["AT", "TH"], "priority": 3}],
    }
    return {**document, **changes}


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000),
    st.integers(2, 5),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(0, 4),
)
def test_small_rounds_are_as_good_as_trying_everything(
    seed: int, delegations: int, wishes: int, slots: int, rooms: int, absences: int
) -> None:
    delegations = max(delegations, 3)
    document = generated(seed, delegations=delegations, wishes=wishes, slots=slots, rooms=rooms, absences=absences)
    answer = _solved(document)
    assert answer["status"] == "optimal"
    assert answer["objective"] == answer["bound"] == best_by_trying(document)


def test_a_whole_conference_is_proven_within_a_hundredth() -> None:
    document = generated(7, delegations=193, wishes=1200, slots=44, rooms=20, absences=150)
    answer = _solved(document)
    assert answer["objective"] >= 0.99 * answer["bound"]
    assert len(answer["meetings"]) > 600


def test_five_absences_move_no_more_than_is_proven_necessary() -> None:
    document = generated(11, delegations=60, wishes=240, slots=20, rooms=14)
    published = _solved(document)["meetings"]
    busy = [meeting for meeting in published if meeting["slot"] == "S3"][:5]
    wishes = {wish["id"]: wish for wish in document["wishes"]}
    absences = [{"delegation": wishes[meeting["wish"]]["delegations"][0], "slot": "S3"} for meeting in busy]
    answer = _solved({**document, "absences": absences, "previous": published})
    assert answer["status"] == "optimal"
    assert answer["moved"] == answer["moved_bound"]
    assert answer["moved"] >= 5
    assert answer["moved"] <= 2 * len(absences)


def test_nothing_moves_when_nothing_changed() -> None:
    document = generated(3, delegations=12, wishes=40, slots=6, rooms=3)
    published = _solved(document)["meetings"]
    answer = _solved({**document, "previous": published})
    assert answer["moved"] == 0
    assert sorted(map(str, answer["meetings"])) == sorted(map(str, published))


def test_a_pin_is_kept_against_what_would_be_better() -> None:
    wishes = [
        {"id": "low", "delegations": ["AT", "TH"], "priority": 1},
        {"id": "high", "delegations": ["AT", "BR"], "priority": 5, "slots": ["tue"]},
    ]
    document = _round(wishes=wishes, pinned=[{"wish": "low", "slot": "tue", "room": "C1"}])
    assert [meeting["wish"] for meeting in _solved(document)["meetings"]] == ["low"]


PINS = [
    ([("one", "tue", "C1"), ("one", "wed", "C1")], {}, "more than one place"),
    ([("one", "tue", "C1"), ("two", "tue", "C1")], {}, "Another meeting"),
    ([("one", "tue", "C1")], {"absences": [{"delegation": "TH", "slot": "tue"}]}, "TH is absent"),
    ([("one", "tue", "C1")], {"rooms": [{"id": "C1", "slots": ["wed"]}]}, "is not there"),
    ([("three", "tue", "C1")], {}, "does not allow"),
    ([("one", "tue", "C1"), ("two", "tue", "C2")], {"rooms": [{"id": "C1"}, {"id": "C2"}]}, "fall together"),
]


@pytest.mark.parametrize(("pins", "changes", "reason"), PINS)
def test_pins_that_cannot_be_kept_are_named(pins: list[tuple[str, str, str]], changes: Document, reason: str) -> None:
    wishes = [
        {"id": "one", "delegations": ["AT", "TH"], "priority": 3},
        {"id": "two", "delegations": ["AT", "BR"], "priority": 3},
        {"id": "three", "delegations": ["BR", "JO"], "priority": 3, "slots": ["wed"]},
    ]
    pinned = [{"wish": wish, "slot": slot, "room": room} for wish, slot, room in pins]
    answer = _solved(_round(wishes=wishes, pinned=pinned, **changes))
    assert answer["status"] == "infeasible"
    assert answer["meetings"] == []
    assert reason in " ".join(row["reason"] for row in answer["unmet"])


REASONS = [
    ({"absences": [{"delegation": "TH", "slot": slot} for slot in ("tue", "wed")]}, "absent (TH)"),
    ({"rooms": []}, "no room is there"),
    ({"wishes": [{"id": "one", "delegations": ["AT", "TH"], "priority": 1, "slots": []}]}, "allows no slot"),
    (
        {
            "wishes": [
                {"id": "one", "delegations": ["AT", "TH"], "priority": 1, "slots": ["tue"]},
                {"id": "two", "delegations": ["BR", "JO"], "priority": 5, "slots": ["tue"]},
            ]
        },
        "all are free only on Tuesday 13:00, and all rooms are taken",
    ),
    (
        {
            "wishes": [
                {"id": "one", "delegations": ["AT", "TH"], "priority": 1, "slots": ["tue"]},
                {"id": "two", "delegations": ["AT", "JO"], "priority": 5, "slots": ["tue"]},
            ],
            "rooms": [{"id": "C1"}, {"id": "C2"}],
        },
        "another meeting that weighs as much or more (AT in 1)",
    ),
]


@pytest.mark.parametrize(("changes", "reason"), REASONS)
def test_each_unmet_wish_is_explained(changes: Document, reason: str) -> None:
    [row] = _solved(_round(**changes))["unmet"]
    assert row["wish"] == "one"
    assert reason in row["reason"]


def test_nobody_is_in_two_slots_that_overlap() -> None:
    slots = [
        {"id": "tue", "start": "2026-10-13T13:00Z", "end": "2026-10-13T14:00Z"},
        {"id": "wed", "start": "2026-10-13T13:30Z", "end": "2026-10-13T14:30Z"},
    ]
    wishes = [{"id": name, "delegations": ["AT", other], "priority": 3} for name, other in (("a", "TH"), ("b", "BR"))]
    assert len(_solved(_round(slots=slots, wishes=wishes))["meetings"]) == 1
