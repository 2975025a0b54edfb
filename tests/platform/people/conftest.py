"""Accounts and hashers for the tests of people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from comity.core.db import Database
from comity.people.factors.codes import code_at
from comity.people.factors.sealing import seal
from comity.people.factors.services import add_authenticator
from comity.people.hashing import ArgonHasher
from comity.people.models import Account
from comity.people.services import accept_invitation, create_account, find_account, invite
from tests.support.application import Visitor
from tests.support.clock import SetClock

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's examples, "12345678901234567890"."""

ComeIn = Callable[..., TestResponse]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def password() -> str:
    """The password of `account`."""
    return "lantern orchard gravel tide"


@pytest.fixture(scope="session")
def hasher() -> ArgonHasher:
    """argon2id with the least work it allows: the tests are about what is made of it."""
    return ArgonHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def account(database: Database, hasher: ArgonHasher, now: datetime, password: str) -> Account:
    """A person who has accepted an invitation."""
    with database.writing() as session:
        token = invite(session, "amina@example.org", "Amina Diallo", "fr", "Africa/Dakar", (), now)
        return accept_invitation(session, token, hasher.hash(password), now)


@pytest.fixture
def other(database: Database, now: datetime) -> Account:
    """Another person, who has no password."""
    with database.writing() as session:
        return create_account(
            session, email="li@example.org", display_name="Li Wei", locale="zh", zone="Asia/Shanghai", roles=(), now=now
        )


@pytest.fixture
def quick(application: Flask, hasher: ArgonHasher) -> Flask:
    """The application, with quick password hashes."""
    application.extensions["comity.hasher"] = hasher
    return application


@pytest.fixture
def link(quick: Flask, clock: SetClock) -> str:
    """The path of an invitation to Amina Diallo, who reads French."""
    with quick.extensions["comity"].db.writing() as session:
        token = invite(session, "amina@example.org", "Amina Diallo", "fr", "Africa/Dakar", (), clock.now())
    return f"/invitations/{token}"


@pytest.fixture
def newcomer(quick: Flask, link: str, clock: SetClock, hasher: ArgonHasher, password: str) -> str:
    """The address of Amina Diallo, who has accepted and has no second factor yet."""
    with quick.extensions["comity"].db.writing() as session:
        token = link.rpartition("/")[2]
        return accept_invitation(session, token, hasher.hash(password), clock.now()).email


@pytest.fixture
def member(quick: Flask, newcomer: str, clock: SetClock) -> str:
    """The address of Amina Diallo, who has accepted and set up one-time codes with `SECRET`."""
    services = quick.extensions["comity"]
    with services.db.writing() as session:
        account = find_account(session, newcomer)
        assert account is not None
        add_authenticator(
            session, account.id, sealed=seal(services.config.secret_key, account.id, SECRET), name="Telephone",
            code=code_at(SECRET, clock.now()), first=True, secret_key=services.config.secret_key, now=clock.now(),
        )  # fmt: skip
    return newcomer


@pytest.fixture
def next_code(clock: SetClock) -> Callable[[], str]:
    """Waits for the next code of `SECRET`, and reads it."""

    def read() -> str:
        clock.advance(timedelta(seconds=30))
        return code_at(SECRET, clock.now())

    return read


@pytest.fixture
def come_in(next_code: Callable[[], str]) -> ComeIn:
    """Both steps of `member` on a browser: returns the answer to the last one that was taken."""

    def walk(visitor: Visitor, email: str, password: str, onward: str = "/account") -> TestResponse:
        answer = visitor.post("/sign-in", {"email": email, "password": password, "next": onward})
        if answer.status_code != 303:
            return answer
        return visitor.post("/sign-in/code", {"code": next_code(), "next": onward})

    return walk
