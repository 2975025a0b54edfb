"""People see who was shown their data: whom, in which post, how and when; and nobody sees anybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from comity.core import audit, journal
from comity.core.actor import Actor
from comity.core.audit import Look, trail_of
from comity.core.db import Database
from comity.core.web import Services
from comity.directory.models import Authority
from comity.directory.own_looks import PAGE, own_looks
from comity.people.looks import Way
from comity.people.models import Account
from tests.platform.consultations.world import BEGAN, build
from tests.support.application import Visitor
from tests.support.clock import SetClock
from tests.support.people import ANTON, AUSTRIA, KENYA, SECRETARIAT, THAILAND

LOOKS = "/account/looks"


@pytest.fixture
def thailand(application: Flask) -> str:
    """The page of the authority at which Somsri Tuayang holds a post."""
    services: Services = application.extensions["comity"]
    with services.db.reading() as session:
        number = session.scalars(select(Authority.id).where(Authority.code == "th-a")).one()
    return f"/directory/authorities/{number}"


def _kinds(application: Flask, email: str) -> list[str]:
    services: Services = application.extensions["comity"]
    with services.db.reading() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        found = journal.read(session, trail_of(f"account:{account.id}"))
        assert journal.first_break(session, trail_of(f"account:{account.id}")) is None
        assert all(entry.payload == {"from": "127.0.0.1"} for entry in found)
    return [entry.kind for entry in found]


def test_the_person_sees_who_looked_in_which_post_and_how(application: Flask, thailand: str) -> None:
    assert "Nobody has looked yet." in Visitor(application).sign_in(THAILAND).get(LOOKS).text
    assert Visitor(application).sign_in(AUSTRIA).get(thailand).status_code == 200
    page = Visitor(application).sign_in(THAILAND).get(LOOKS).text
    for words in (ANTON, "Austria", "saw your entry in the directory"):
        assert words in page
    assert "127.0.0.1" not in page
    for other in (AUSTRIA, KENYA, SECRETARIAT):
        assert ANTON not in Visitor(application).sign_in(other).get(LOOKS).text.partition("<main")[2]
    assert LOOKS in Visitor(application).sign_in(THAILAND).get("/account").text


def test_a_look_counts_once_in_a_quarter_of_an_hour_and_ones_own_not_at_all(
    application: Flask, thailand: str, clock: SetClock
) -> None:
    somsri, anton = Visitor(application).sign_in(THAILAND), Visitor(application).sign_in(AUSTRIA)
    somsri.get(thailand)
    assert _kinds(application, THAILAND) == []
    anton.get(thailand)
    anton.get(thailand)
    assert _kinds(application, THAILAND) == ["access.directory"]
    clock.advance(timedelta(minutes=15))
    anton.get(thailand)
    assert _kinds(application, THAILAND) == ["access.directory"] * 2


def test_a_repeated_look_asks_the_database_nothing(application: Flask, thailand: str) -> None:
    services: Services = application.extensions["comity"]
    statements: list[str] = []
    for engine in {services.db.reader, services.db.writer}:
        event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: statements.append(statement))
    anton = Visitor(application).sign_in(AUSTRIA)
    anton.get(thailand)
    assert any("journal" in statement for statement in statements)
    statements.clear()
    anton.get(thailand)
    assert not [statement for statement in statements if "journal" in statement or "topic" in statement]


def test_older_looks_stand_on_pages_of_their_own(database: Database) -> None:
    world = build(database)
    topic = f"account:{world.somsri.account_id}"
    with database.writing() as session:
        for number in range(PAGE + 1):
            look = Look(topic, Way.CARD.value, world.anton.account_id, world.anton.posts[0].id, f"192.0.2.{number}")
            assert audit.record(session, look, BEGAN + timedelta(seconds=number))
        by_noor = Look(topic, Way.ADMINISTRATION.value, world.noor.account_id, None, "192.0.2.200")
        assert audit.record(session, by_noor, BEGAN + timedelta(minutes=5))

    def page(actor: Actor, before: int | None = None) -> tuple[list[tuple[str, str]], int | None]:
        with database.reading() as session:
            found = own_looks(session, actor, before)
        return [(look.name, look.state) for look in found.shown], found.older

    first, older = page(world.somsri)
    assert first == [("Noor Sample", "")] + [("Anton Muster", "Austria")] * (PAGE - 1)
    assert older is not None
    assert page(world.somsri, older) == ([("Anton Muster", "Austria")] * 2, None)
    assert page(world.anton) == ([], None)
