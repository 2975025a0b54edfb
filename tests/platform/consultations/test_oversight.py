"""Who could read on a day, and who did: from holdings and looks, the same for both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from comity.consultations.looks import Way, look_at
from comity.consultations.oversight import Person, Readers, readers_on
from comity.core import audit
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.errors import Invalid, NotFound
from comity.directory.posts import Holding, Post, appoint
from comity.people.models import Account
from tests.platform.consultations.world import BEGAN, World

DAY = BEGAN.date()
LATER = BEGAN + timedelta(days=5)


def _looked(database: Database, actor: Actor, public_id: str, way: Way, after: timedelta) -> None:
    with database.writing() as session:
        audit.record(session, look_at(session, actor, public_id, way, "192.0.2.7"), BEGAN + after)


def _readers(database: Database, actor: Actor, public_id: str, on: date) -> Readers:
    with database.reading() as session:
        return readers_on(session, actor, LATER, public_id, on)


def _names(readers: Readers) -> dict[str, list[Person]]:
    return {side.authority: list(side.people) for side in readers.sides}


def test_holders_could_read_and_who_looked_did(database: Database, world: World, larch: str) -> None:
    _looked(database, world.somsri, larch, Way.PAGE, timedelta(hours=1))
    _looked(database, world.somsri, larch, Way.LIVE, timedelta(hours=1, minutes=1))
    _looked(database, world.somsri, larch, Way.PAGE, timedelta(hours=3))
    _looked(database, world.anton, larch, Way.PAGE, timedelta(days=1))
    found = _readers(database, world.anton, larch, DAY)
    sides = _names(found)
    assert [side.ours for side in found.sides] == [True, False]
    assert [(p.name, p.first) for p in sides["Central Authority of AT"]] == [
        ("Anton Muster", None),
        ("Clara Beispiel", None),
    ]
    (somsri,) = sides["Central Authority of TH"]
    assert (somsri.first, somsri.last) == (BEGAN + timedelta(hours=1), BEGAN + timedelta(hours=3))
    assert somsri.ways == ("opened the page", "read live")
    assert (found.earlier, found.later) == (None, DAY + timedelta(days=1))
    next_day = _names(_readers(database, world.anton, larch, DAY + timedelta(days=1)))
    assert [p.first for p in next_day["Central Authority of AT"]] == [BEGAN + timedelta(days=1), None]


def test_both_sides_see_the_same(database: Database, world: World, larch: str) -> None:
    _looked(database, world.somsri, larch, Way.PAGE, timedelta(hours=1))
    theirs, ours = (_names(_readers(database, actor, larch, DAY)) for actor in (world.somsri, world.clara))
    assert theirs == ours


def test_a_leaver_and_a_successor_on_the_days_they_held_the_post(database: Database, world: World, larch: str) -> None:
    moved = BEGAN + timedelta(days=1, hours=2)
    with database.writing() as session:
        holding = session.scalars(select(Holding).where(Holding.account_id == world.somsri.account_id)).one()
        successor = Account(
            email="next@comity.example", display_name="Next Holder", locale="en", zone="UTC", roles=[], created_at=BEGAN
        )
        session.add(successor)
        session.flush()
        appoint(session, session.get_one(Post, holding.post_id), successor, moved)

    def people(days: int) -> list[tuple[str, bool, bool]]:
        sides = _names(_readers(database, world.anton, larch, DAY + timedelta(days=days)))
        return [
            (p.name, bool(p.posts[0].since), bool(p.posts[0].until))
            for p in sides["Central Authority of TH"]
        ]  # fmt: skip

    assert people(0) == [("Somsri Tuayang", False, False)]
    assert people(1) == [("Somsri Tuayang", False, True), ("Next Holder", True, False)]
    assert people(2) == [("Next Holder", False, False)]


def test_a_closed_account_can_no_longer_read(database: Database, world: World, larch: str) -> None:
    with database.writing() as session:
        session.get_one(Account, world.clara.account_id).closed_at = BEGAN + timedelta(hours=5)
    names = [[p.name for p in _readers(database, world.somsri, larch, DAY + timedelta(days=n)).sides[1].people]
             for n in (0, 1)]  # fmt: skip
    assert names == [["Anton Muster", "Clara Beispiel"], ["Anton Muster"]]


def test_a_holder_who_left_before_it_was_opened_could_not_read(database: Database, world: World, larch: str) -> None:
    with database.writing() as session:
        holding = session.scalars(select(Holding).where(Holding.account_id == world.clara.account_id)).one()
        holding.until = BEGAN - timedelta(minutes=1)
    found = _readers(database, world.somsri, larch, DAY)
    assert [person.name for person in found.sides[1].people] == ["Anton Muster"]


def test_days_that_tell_nothing_are_refused(database: Database, world: World, larch: str) -> None:
    for on in (DAY - timedelta(days=1), LATER.date() + timedelta(days=1)):
        with pytest.raises(Invalid) as caught:
            _readers(database, world.anton, larch, on)
        assert caught.value.field == "on"


def test_nobody_else_sees_who_reads_nor_is_noted(database: Database, world: World, larch: str) -> None:
    for stranger in (world.amina, world.noor):
        with pytest.raises(NotFound):
            _readers(database, stranger, larch, DAY)
        with database.reading() as session, pytest.raises(NotFound):
            look_at(session, stranger, larch, Way.PAGE, "192.0.2.7")
