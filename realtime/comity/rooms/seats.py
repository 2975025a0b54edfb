"""Seats in rooms rest on a sign-in session and a post: where one of them is gone, the holder is put out.

What is due is read from the state of sessions, accounts and holdings, in whichever way they ended. So nothing needs to
be told when something ends, and a process that is killed has forgotten nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from comity.directory.posts import Holding
from comity.people.models import Account, SignInSession
from comity.rooms.identity import Identity
from comity.rooms.models import Room, RoomSeat
from comity.rooms.tokens import LIFETIME

BARRED = LIFETIME + timedelta(minutes=1)
"""For so long after the first time somebody is put out again who comes back with a token from before."""

AGAIN = timedelta(seconds=5)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody to put out. since: tokens from before this moment are to open nothing."""

    seat_id: int
    room: str
    identity: str
    since: datetime


def take(session: Session, room: str, identity: Identity, sign_in: int | None, now: datetime) -> None:
    """Keep what a seat rests on; one that was given to the same window before rests on this from now on."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    basis = {"account_id": identity.account_id, "post_id": identity.post_id, "sign_in_id": sign_in, "taken_at": now}
    basis |= {"left_at": None, "over_since": None, "asked_at": None}
    room_id = session.scalars(select(Room.id).where(Room.name == room)).one()
    statement = dialect.insert(RoomSeat).values(room_id=room_id, identity=str(identity), **basis)
    session.execute(statement.on_conflict_do_update(index_elements=["room_id", "identity"], set_=basis))


def came(session: Session, room: Room, identity: str) -> None:
    """The media server says that somebody is in: where the seat is over, they are put out at once."""
    ours = (RoomSeat.room_id == room.id, RoomSeat.identity == identity)
    session.execute(update(RoomSeat).where(*ours).values(left_at=None, asked_at=None))


def went(session: Session, room: Room, identity: str, at: datetime) -> None:
    """The media server says that somebody has left."""
    ours = (RoomSeat.room_id == room.id, RoomSeat.identity == identity)
    session.execute(update(RoomSeat).where(*ours).values(left_at=at))


def due(session: Session, now: datetime) -> list[Removal]:
    """Who must be out of which room now. One query."""
    query = (
        select(RoomSeat.id, Room.name, RoomSeat.identity, func.coalesce(RoomSeat.over_since, now))
        .join(Room)
        .where(_may_be_in(now), or_(RoomSeat.asked_at.is_(None), RoomSeat.asked_at <= now - AGAIN), _is_over(now))
        .order_by(RoomSeat.id)
        .limit(_MOST)
    )
    return [Removal(*row) for row in session.execute(query)]


def note_removed(session: Session, removals: Sequence[Removal], now: datetime) -> None:
    """The media server was asked to put these out."""
    for removal in removals:
        mark = {"over_since": removal.since, "asked_at": now}
        # Only as it was read: whoever took the seat anew in the meantime has it.
        still = (RoomSeat.id == removal.seat_id, _is_over(now))
        session.execute(update(RoomSeat).where(*still).values(mark).execution_options(synchronize_session=False))


def forget_old(session: Session, now: datetime) -> int:
    """Delete seats that nobody can sit in any more. Returns how many."""
    gone = or_(RoomSeat.over_since <= now - BARRED, RoomSeat.left_at <= now - BARRED)
    return len(session.scalars(delete(RoomSeat).where(gone).returning(RoomSeat.id)).all())


def _may_be_in(now: datetime) -> ColumnElement[bool]:
    """Tokens live `LIFETIME` after they were given out or renewed: whoever left longer ago cannot come back."""
    return and_(
        or_(RoomSeat.over_since.is_(None), RoomSeat.over_since > now - BARRED),
        or_(RoomSeat.left_at.is_(None), RoomSeat.left_at > now - BARRED),
    )


def _is_over(now: datetime) -> ColumnElement[bool]:
    """Whether what a seat rests on is gone: session ended or run out, account closed, post passed on."""
    signed_in = exists().where(
        SignInSession.id == RoomSeat.sign_in_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > now
    )
    open_account = exists().where(Account.id == RoomSeat.account_id, Account.closed_at.is_(None))
    holds = exists().where(
        Holding.account_id == RoomSeat.account_id,
        Holding.post_id == RoomSeat.post_id,
        Holding.since <= now,
        or_(Holding.until.is_(None), Holding.until > now),
    )
    return or_(and_(RoomSeat.sign_in_id.is_not(None), ~signed_in), ~open_account, ~holds)
