"""Rooms of consultations: who may enter, with which seat, and what the journal says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from comity.consultations.models import Consultation
from comity.consultations.services import consultation_for, speaking_post, subject_of
from comity.core import journal
from comity.core.actor import Actor, PostRef
from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.rooms import seats
from comity.rooms.identity import Identity, is_device, room_name
from comity.rooms.models import Room, RoomEvent
from comity.rooms.presence import described
from comity.rooms.webhooks import Occurrence, Report


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a room, for one browser window. metadata: what the others read about its holder."""

    room: str
    identity: str
    name: str
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """A room from outside, seen by somebody who may enter it."""

    consultation: Consultation
    subject: str
    post: PostRef
    room: str


def door(session: Session, actor: Actor, public_id: str, *, secret_key: str) -> Door:
    """The room of a consultation, whether or not anybody has been in it.

    Raises NotFound for everybody who is no party to the consultation.
    """
    consultation = consultation_for(session, actor, public_id)
    subject = subject_of(session, consultation, actor.locale)
    return Door(consultation, subject, speaking_post(actor, consultation), room_name(secret_key, public_id))


def take_seat(
    session: Session,
    actor: Actor,
    public_id: str,
    device: object,
    now: datetime,
    *,
    secret_key: str,
    sign_in: int | None,
) -> Seat:
    """Give a seat to a party's officer, the same one to the same browser window.

    device: what the window calls itself. sign_in: the session that asks, with which the seat ends; None for a call
    with a token of the API, whose seat ends with the post. Raises NotFound, and Invalid for a device that cannot
    be one.
    """
    found = door(session, actor, public_id, secret_key=secret_key)
    if not is_device(device):
        raise Invalid(N_("Your browser did not say which window it is. Please reload the page."), field="device")
    _remember(session, found, now)
    identity = Identity(found.post.id, actor.account_id, str(device))
    seats.take(session, found.room, identity, sign_in, now)
    return Seat(found.room, str(identity), actor.display_name, described(found.post))


def record(session: Session, report: Report, now: datetime) -> bool:
    """Write what happened in a room into the journal of its consultation, once.

    Returns whether it was written: not for a room that is not ours, nor for a report that was taken in before.
    """
    room = session.scalars(select(Room).where(Room.name == report.room)).one_or_none()
    if room is None or not _is_new(session, room, report, now):
        return False
    if report.occurrence is Occurrence.JOINED:
        seats.came(session, room, report.identity)
    elif report.occurrence is Occurrence.LEFT:
        seats.went(session, room, report.identity, now)
    who = Identity.parse(report.identity)
    journal.append(
        session,
        room.consultation.topic,
        report.occurrence.value,
        {"event": report.event_id, "identity": report.identity, "at": report.at.isoformat()},
        account_id=who.account_id if who else None,
        post_id=who.post_id if who else None,
        now=now,
    )
    return True


def _remember(session: Session, found: Door, now: datetime) -> None:
    """Keep which consultation the room belongs to, so that reports about it find their journal."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"consultation_id": found.consultation.id, "name": found.room, "created_at": now}
    statement = dialect.insert(Room).values(row)
    # The name follows the secret key, which an installation may change.
    session.execute(statement.on_conflict_do_update(index_elements=["consultation_id"], set_={"name": found.room}))


def _is_new(session: Session, room: Room, report: Report, now: datetime) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(RoomEvent).values(
        event_id=report.event_id,
        room_id=room.id,
        kind=report.occurrence.value,
        occurred_at=report.at,
        received_at=now,
    )
    returned = session.scalars(statement.on_conflict_do_nothing().returning(RoomEvent.event_id))
    return returned.one_or_none() is not None
