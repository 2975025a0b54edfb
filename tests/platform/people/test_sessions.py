"""Sign-in sessions on both databases: found, kept alive, rotated, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.db import Database
from comity.core.errors import NotFound
from comity.people.events import Kind, Origin, topic
from comity.people.models import Account, SignInSession
from comity.people.rules import IDLE, LONGEST, OVERLAP, ROTATE_AFTER, Step
from comity.people.sessions import (
    Found,
    end_other_sessions,
    end_session,
    find_session,
    is_open,
    open_session,
    refresh,
    sessions_of,
)

HERE = Origin("192.0.2.7", "Mozilla/5.0 " + "x" * 400)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def token(database: Database, account: Account, now: datetime) -> str:
    with database.writing() as session:
        return open_session(session, account, HERE, now, method="password")


def _find(database: Database, token: str, now: datetime) -> Found | None:
    with database.reading() as session:
        return find_session(session, token, now)


def _refresh(database: Database, token: str, now: datetime) -> str | None:
    with database.writing() as session:
        return refresh(session, token, now)


def _rotated(database: Database, token: str, now: datetime) -> str:
    fresh = _refresh(database, token, now)
    assert fresh is not None
    return fresh


def test_a_token_opens_its_session_and_is_not_stored(
    database: Database, token: str, account: Account, now: datetime
) -> None:
    found = _find(database, token, now)
    assert found is not None
    assert (found.account.email, found.step) == (account.email, Step.NOTHING)
    assert _find(database, token[:-1], now) is None
    assert _find(database, "", now) is None
    with database.reading() as session:
        row = session.scalars(select(SignInSession)).one()
    assert token not in (row.token_digest, row.previous_digest)
    assert len(row.user_agent) == 300


def test_a_session_ends_when_nobody_uses_it(database: Database, token: str, now: datetime) -> None:
    assert _find(database, token, now + IDLE - MOMENT) is not None
    assert _find(database, token, now + IDLE) is None
    assert _refresh(database, token, now + IDLE) is None


def test_use_keeps_it_alive_up_to_the_longest(database: Database, token: str, now: datetime) -> None:
    at = now
    while at + IDLE < now + LONGEST:
        at += IDLE - MOMENT
        token = _refresh(database, token, at) or token
    assert _find(database, token, now + LONGEST - MOMENT) is not None
    assert _find(database, token, now + LONGEST) is None


@pytest.fixture
def next_day(database: Database, token: str, now: datetime) -> datetime:
    """A day later, with the session kept alive until then."""
    assert _refresh(database, token, now + ROTATE_AFTER / 2 - MOMENT) is None
    assert _refresh(database, token, now + ROTATE_AFTER - 2 * MOMENT) is None
    return now + ROTATE_AFTER


def test_a_daily_new_token_and_a_moment_for_the_one_before(database: Database, token: str, next_day: datetime) -> None:
    fresh = _rotated(database, token, next_day)
    assert fresh != token
    for still_good in (token, fresh):
        assert _find(database, still_good, next_day + OVERLAP / 2) is not None
        assert _refresh(database, still_good, next_day + OVERLAP / 2) is None
    assert _refresh(database, fresh, next_day + OVERLAP) is None
    assert _find(database, token, next_day + OVERLAP) is None
    assert _find(database, fresh, next_day + OVERLAP) is not None


def test_a_browser_that_never_got_the_new_token_is_not_thrown_out(
    database: Database, token: str, next_day: datetime
) -> None:
    lost = _rotated(database, token, next_day)
    later = next_day + 10 * OVERLAP
    fresh = _rotated(database, token, later)
    assert _find(database, lost, later) is None
    assert _refresh(database, fresh, later + OVERLAP) is None
    assert _find(database, token, later + OVERLAP) is None
    assert _find(database, fresh, later + OVERLAP) is not None


def test_an_ended_session_opens_nothing_and_ends_once(
    database: Database, token: str, account: Account, now: datetime
) -> None:
    found = _find(database, token, now)
    assert found is not None
    for _ in range(2):
        with database.writing() as session:
            end_session(session, account.id, found.id, now, Kind.SIGNED_OUT)
    assert _find(database, token, now) is None
    with database.reading() as session:
        assert not is_open(session, found.id, now)
        kinds = [entry.kind for entry in journal.read(session, topic(account.id))]
    assert kinds[-2:] == [Kind.SIGNED_IN, Kind.SIGNED_OUT]


def test_nobody_ends_the_session_of_another(database: Database, token: str, other: Account, now: datetime) -> None:
    found = _find(database, token, now)
    assert found is not None
    for session_id in (found.id, found.id + 1):
        with pytest.raises(NotFound), database.writing() as session:
            end_session(session, other.id, session_id, now, Kind.SESSION_ENDED)
    assert _find(database, token, now) is not None


def test_all_but_this_one_end_together(database: Database, token: str, account: Account, now: datetime) -> None:
    here = _find(database, token, now)
    assert here is not None
    with database.writing() as session:
        others = [open_session(session, account, Origin(), now + MOMENT, method="password") for _ in range(3)]
        assert len(sessions_of(session, account.id, now)) == 4
        assert end_other_sessions(session, account.id, now, keep=here.id) == 3
        assert [row.id for row in sessions_of(session, account.id, now)] == [here.id]
    assert [_find(database, gone, now) for gone in others] == [None] * 3


def test_a_closed_account_has_no_sessions(database: Database, token: str, account: Account, now: datetime) -> None:
    found = _find(database, token, now)
    assert found is not None
    with database.writing() as session:
        assert is_open(session, found.id, now)
        session.get_one(Account, account.id).closed_at = now
    assert _find(database, token, now) is None
    with database.reading() as session:
        assert not is_open(session, found.id, now)
