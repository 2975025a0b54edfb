"""Mail to those who are away: once, in their language, with nothing of what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from comity.consultations.away import QUIET, WINDOW, notify_away
from comity.consultations.services import mark_read
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.outbox import OutboxMail
from comity.directory.posts import Holding, Post, appoint
from comity.people.models import Account
from tests.platform.consultations.world import BEGAN, World, said

AWAY = 60
MINUTE = timedelta(minutes=1)


def tell(database: Database, now: datetime) -> list[str]:
    """Who is told now."""
    with database.writing() as session:
        before = set(session.scalars(select(OutboxMail.id)))
        count = notify_away(session, now, AWAY, "https://comity.example", "comity.example")
        session.flush()
        new = session.scalars(select(OutboxMail).where(OutboxMail.id.not_in(before)).order_by(OutboxMail.id)).all()
    assert count == len(new)
    return [mail.recipient for mail in new]


def tell_and_fail(database: Database, now: datetime) -> None:
    with database.writing() as session:
        notify_away(session, now, AWAY, "https://comity.example", "comity.example")
        raise ZeroDivisionError


def read_all(database: Database, actor: Actor, public_id: str) -> None:
    with database.writing() as session:
        mark_read(session, actor, BEGAN, public_id=public_id, position=10_000)


def test_the_other_side_is_told_once_after_a_while(database: Database, world: World, larch: str) -> None:
    assert tell(database, BEGAN + timedelta(seconds=AWAY - 1)) == []
    assert tell(database, BEGAN + MINUTE) == ["clara@comity.example", "somsri@comity.example"]
    assert tell(database, BEGAN + 2 * MINUTE) == []
    assert tell(database, BEGAN + timedelta(days=2)) == []


def test_who_has_read_is_not_told(database: Database, world: World, larch: str) -> None:
    said(database, world.anton, larch, "One", MINUTE)
    read_all(database, world.somsri, larch)
    assert tell(database, BEGAN + 5 * MINUTE) == ["clara@comity.example"]


def test_what_came_since_is_told_after_a_quiet_time(database: Database, world: World, larch: str) -> None:
    read_all(database, world.clara, larch)
    assert tell(database, BEGAN + MINUTE) == ["somsri@comity.example"]
    said(database, world.anton, larch, "One", 2 * MINUTE)
    read_all(database, world.clara, larch)
    assert tell(database, BEGAN + 5 * MINUTE) == []
    assert tell(database, BEGAN + MINUTE + QUIET) == ["somsri@comity.example"]
    assert tell(database, BEGAN + MINUTE + 3 * QUIET) == []


def test_the_mail_says_nothing_of_what_was_said(database: Database, world: World, larch: str) -> None:
    said(database, world.anton, larch, "The account at Larch Bank", MINUTE)
    tell(database, BEGAN + 5 * MINUTE)
    with database.reading() as session:
        mails = {mail.recipient: mail for mail in session.scalars(select(OutboxMail))}
    mail = mails["somsri@comity.example"]
    assert mail.subject == "CTY-2026-0001: Central Authority of AT (Austria) has written to you"
    assert f"https://comity.example/consultations/{larch}" in mail.body
    for secret in ("Larch", "account", "Anton"):
        assert secret not in mail.subject + mail.body
    assert mails["clara@comity.example"].language == "fr"
    assert "Autriche" in mails["clara@comity.example"].body


def test_mail_and_memory_of_it_are_one_transaction(database: Database, world: World, larch: str) -> None:
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(database, BEGAN + MINUTE)
    assert tell(database, BEGAN + MINUTE) == ["clara@comity.example", "somsri@comity.example"]


def test_old_matters_and_what_came_before_a_holder_bring_no_mail(database: Database, world: World, larch: str) -> None:
    with database.writing() as session:
        post = session.get_one(Post, world.somsri.posts[0].id)
        successor = session.get_one(Account, world.noor.account_id)
        appoint(session, post, successor, BEGAN + MINUTE)
    read_all(database, world.clara, larch)
    assert tell(database, BEGAN + 5 * MINUTE) == []
    said(database, world.anton, larch, "Welcome", 6 * MINUTE)
    assert tell(database, BEGAN + 6 * MINUTE + WINDOW + MINUTE) == []
    assert tell(database, BEGAN + 10 * MINUTE) == ["clara@comity.example", "noor@comity.example"]


def test_two_posts_of_one_person_and_closed_accounts(database: Database, world: World, larch: str) -> None:
    with database.writing() as session:
        second = Post(authority_id=world.thailand, title="Second desk", created_at=BEGAN)
        session.add(second)
        session.flush()
        somsri = session.get_one(Account, world.somsri.account_id)
        session.add(Holding(post=second, account=somsri, since=BEGAN - MINUTE))
        session.get_one(Account, world.clara.account_id).closed_at = BEGAN
    assert tell(database, BEGAN + MINUTE) == ["somsri@comity.example"]
