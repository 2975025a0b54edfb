"""Demonstration links: stable, secret, and for demonstration accounts alone."""

from __future__ import annotations

from datetime import datetime

import pytest

from comity.core.db import Database
from comity.core.errors import NotFound
from comity.people.demonstration import demonstration_token, find_demonstration
from comity.people.models import Account
from comity.people.services import create_account

SECRET = "s" * 32


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One kind is enough: nothing here depends on it."""
    return sqlite


@pytest.fixture
def demonstrator(database: Database, now: datetime) -> Account:
    with database.writing() as session:
        return create_account(
            session, email="officer@fr.example", display_name="O", locale="fr", zone="UTC", roles=(), now=now,
            demonstration=True,
        )  # fmt: skip


def test_a_link_is_the_same_at_each_start_and_differs_by_secret_and_person() -> None:
    token = demonstration_token(SECRET, "officer@fr.example")
    assert token == demonstration_token(SECRET, "officer@fr.example")
    assert len({token, demonstration_token("t" * 32, "officer@fr.example"), demonstration_token(SECRET, "x@y.z")}) == 3
    assert len(token) == 43


def test_it_finds_its_account_any_number_of_times(database: Database, demonstrator: Account) -> None:
    with database.reading() as session:
        for _ in range(2):
            assert (
                find_demonstration(session, SECRET, demonstration_token(SECRET, demonstrator.email)).id
                == demonstrator.id
            )


def test_it_finds_nobody_else(database: Database, demonstrator: Account, account: Account, now: datetime) -> None:
    closed = demonstration_token(SECRET, demonstrator.email)
    with database.writing() as session:
        session.get_one(Account, demonstrator.id).closed_at = now
    with database.reading() as session:
        for token in (demonstration_token(SECRET, account.email), closed, "", "é"):
            with pytest.raises(NotFound):
                find_demonstration(session, SECRET, token)
