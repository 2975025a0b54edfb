"""Every event carries a decision; one without is refused."""

from __future__ import annotations

import pytest

from comity.core.actor import Actor
from comity.live.access import Seat, connecting, decision_of, handlers, joined, seated
from comity.live.namespace import ConsultationEvents

ADMITTED = Seat("s1", Actor(1, "Anton Muster", "en", "Europe/Vienna"), 1)
WATCHING = Seat("s2", Actor(1, "Anton Muster", "en", "Europe/Vienna"), 1, topic="consultation:x")


def test_every_handler_carries_a_decision() -> None:
    found = dict(handlers(ConsultationEvents))
    assert set(found) == {
        "connect", "disconnect", "join", "read_after", "post", "read", "typing", "draft", "leave",
    }  # fmt: skip
    assert [event for event, handler in found.items() if decision_of(handler) is None] == []


@pytest.mark.parametrize(
    ("event", "decision"),
    [("join", seated), ("leave", seated), *((e, joined) for e in ("read_after", "post", "read", "typing", "draft"))],
)
def test_what_each_event_asks_for(event: str, decision: object) -> None:
    assert decision_of(dict(handlers(ConsultationEvents))[event]) is decision


def test_decisions() -> None:
    assert [connecting(None), seated(None), joined(None)] == [True, False, False]
    assert [seated(ADMITTED), joined(ADMITTED)] == [True, False]
    assert [seated(WATCHING), joined(WATCHING)] == [True, True]
