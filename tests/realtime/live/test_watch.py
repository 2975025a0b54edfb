"""Which sockets must end, and what a sweep sees; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.posts import Holding, appoint
from comity.live.access import Seat
from comity.live.sweep import LOOK_BACK, recent_heads
from comity.live.watch import account_of, overdue
from comity.people.models import Account, SignInSession
from tests.platform.consultations.world import BEGAN, World, build


@pytest.fixture
def world(database: Database) -> World:
    return build(database)


def seat(database: Database, actor: Actor, sid: str, until: datetime) -> Seat:
    with database.writing() as session:
        row = SignInSession(
            account_id=actor.account_id, token_digest=sid, rotated_at=BEGAN, created_at=BEGAN, expires_at=until,
            user_agent="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return Seat(sid, actor, row.id)


def ended(database: Database, seats: list[Seat], now: datetime) -> list[str]:
    with database.reading() as session:
        return [one.sid for one in overdue(session, seats, now)]


def test_sockets_end_with_their_session(database: Database, world: World) -> None:
    hour = timedelta(hours=1)
    seats = [
        seat(database, world.anton, "first", BEGAN + hour),
        seat(database, world.anton, "second", BEGAN + 3 * hour),
        seat(database, world.noor, "no post", BEGAN + 3 * hour),
    ]
    assert ended(database, seats, BEGAN) == []
    assert ended(database, seats, BEGAN + hour) == ["first"]
    with database.writing() as session:
        session.get_one(SignInSession, seats[1].sign_in).ended_at = BEGAN
    assert ended(database, seats, BEGAN) == ["second"]


def test_sockets_end_when_posts_or_accounts_change(database: Database, world: World) -> None:
    seats = [
        seat(database, actor, actor.display_name, BEGAN + timedelta(days=1)) for actor in (world.anton, world.clara)
    ]
    with database.writing() as session:
        holding = session.scalars(select(Holding).where(Holding.account_id == world.anton.account_id)).one()
        appoint(session, holding.post, session.get_one(Account, world.noor.account_id), BEGAN + timedelta(minutes=1))
    assert ended(database, seats, BEGAN) == []
    assert ended(database, seats, BEGAN + timedelta(minutes=1)) == ["Anton Muster"]
    with database.writing() as session:
        session.get_one(Account, world.clara.account_id).closed_at = BEGAN
    assert ended(database, seats, BEGAN + timedelta(minutes=1)) == ["Anton Muster", "Clara Beispiel"]


def test_a_sweep_looks_back_over_the_last_moments(database: Database) -> None:
    with database.writing() as session:
        journal.append(session, "old", "x", {}, now=BEGAN - LOOK_BACK - timedelta(seconds=1))
        for second in range(3):
            journal.append(session, "new", "x", {}, now=BEGAN - timedelta(seconds=second))
    with database.reading() as session:
        assert recent_heads(session, BEGAN) == [("new", 3)]


@pytest.mark.parametrize(
    ("topic", "account"),
    [("account:7", 7), ("account:unknown", None), ("consultation:7", None), ("", None), ("7", None)],
)
def test_topics_about_accounts(topic: str, account: int | None) -> None:
    assert account_of(topic) == account
