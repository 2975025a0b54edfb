"""Two browsers that come with one recovery code at once, through the pages, on both databases: one is let in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from comity.core.db import Database
from comity.people.factors import codes
from comity.people.factors.models import Authenticator, RecoveryCode
from comity.people.factors.sealing import seal
from comity.people.factors.services import make_recovery_codes
from comity.people.hashing import ArgonHasher
from comity.people.models import Account, SignInSession
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock

ROUNDS = 5


@pytest.fixture
def web(database: Database, tmp_path: Path, clock: SetClock, hasher: ArgonHasher) -> Iterator[Flask]:
    application = make_application(database, tmp_path, clock)
    application.extensions["comity.hasher"] = hasher
    yield application
    application.extensions["comity"].db.dispose()


@pytest.fixture
def recovery(database: Database, account: Account, clock: SetClock) -> list[str]:
    """The codes of an account that is owed a second step."""
    now: datetime = clock.now()
    with database.writing() as session:
        key = "k" * 48
        session.add(
            Authenticator(
                account_id=account.id, sealed_secret=seal(key, account.id, codes.new_secret()), secret_digest="0" * 64,
                last_step=0, name="Telephone", created_at=now, used_at=now,
            )
        )  # fmt: skip
        return make_recovery_codes(session, account.id, now)


def test_one_of_two_is_let_in(
    web: Flask, database: Database, account: Account, recovery: list[str], password: str
) -> None:
    for number in range(ROUNDS):
        assert sorted(_together(web, account.email, password, recovery[number])) == [303, 422]
    with database.reading() as session:
        used = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_not(None))
        opened = select(func.count()).where(SignInSession.account_id == account.id)
        assert (session.scalar(used), session.scalar(opened)) == (ROUNDS, ROUNDS)


def _together(web: Flask, email: str, password: str, code: str) -> list[int]:
    """Two browsers at the second step send one code when both are ready: the answers."""
    ready = threading.Barrier(2)

    def come(browser: tuple[Visitor, str]) -> int:
        visitor, token = browser
        ready.wait(30)
        return visitor.client.post("/sign-in/code", data={"code": code, "csrf_token": token}).status_code

    browsers = [_at_the_second_step(web, email, password) for _one in range(2)]
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(come, browsers))


def _at_the_second_step(web: Flask, email: str, password: str) -> tuple[Visitor, str]:
    visitor = Visitor(web)
    assert visitor.post("/sign-in", {"email": email, "password": password}).location.startswith("/sign-in/code")
    return visitor, visitor.token("/sign-in/code")
