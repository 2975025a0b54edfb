"""Announcing after the commit: what went out is noted, and a failure is the announcement's alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.core import journal
from comity.core.actor import Actor
from comity.core.db import Database
from comity.live.access import Seat
from comity.live.announced import MemoryAnnounced
from comity.live.hub import Hub
from comity.live.presence import MemoryPresence
from comity.live.seats import Seats

NOW = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)


class Wire:
    """Socket.IO's sending side, which is outside this process's hands. broken: as when Redis is away."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, object, str]] = []
        self.broken = False

    def emit(self, event: str, payload: object, *, namespace: str, to: str) -> None:
        if self.broken:
            raise ConnectionError
        self.sent.append((event, payload, to))


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def checked() -> list[Seat]:
    return []


@pytest.fixture
def hub(wire: Wire, sqlite: Database, checked: list[Seat]) -> Hub:
    made = Hub(wire, Seats(), MemoryPresence(), MemoryAnnounced(lambda: 0.0), checked.extend)
    sqlite.after_commit(made.committed)
    return made


def test_each_topic_is_announced_once_with_its_last_position(hub: Hub, wire: Wire, sqlite: Database) -> None:
    with sqlite.writing() as session:
        for topic in ("consultation:larch", "consultation:larch", "list:x"):
            journal.append(session, topic, "message", {}, now=NOW)
        assert wire.sent == []
    assert wire.sent == [("appended", {"consultation": "larch", "position": 2}, "consultation:larch")]
    assert hub.announced.missing([("consultation:larch", 2)]) == []


def test_what_was_rolled_back_is_not_announced(hub: Hub, wire: Wire, sqlite: Database) -> None:
    def fail() -> None:
        with sqlite.writing() as session:
            journal.append(session, "consultation:larch", "message", {}, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert wire.sent == []
    assert hub.announced.missing([("consultation:larch", 1)]) == [("consultation:larch", 1)]


def test_a_broken_wire_spoils_no_work_and_is_made_up_for(hub: Hub, wire: Wire, sqlite: Database) -> None:
    wire.broken = True
    with sqlite.writing() as session:
        journal.append(session, "consultation:larch", "message", {}, now=NOW)
    with sqlite.reading() as session:
        assert journal.position(session, "consultation:larch") == 1
    assert hub.announced.missing([("consultation:larch", 1)]) == [("consultation:larch", 1)]


def test_a_change_to_an_account_has_its_sockets_checked(hub: Hub, sqlite: Database, checked: list[Seat]) -> None:
    seats = [Seat(f"s{n}", Actor(n, "Somebody", "en", "UTC"), n) for n in (7, 8)]
    for seat in seats:
        hub.seats.take(seat)
    with sqlite.writing() as session:
        journal.append(session, "account:7", "account.signed-out", {}, now=NOW)
    assert [seat.sid for seat in checked] == ["s7"]
