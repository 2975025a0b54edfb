"""Accounts and hashers for the tests of people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.core.db import Database
from comity.people.hashing import ArgonHasher
from comity.people.models import Account
from comity.people.services import accept_invitation, create_account, invite


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
