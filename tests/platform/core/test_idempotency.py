"""One key, one effect: repeats, other requests, two at once, and what a killed process leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.core.db import Database
from comity.core.idempotency import KEPT, Attempt, Repeated, claim, forget_old, keep, release
from comity.core.problems import KeyReused, StillAnswering

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ONE = Attempt("7:registry", "key-1", b"[1]")
OTHER = Attempt("7:registry", "key-1", b"[2]")
ANSWER = Repeated(201, {"position": 2}, {"Location": "/x"})


def _claim(database: Database, attempt: Attempt = ONE, now: datetime = NOW) -> str | Repeated:
    with database.writing() as session:
        return claim(session, attempt, now)


def _keep(database: Database, mine: str | Repeated) -> None:
    assert isinstance(mine, str)
    with database.writing() as session:
        keep(session, ONE, mine, ANSWER)


def test_a_repeat_gets_the_first_answer(database: Database) -> None:
    _keep(database, _claim(database))
    assert _claim(database) == ANSWER
    with pytest.raises(KeyReused):
        _claim(database, OTHER)
    assert isinstance(_claim(database, Attempt("8:registry", "key-1", b"[1]")), str), "a key belongs to its owner"


def test_two_at_once(database: Database) -> None:
    _claim(database)
    with pytest.raises(StillAnswering):
        _claim(database, now=NOW + 59 * SECOND)


def test_a_claim_that_was_left_is_taken_over_and_its_owner_undone(database: Database) -> None:
    left = _claim(database)
    later = _claim(database, now=NOW + 60 * SECOND)
    with pytest.raises(StillAnswering):
        _keep(database, left)
    _keep(database, later)
    assert _claim(database, now=NOW + 61 * SECOND) == ANSWER


def test_what_failed_may_be_tried_again(database: Database) -> None:
    mine = _claim(database)
    assert isinstance(mine, str)
    with database.writing() as session:
        release(session, ONE, mine)
    assert isinstance(_claim(database, OTHER), str)


def test_a_kept_answer_is_not_released(database: Database) -> None:
    mine = _claim(database)
    _keep(database, mine)
    with database.writing() as session:
        release(session, ONE, str(mine))
    assert _claim(database) == ANSWER


def test_after_a_day_a_key_is_free(database: Database) -> None:
    _keep(database, _claim(database))
    assert _claim(database, now=NOW + KEPT - SECOND) == ANSWER
    with database.writing() as session:
        assert forget_old(session, NOW + KEPT - SECOND) == 0
    assert isinstance(_claim(database, OTHER, NOW + KEPT), str)
    with database.writing() as session:
        assert forget_old(session, NOW + 2 * KEPT) == 1
