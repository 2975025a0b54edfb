"""Accounts and hashers for the tests of people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from comity.core.db import Database
from comity.people.hashing import ArgonHasher
from comity.people.models import Account
from comity.people.services import accept_invitation, create_account, invite
from tests.support.clock import SetClock


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
def member(quick: Flask, link: str, clock: SetClock, hasher: ArgonHasher, password: str) -> str:
    """The address of Amina Diallo, who has accepted."""
    with quick.extensions["comity"].db.writing() as session:
        token = link.rpartition("/")[2]
        return accept_invitation(session, token, hasher.hash(password), clock.now()).email
