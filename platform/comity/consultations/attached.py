"""Files of messages, as a reader sees them, and as they are opened.

What files a message has is what the journal says: it holds their ids and the digests of what was sealed, so that a row
which was put to another message, or names another content, is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from babel.units import format_unit
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.consultations import sealed
from comity.consultations.models import Attachment, Consultation, Message
from comity.consultations.participation import consultation_for
from comity.core import sealing, times
from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.core.i18n import catalogue
from comity.core.journal import JournalEntry
from comity.core.keys import Cipher, Place, Unreadable

FILES = "files"
"""The key of a message's payload in the journal: pairs of a file's id and its digest."""


@dataclass(frozen=True, slots=True)
class File:
    """A file for one reader. label: its type, as `PDF`. size: in words. readable: False where it does not open."""

    id: str
    name: str
    label: str
    size: str
    readable: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file beside the thread. position: of its message. who: its author. moment: both zones."""

    file: File
    position: int
    who: str
    at: str
    moment: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is needed to give out a file."""

    file_id: str
    about: sealed.About
    cipher: Cipher
    place: Place
    digest: str


def payload_of(files: Sequence[Attachment]) -> dict[str, Any]:
    """What the journal says of a message's files."""
    return {FILES: [[row.file_id, row.digest] for row in files]} if files else {}


def files_of(
    session: Session, actor: Actor, consultation: Consultation, rows: Sequence[JournalEntry]
) -> dict[int, tuple[File, ...]]:
    """The files of messages, by position. rows: of the journal. For a caller that has checked access."""
    told = {row.position: row.payload[FILES] for row in rows if row.kind == "message" and row.payload.get(FILES)}
    if not told:
        return {}
    query = select(Attachment, Message.position).join(Message, Attachment.message_id == Message.id)
    query = query.where(Attachment.consultation_id == consultation.id, Message.position.in_(told))
    there = {(position, row.file_id, row.digest): row for row, position in session.execute(query)}
    known = sealed.abouts(session, consultation, list(there.values()))
    return {
        position: tuple(
            file_of(file_id, known[file_id] if (position, file_id, digest) in there else None, actor.locale)
            for file_id, digest in pairs
        )
        for position, pairs in told.items()
    }


def listed(session: Session, actor: Actor, consultation: Consultation, other: str | None) -> tuple[Listed, ...]:
    """Every file of a consultation, the newest first. other: the other party's zone."""
    query = select(Attachment, Message).join(Message, Attachment.message_id == Message.id)
    query = query.where(Attachment.consultation_id == consultation.id).options(joinedload(Message.author))
    query = query.order_by(Message.position.desc(), Attachment.place)
    found = session.execute(query).all()
    known = sealed.abouts(session, consultation, [row for row, _message in found])
    return tuple(_listed(row, message, known, actor, other) for row, message in found)


def content_of(session: Session, actor: Actor, public_id: str, file_id: str) -> Content:
    """A file of a message, for who may read the message.

    Raises NotFound for who is no party and for a file that was not sent, Unreadable for one that was changed.
    """
    consultation = consultation_for(session, actor, public_id)
    query = select(Attachment).where(
        Attachment.consultation_id == consultation.id, Attachment.file_id == file_id, Attachment.message_id.is_not(None)
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    about = sealed.abouts(session, consultation, [row])[file_id]
    if about is None:
        raise Unreadable
    cipher = sealing.cipher(session, consultation.topic)
    return Content(file_id, about, cipher, sealed.file_place(consultation, file_id), row.digest)


def file_of(file_id: str, about: sealed.About | None, locale: str) -> File:
    """about: None for what does not open; a sentence stands in its place."""
    if about is None:
        return File(file_id, catalogue(locale).gettext(sealed.UNREADABLE), "", "", readable=False)
    return File(file_id, about.name, about.label, size_in_words(about.size, locale))


def size_in_words(size: int, locale: str) -> str:
    """As "1.2 MB", in the reader's language. size: in bytes. Pure."""
    if size < 999_500:
        return format_unit(max(1, round(size / 1000)), "digital-kilobyte", "short", locale=locale)
    return format_unit(round(size / 1_000_000, 1), "digital-megabyte", "short", locale=locale)


def _listed(
    row: Attachment, message: Message, known: Mapping[str, sealed.About | None], actor: Actor, other: str | None
) -> Listed:
    at: datetime = message.sent_at
    return Listed(
        file=file_of(row.file_id, known[row.file_id], actor.locale),
        position=message.position,
        who=message.author.display_name,
        at=at.isoformat(),
        moment=times.both_zones(at, actor.locale, actor.zone, other),
    )
