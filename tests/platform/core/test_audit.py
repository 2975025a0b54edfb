"""Looks are written once for each person, post, way and address in fifteen minutes, on both engines."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from comity.core import journal
from comity.core.audit import Look, is_due, looks, record
from comity.core.db import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOOK = Look("consultation:larch", "access.page", 1, 2, "192.0.2.7")


def _record(database: Database, look: Look, after: timedelta = timedelta()) -> bool:
    with database.writing() as session:
        return record(session, look, NOW + after)


def test_once_in_fifteen_minutes(database: Database) -> None:
    minutes = (0, 1, 14, 15, 16, 29, 30, 300)
    written = [minute for minute in minutes if _record(database, LOOK, timedelta(minutes=minute))]
    assert written == [0, 15, 30, 300]
    with database.reading() as session:
        entries = journal.read(session, "audit:consultation:larch")
        assert [(e.kind, e.account_id, e.post_id, e.payload) for e in entries] == [
            ("access.page", 1, 2, {"from": "192.0.2.7"})
        ] * 4
        assert journal.position(session, LOOK.topic) == 0
        assert journal.first_break(session, LOOK.trail) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(LOOK, topic="consultation:elm"),
        replace(LOOK, kind="access.room"),
        replace(LOOK, account_id=9),
        replace(LOOK, post_id=9),
        replace(LOOK, origin="192.0.2.8"),
        replace(LOOK, origin=""),
        replace(LOOK, through="a client"),
    ],
)
def test_whatever_differs_is_written_too(database: Database, other: Look) -> None:
    assert _record(database, LOOK)
    assert _record(database, other, timedelta(minutes=1))
    assert not _record(database, other, timedelta(minutes=2))
    assert not _record(database, LOOK, timedelta(minutes=2))


def test_many_others_do_not_hide_an_earlier_look(sqlite: Database) -> None:
    _record(sqlite, LOOK)
    with sqlite.writing() as session:
        for number in range(130):
            record(session, replace(LOOK, account_id=100 + number), NOW + timedelta(minutes=1))
    assert not _record(sqlite, LOOK, timedelta(minutes=2))


def test_of_eight_at_once_one_writes(database: Database) -> None:
    written: list[bool] = []

    def look() -> None:
        written.append(_record(database, LOOK))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == [False] * 7 + [True]


def test_asking_writes_nothing_and_a_span_holds_its_beginning_alone(sqlite: Database) -> None:
    with sqlite.reading() as session:
        assert is_due(session, LOOK, NOW)
        assert journal.position(session, LOOK.trail) == 0
    for hours in (0, 1, 2):
        _record(sqlite, LOOK, timedelta(hours=hours))
    with sqlite.reading() as session:
        found = looks(session, LOOK.topic, NOW, NOW + timedelta(hours=2))
    assert [entry.at for entry in found] == [NOW, NOW + timedelta(hours=1)]
