"""Who gets a seat, and what the journal keeps of a meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from comity.app import demo
from comity.core import journal
from comity.core.db import Database
from comity.core.errors import Invalid, NotFound
from comity.rooms import services as rooms
from comity.rooms.identity import Identity
from comity.rooms.models import Room, RoomEvent
from comity.rooms.webhooks import Occurrence, Report
from tests.realtime.rooms.conftest import Start
from tests.support.databases import Engines

KEY = "k" * 40
NOW = datetime.now(UTC) + timedelta(hours=1)  # after the demonstration data came into the database
DEVICE = "a1b2c3d4e5f6"


@pytest.fixture
def filled(engines: Engines) -> Iterator[Database]:
    """A SQLite database with the demonstration data."""
    with engines.sqlite(demonstration=True) as database:
        yield database


def entries(session: Any, topic: str) -> list[tuple[str, int | None, int | None]]:
    found = journal.read(session, topic)
    return [(e.kind, e.account_id, e.post_id) for e in found if e.kind.startswith("room_")]


def test_both_sides_get_seats_in_the_same_room(filled: Database, start: Start) -> None:
    with filled.writing() as session:
        world = start(session, NOW)
        public_id = world.consultation.public_id
        ours = rooms.take_seat(session, world.austria, public_id, DEVICE, NOW, secret_key=KEY, sign_in=None)
        theirs = rooms.take_seat(session, world.thailand, public_id, DEVICE, NOW, secret_key=KEY, sign_in=None)
        assert ours.room == theirs.room
        assert public_id not in ours.room
        assert ours.name == world.austria.display_name
        post = world.austria.posts[0]
        assert ours.metadata == {
            "post": post.title,
            "authority_id": post.authority_id,
            "authority": post.authority_name,
            "state": "AT",
        }
        assert len(session.scalars(select(Room)).all()) == 1


def test_a_window_takes_its_old_seat_again_and_another_window_its_own(filled: Database, start: Start) -> None:
    with filled.writing() as session:
        world = start(session, NOW)

        def identity(device: str) -> str:
            public_id = world.consultation.public_id
            return rooms.take_seat(
                session, world.austria, public_id, device, NOW, secret_key=KEY, sign_in=None
            ).identity

        assert identity(DEVICE) == identity(DEVICE)
        assert identity(DEVICE) != identity("another-one")
        assert Identity.parse(identity(DEVICE)) == Identity(world.austria.posts[0].id, world.austria.account_id, DEVICE)


@pytest.mark.parametrize("who", ["third", "secretariat"])
def test_nobody_else_learns_that_there_is_a_room(filled: Database, start: Start, who: str) -> None:
    with filled.writing() as session:
        world = start(session, NOW)
        stranger, public_id = getattr(world, who), world.consultation.public_id
        with pytest.raises(NotFound):
            rooms.take_seat(session, stranger, public_id, DEVICE, NOW, secret_key=KEY, sign_in=None)
        with pytest.raises(NotFound):
            rooms.door(session, stranger, public_id, secret_key=KEY)
        with pytest.raises(NotFound):
            rooms.door(session, world.austria, "no-such-consultation", secret_key=KEY)
        assert session.scalars(select(Room)).all() == []


@pytest.mark.parametrize("device", [None, "", "short", "with space and more", {"a": 1}, 5])
def test_a_device_that_cannot_be_one_is_refused(filled: Database, start: Start, device: object) -> None:
    with filled.writing() as session:
        world = start(session, NOW)
        with pytest.raises(Invalid) as refused:
            rooms.take_seat(
                session, world.austria, world.consultation.public_id, device, NOW, secret_key=KEY, sign_in=None
            )
        assert refused.value.field == "device"


def test_a_meeting_stands_in_the_journal_once_on_both_engines(database: Database, start: Start) -> None:
    with database.writing() as session:
        demo.load(session, NOW)
        world = start(session, NOW)
        public_id, topic = world.consultation.public_id, world.consultation.topic
        seat = rooms.take_seat(session, world.thailand, public_id, DEVICE, NOW, secret_key=KEY, sign_in=None)
        rooms.take_seat(session, world.austria, public_id, DEVICE, NOW, secret_key=KEY, sign_in=None)
    reports = [
        Report("EV_1", Occurrence.JOINED, seat.room, seat.identity, NOW),
        Report("EV_2", Occurrence.LEFT, seat.room, seat.identity, NOW + timedelta(minutes=9)),
        Report("EV_3", Occurrence.FINISHED, seat.room, "", NOW + timedelta(minutes=14)),
    ]
    for expected in (True, False):
        for report in reports:
            with database.writing() as session:
                assert rooms.record(session, report, NOW + timedelta(minutes=15)) is expected
    who = (world.thailand.account_id, world.thailand.posts[0].id)
    with database.reading() as session:
        assert entries(session, topic) == [("room_joined", *who), ("room_left", *who), ("room_finished", None, None)]
        assert journal.first_break(session, topic) is None
        assert {event.event_id for event in session.scalars(select(RoomEvent))} == {"EV_1", "EV_2", "EV_3"}


def test_a_report_of_a_room_that_is_not_ours_changes_nothing(filled: Database) -> None:
    with filled.writing() as session:
        assert rooms.record(session, Report("EV_1", Occurrence.JOINED, "room-else", "x", NOW), NOW) is False
        assert session.scalars(select(RoomEvent)).all() == []


def test_somebody_whose_seat_comity_did_not_give_is_recorded_without_account(filled: Database, start: Start) -> None:
    with filled.writing() as session:
        world = start(session, NOW)
        seat = rooms.take_seat(
            session, world.austria, world.consultation.public_id, DEVICE, NOW, secret_key=KEY, sign_in=None
        )
        assert rooms.record(session, Report("EV_1", Occurrence.JOINED, seat.room, "recorder-7", NOW), NOW)
        assert entries(session, world.consultation.topic) == [("room_joined", None, None)]


def test_a_new_secret_key_moves_the_room_and_its_reports(filled: Database, start: Start) -> None:
    with filled.writing() as session:
        world = start(session, NOW)
        public_id = world.consultation.public_id
        before = rooms.take_seat(session, world.austria, public_id, DEVICE, NOW, secret_key=KEY, sign_in=None)
        after = rooms.take_seat(session, world.austria, public_id, DEVICE, NOW, secret_key="n" * 40, sign_in=None)
        assert before.room != after.room
        assert rooms.record(session, Report("EV_1", Occurrence.JOINED, after.room, after.identity, NOW), NOW)
