"""Files on their way into a message: taken in first, one by one, and then sent with it, or not.

Until it is sent a file is seen by nobody but who gave it, as a draft is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from comity.consultations import checks, sealed
from comity.consultations.attached import File, file_of
from comity.consultations.models import Attachment, Consultation, Message
from comity.consultations.participation import consultation_for, speaking_post
from comity.core import sealing
from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid
from comity.core.files.intake import Received
from comity.core.files.store import new_id
from comity.core.i18n import N_
from comity.core.keys import Cipher, Place

MOST_FILES, MOST_WAITING = 10, 30
"""Files of one message; files that one person has waiting in one consultation."""

KEPT_WAITING = timedelta(days=7)
"""How long a file waits to be sent, before it is taken away."""

_AT_ONCE = 500
_TOO_MANY = N_("A message has at most %(most)d files.")
_GONE = N_("A file is not there any more. Please attach it again.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a file is to be written, and under which key."""

    file_id: str
    cipher: Cipher
    place: Place


def begin(session: Session, actor: Actor, *, public_id: str, client_id: str) -> Arrival | File:
    """Prepare for a file, or find the one that has come under this client_id already.

    Raises NotFound for who is no party, Conflict for a client_id used elsewhere, Invalid where too many wait.
    """
    consultation = consultation_for(session, actor, public_id)
    speaking_post(actor, consultation)
    known = _come_before(session, actor, consultation, checks.client_id(client_id))
    if known is not None:
        return known
    query = select(func.count()).select_from(Attachment).where(*_waiting(actor, consultation))
    if session.scalars(query).one() >= MOST_WAITING:
        raise Invalid(_TOO_MANY, field="files", most=MOST_FILES)
    file_id = new_id()
    cipher = sealing.cipher(session, consultation.topic)
    return Arrival(file_id, cipher, sealed.file_place(consultation, file_id))


def keep(session: Session, actor: Actor, now: datetime, *, public_id: str, client_id: str, received: Received) -> File:
    """Keep a file that was written, to be sent. Of two under one client_id the first is kept, and returned."""
    consultation = consultation_for(session, actor, public_id, lock=True)
    post = speaking_post(actor, consultation)
    known = _come_before(session, actor, consultation, client_id)
    if known is not None:
        return known
    about = sealed.About(received.name, received.kind.label, received.kind.media_type, received.size)
    row = Attachment(
        file_id=received.file_id, consultation_id=consultation.id, account_id=actor.account_id, post_id=post.id,
        client_id=client_id, digest=received.digest, place=0, added_at=now,
    )  # fmt: skip
    row.sealed_about = sealed.seal_about(session, consultation, row, about)
    session.add(row)
    session.flush()
    return file_of(row.file_id, about, actor.locale)


def waiting(session: Session, actor: Actor, consultation: Consultation) -> tuple[File, ...]:
    """What the actor has given and not sent, the oldest first. For a caller that has checked access."""
    rows = session.scalars(select(Attachment).where(*_waiting(actor, consultation)).order_by(Attachment.id)).all()
    known = sealed.abouts(session, consultation, rows)
    return tuple(file_of(row.file_id, known[row.file_id], actor.locale) for row in rows)


def discard(session: Session, actor: Actor, *, public_id: str, file_ids: Collection[str]) -> list[str]:
    """Take back files that wait. Returns the ids of those that there were: their content goes after the commit."""
    consultation = consultation_for(session, actor, public_id)
    own = (*_waiting(actor, consultation), Attachment.file_id.in_(file_ids))
    found = list(session.scalars(select(Attachment.file_id).where(*own)))
    session.execute(delete(Attachment).where(Attachment.file_id.in_(found)))
    return found


def wanted(session: Session, actor: Actor, consultation: Consultation, file_ids: Sequence[str]) -> list[Attachment]:
    """The files that a message is to have, in this order. The consultation's row is held by the caller.

    Raises Invalid for too many, and for one that is not there, is another's, or was sent already.
    """
    if len(file_ids) > MOST_FILES:
        raise Invalid(_TOO_MANY, field="files", most=MOST_FILES)
    if not file_ids:
        return []
    query = select(Attachment).where(*_waiting(actor, consultation), Attachment.file_id.in_(file_ids))
    found = {row.file_id: row for row in session.scalars(query)}
    if found.keys() != set(file_ids):
        raise Invalid(_GONE, field="files")
    return [found[file_id] for file_id in dict.fromkeys(file_ids)]


def give(message: Message, files: Sequence[Attachment]) -> None:
    """Make files part of a message that has its id."""
    for place, row in enumerate(files):
        row.message_id, row.place = message.id, place


def forget_waiting(session: Session, now: datetime) -> int:
    """Forget files that nobody sent. Their content goes with the next sweep of the store."""
    late = (Attachment.message_id.is_(None), Attachment.added_at < now - KEPT_WAITING)
    found = list(session.scalars(select(Attachment.id).where(*late)))
    session.execute(delete(Attachment).where(Attachment.id.in_(found)))
    return len(found)


def named(session: Session, file_ids: Collection[str]) -> set[str]:
    """Of some ids of the store, those that rows name. For the sweep."""
    ids = sorted(file_ids)
    batches = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return {
        found
        for batch in batches
        for found in session.scalars(select(Attachment.file_id).where(Attachment.file_id.in_(batch)))
    }


def _waiting(actor: Actor, consultation: Consultation) -> tuple[ColumnElement[bool], ...]:
    return (
        Attachment.message_id.is_(None),
        Attachment.account_id == actor.account_id,
        Attachment.consultation_id == consultation.id,
    )


def _come_before(session: Session, actor: Actor, consultation: Consultation, client_id: str) -> File | None:
    query = select(Attachment).where(Attachment.account_id == actor.account_id, Attachment.client_id == client_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    if row.consultation_id != consultation.id:
        raise Conflict
    return file_of(row.file_id, sealed.abouts(session, consultation, [row])[row.file_id], actor.locale)
