"""The unit of work on both engines."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError

from comity.core import outbox
from comity.core.db import Database
from comity.people.models import Invitation

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def _mail(session: object, to: str = "a@x.example", now: datetime = NOW) -> outbox.OutboxMail:
    return outbox.enqueue(
        session, to=to, name="A", subject="S", body="B", language="en", domain="x.example", now=now  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_error_rolls_everything_back(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            _mail(session)
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(outbox.OutboxMail)) == 0


def test_after_commit_is_not_called_for_what_was_rolled_back(database: Database) -> None:
    calls: list[object] = []
    database.after_commit(calls.append)

    def fail() -> None:
        with database.writing() as session:
            _mail(session)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert calls == []


def test_instants_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    bangkok = timezone(timedelta(hours=7))
    with database.writing() as session:
        mail = _mail(session, now=NOW.astimezone(bangkok))
    with database.reading() as session:
        found = session.get_one(outbox.OutboxMail, mail.id)
        assert found.created_at == NOW
        assert found.created_at.tzinfo is UTC

    def naive() -> None:
        with database.writing() as session:
            _mail(session, now=NOW.replace(tzinfo=None))

    with pytest.raises(StatementError):
        naive()


def test_a_reader_sees_one_snapshot_while_others_write(sqlite: Database) -> None:
    count = select(func.count()).select_from(outbox.OutboxMail)
    with sqlite.reading() as reader:
        assert reader.scalar(count) == 0
        with sqlite.writing() as session:
            _mail(session)
        assert reader.scalar(count) == 0
    with sqlite.reading() as reader:
        assert reader.scalar(count) == 1


def test_concurrent_writers_wait_for_each_other_and_none_fails(database: Database) -> None:
    failures: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(20):
                with database.writing() as session:
                    before = session.scalar(select(func.count()).select_from(outbox.OutboxMail)) or 0
                    _mail(session, to=f"{before}@x.example")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert (failures, session.scalar(select(func.count()).select_from(outbox.OutboxMail))) == ([], 160)


def test_foreign_keys_are_kept(database: Database) -> None:
    def orphan() -> None:
        with database.writing() as session:
            session.add(Invitation(account_id=404, token_digest="x", created_at=NOW, expires_at=NOW))

    with pytest.raises(IntegrityError):
        orphan()
