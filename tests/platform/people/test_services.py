"""Invitations and passwords, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.actor import Role
from comity.core.db import Database
from comity.core.errors import Conflict, Invalid, NotFound
from comity.people.events import UNKNOWN_TOPIC, Kind, Origin, topic
from comity.people.hashing import ArgonHasher
from comity.people.models import Account, Invitation
from comity.people.rules import INVITATION_LASTS, InvitationState
from comity.people.services import (
    Checked,
    UnusableInvitation,
    accept_invitation,
    authenticate,
    check_password,
    clean_email,
    credentials,
    find_account,
    find_invitation,
    invite,
    new_password,
    set_password,
)
from comity.people.sessions import find_session, open_session, sessions_of
from comity.people.strength import WeakPassword

HERE = Origin("192.0.2.7", "Firefox/153.0")
NEW = "copper rain over seven quiet roofs"


def _kinds(database: Database, name: str) -> list[str]:
    with database.reading() as session:
        assert journal.first_break(session, name) is None
        return [entry.kind for entry in journal.read(session, name)]


def _try(database: Database, email: str, password: str, hasher: ArgonHasher, now: datetime) -> Account | None:
    with database.reading() as session:
        known = credentials(session, email)
    checked = check_password(known, password, hasher)
    with database.writing() as session:
        return authenticate(session, checked, HERE, now)


@pytest.mark.parametrize(
    "email",
    ["", "amina", "amina@", "@example.org", "a b@example.org", "amina@justice", "a@b.c,d@e.f",
     "Amina <amina@example.org>", "a" * 250 + "@example.org"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(email: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean_email(email)
    assert caught.value.field == "email"


def test_an_invited_person_chooses_a_password_and_comes_in(
    database: Database, hasher: ArgonHasher, now: datetime, password: str
) -> None:
    with database.writing() as session:
        token = invite(session, " Amina@Example.org", "Amina Diallo", "fr", "Africa/Dakar", {Role.ORGANISER}, now)
        stored = session.scalars(select(Invitation)).one()
        assert token not in (stored.token_digest, "")
    with database.reading() as session:
        invited = find_invitation(session, token, now)
    assert (invited.email, invited.roles) == ("amina@example.org", ["organiser"])
    hashed = new_password(invited, password, password, hasher)
    with database.writing() as session:
        accept_invitation(session, token, hashed, now)
    found = _try(database, "AMINA@example.org ", password, hasher, now)
    assert found is not None
    assert found.id == invited.id
    assert _kinds(database, topic(invited.id)) == [Kind.INVITED, Kind.INVITATION_ACCEPTED]


def test_a_link_works_once(database: Database, hasher: ArgonHasher, now: datetime) -> None:
    with database.writing() as session:
        token = invite(session, "a@example.org", "A", "en", "UTC", (), now)
        accept_invitation(session, token, hasher.hash("one"), now)
    with pytest.raises(UnusableInvitation) as caught, database.writing() as session:
        accept_invitation(session, token, hasher.hash("two"), now)
    assert caught.value.state is InvitationState.USED
    assert _try(database, "a@example.org", "one", hasher, now) is not None


def test_a_link_lasts_a_week_and_a_newer_one_replaces_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = invite(session, "a@example.org", "A", "en", "UTC", (), now)
        later = now + INVITATION_LASTS - timedelta(minutes=1)
        assert find_invitation(session, first, later).display_name == "A"
        second = invite(session, "a@example.org", "B", "en", "UTC", {Role.SECRETARIAT}, later)
        again = find_invitation(session, second, later)
        assert (again.display_name, again.roles) == ("A", ["secretariat"])
        for token, when in ((first, later), (second, later + INVITATION_LASTS)):
            with pytest.raises(UnusableInvitation) as caught:
                find_invitation(session, token, when)
            assert caught.value.state is InvitationState.EXPIRED
        with pytest.raises(NotFound):
            find_invitation(session, second[:-1], later)


def test_a_new_link_signs_out_whoever_had_the_old_password(
    database: Database, account: Account, hasher: ArgonHasher, now: datetime, password: str
) -> None:
    with database.writing() as session:
        open_session(session, account, HERE, now, method="password")
        token = invite(session, account.email, "Amina Diallo", "fr", "UTC", (), now)
    with database.writing() as session:
        accept_invitation(session, token, hasher.hash(NEW), now)
    with database.reading() as session:
        assert sessions_of(session, account.id, now) == []
    assert _try(database, account.email, password, hasher, now) is None
    assert _try(database, account.email, NEW, hasher, now) is not None


def test_a_closed_account_is_neither_invited_nor_let_in(
    database: Database, account: Account, hasher: ArgonHasher, now: datetime, password: str
) -> None:
    with database.writing() as session:
        token = invite(session, account.email, "Amina", "fr", "UTC", (), now)
        session.get_one(Account, account.id).closed_at = now
    with pytest.raises(Conflict), database.writing() as session:
        invite(session, account.email, "Amina", "fr", "UTC", (), now)
    with pytest.raises(NotFound), database.writing() as session:
        accept_invitation(session, token, hasher.hash(NEW), now)
    assert _try(database, account.email, password, hasher, now) is None


def test_failures_look_alike_and_are_kept_without_the_password(
    database: Database, account: Account, other: Account, hasher: ArgonHasher, now: datetime
) -> None:
    for email in (account.email, other.email, "nobody@example.org"):
        assert _try(database, email, "secret-guess", hasher, now) is None
    assert _kinds(database, topic(account.id))[-1] == Kind.SIGN_IN_FAILED
    assert _kinds(database, UNKNOWN_TOPIC) == [Kind.SIGN_IN_FAILED] * 2
    with database.reading() as session:
        kept = [entry.payload for name in (topic(account.id), UNKNOWN_TOPIC) for entry in journal.read(session, name)]
    assert {"address": HERE.address} in kept
    assert "secret-guess" not in str(kept)


def test_every_failure_takes_one_comparison(database: Database, account: Account, other: Account) -> None:
    compared: list[str] = []

    class Counting(ArgonHasher):
        def verify(self, hashed: str, password: str) -> bool:
            compared.append(hashed)
            return super().verify(hashed, password)

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    for email in (account.email, other.email, "nobody@example.org", ""):
        with database.reading() as session:
            assert not check_password(credentials(session, email), "wrong", hasher).passed
    assert [len(hashed.split("$")) for hashed in compared] == [6, 6, 6, 6]


def test_an_outdated_hash_is_replaced_at_sign_in(
    database: Database, account: Account, hasher: ArgonHasher, now: datetime, password: str
) -> None:
    stronger = ArgonHasher(time_cost=2, memory_cost=16, parallelism=1)
    assert _try(database, account.email, password, stronger, now) is not None
    with database.reading() as session:
        kept = find_account(session, account.email)
    assert kept is not None
    assert kept.password_hash is not None
    assert not stronger.is_outdated(kept.password_hash)
    assert stronger.verify(kept.password_hash, password)


def test_an_account_closed_while_the_password_was_compared_stays_out(
    database: Database, account: Account, now: datetime
) -> None:
    with database.writing() as session:
        session.get_one(Account, account.id).closed_at = now
    with database.writing() as session:
        assert authenticate(session, Checked(account.id, passed=True), HERE, now) is None


def test_a_changed_password_leaves_this_browser_signed_in_alone(
    database: Database, account: Account, hasher: ArgonHasher, now: datetime
) -> None:
    with database.writing() as session:
        here, there = (open_session(session, account, HERE, now, method="password") for _ in range(2))
        keep = find_session(session, here, now)
        assert keep is not None
        set_password(session, account.id, hasher.hash(NEW), now, keep=keep.id)
    with database.reading() as session:
        assert find_session(session, here, now) is not None
        assert find_session(session, there, now) is None
    assert _kinds(database, topic(account.id))[-2:] == [Kind.PASSWORD_CHANGED, Kind.SESSION_ENDED]


def test_a_password_of_ones_own_words_or_typed_differently_is_refused(account: Account, hasher: ArgonHasher) -> None:
    with pytest.raises(WeakPassword):
        new_password(account, "amina.diallo", "amina.diallo", hasher)
    with pytest.raises(Invalid) as caught:
        new_password(account, NEW, NEW + "!", hasher)
    assert caught.value.field == "repeated"
