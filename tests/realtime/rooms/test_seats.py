"""Whose seat is over is put out, in whichever way the session or the post ended, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.core.db import Database
from comity.directory.posts import Post, appoint
from comity.people.events import Kind, Origin
from comity.people.housekeeping import KEPT, forget_expired
from comity.people.models import Account
from comity.people.rules import IDLE
from comity.people.sessions import end_session, find_session, open_session
from comity.rooms import seats
from comity.rooms.doorkeeper import Doorkeeper
from comity.rooms.models import Room, RoomSeat
from comity.rooms.room_service import MediaRefused, MediaUnavailable
from comity.rooms.services import record, take_seat
from comity.rooms.webhooks import Occurrence, Report
from tests.platform.consultations.world import BEGAN, World, build, opened
from tests.support.clock import SetClock

KEY, DEVICE = "k" * 40, "a1b2c3d4e5f6"
SECOND = timedelta(seconds=1)


@dataclass
class Media:
    """Stands for the media server. fails: what it answers instead."""

    removed: list[str] = field(default_factory=list)
    fails: Exception | None = None

    def remove(self, name: str, identity: str, *, tokens_before: datetime | None = None) -> None:
        assert tokens_before is not None
        if self.fails:
            raise self.fails
        self.removed.append(identity)


@dataclass
class Call:
    """A consultation's room with both officers in it, each by a session of their own."""

    database: Database
    world: World
    media: Media
    clock: SetClock
    sessions: dict[int, int]
    identities: dict[int, str]
    public_id: str

    def look(self) -> list[str]:
        """Whom the doorkeeper puts out at one look."""
        self.media.removed.clear()
        Doorkeeper(self.database, self.media, self.clock).once()  # type: ignore[arg-type]
        return list(self.media.removed)

    @property
    def anton(self) -> str:
        return self.identities[self.world.anton.account_id]

    def reported(self, what: Occurrence, identity: str) -> None:
        with self.database.writing() as session:
            room = session.scalars(select(Room)).one()
            told = Report(f"EV_{self.clock.now().timestamp()}", what, room.name, identity, self.clock.now())
            record(session, told, self.clock.now())

    def sit(self, account_id: int) -> None:
        """Sign in, and take the seat of the same window."""
        actor = next(one for one in (self.world.anton, self.world.somsri) if one.account_id == account_id)
        now = self.clock.now()
        with self.database.writing() as session:
            token = open_session(session, session.get_one(Account, account_id), Origin(), now, method="password")
            found = find_session(session, token, now)
            assert found is not None
            taken = take_seat(session, actor, self.public_id, DEVICE, now, secret_key=KEY, sign_in=found.id)
            self.sessions[account_id], self.identities[account_id] = found.id, taken.identity


@pytest.fixture
def call(database: Database) -> Call:
    clock = SetClock()
    clock.advance(BEGAN + timedelta(minutes=5) - clock.now())
    world = build(database)
    made = Call(database, world, Media(), clock, {}, {}, opened(database, world))
    for actor in (world.anton, world.somsri):
        made.sit(actor.account_id)
    return made


def _ends(session: Session, call: Call) -> None:
    me = call.world.anton.account_id
    end_session(session, me, call.sessions[me], call.clock.now(), Kind.SESSION_ENDED)


def _closes(session: Session, call: Call) -> None:
    ours = Account.id == call.world.anton.account_id
    session.execute(update(Account).where(ours).values(closed_at=call.clock.now()))


def _passes_on(session: Session, call: Call) -> None:
    post = session.get_one(Post, call.world.anton.posts[0].id)
    appoint(session, post, session.get_one(Account, call.world.somsri.account_id), call.clock.now())


@pytest.mark.parametrize("end", [_ends, _closes, _passes_on])
def test_who_may_stay_no_longer_is_put_out_and_the_other_stays(
    call: Call, end: Callable[[Session, Call], None]
) -> None:
    assert call.look() == []
    with call.database.writing() as session:
        end(session, call)
    call.clock.advance(SECOND)
    assert call.look() == [call.anton]


def test_a_session_that_runs_out_ends_its_seat(call: Call) -> None:
    call.clock.advance(IDLE + SECOND)
    assert sorted(call.look()) == sorted(call.identities.values())


def test_who_comes_back_with_an_old_token_is_put_out_again(call: Call) -> None:
    with call.database.writing() as session:
        _ends(session, call)
    assert call.look() == [call.anton]
    call.clock.advance(SECOND)
    assert call.look() == []
    call.reported(Occurrence.JOINED, call.anton)
    assert call.look() == [call.anton]
    call.clock.advance(seats.AGAIN)
    assert call.look() == [call.anton]
    call.clock.advance(seats.BARRED)
    assert call.look() == []


def test_who_signs_in_anew_has_the_seat_again(call: Call) -> None:
    with call.database.writing() as session:
        _ends(session, call)
    assert call.look() == [call.anton]
    before = call.anton
    call.clock.advance(SECOND)
    call.sit(call.world.anton.account_id)
    assert call.anton == before
    call.clock.advance(seats.AGAIN)
    assert call.look() == []


def test_somebody_who_left_long_ago_is_looked_for_no_more(call: Call) -> None:
    call.reported(Occurrence.LEFT, call.anton)
    call.clock.advance(seats.BARRED)
    with call.database.writing() as session:
        _ends(session, call)
    assert call.look() == []
    with call.database.writing() as session:
        assert seats.forget_old(session, call.clock.now()) == 1
        assert session.scalars(select(RoomSeat.identity)).all() == [call.identities[call.world.somsri.account_id]]


def test_where_the_media_server_is_away_it_is_asked_again(call: Call) -> None:
    with call.database.writing() as session:
        _ends(session, call)
    call.media.fails = MediaUnavailable()
    assert call.look() == []
    call.media.fails = None
    assert call.look() == [call.anton]


def test_somebody_who_is_not_there_holds_nothing_up(call: Call) -> None:
    with call.database.writing() as session:
        _ends(session, call)
    call.media.fails = MediaRefused("not_found")
    assert call.look() == []
    call.media.fails = None
    assert call.look() == [], "asked already"


def test_a_forgotten_session_takes_its_seat_along(call: Call) -> None:
    with call.database.writing() as session:
        forget_expired(session, call.clock.now() + IDLE + KEPT)
        assert session.scalars(select(RoomSeat)).all() == []
