"""What of a consultation is sealed at rest with its key: the subject, the messages, the drafts, the files.

Each is bound to the consultation and to its own place in it, so that rows which were exchanged do not open.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from comity.consultations.models import Attachment, Consultation, Message
from comity.core import sealing
from comity.core.i18n import N_, catalogue
from comity.core.keys import Cipher, Place, Unreadable

log = logging.getLogger("comity.consultations")

UNREADABLE = N_("This was changed or damaged where it is stored and cannot be shown. Please tell the secretariat.")


@dataclass(frozen=True, slots=True)
class About:
    """What a file is. label: for people. size: in bytes."""

    name: str
    label: str
    media_type: str
    size: int


def begin(session: Session, consultation: Consultation, subject: str) -> None:
    """Make the key of a new consultation, and seal its subject with it."""
    key = sealing.create(session, consultation.topic)
    consultation.sealed_subject = key.seal_text(subject, _subject_place(consultation))


def subjects(session: Session, among: Iterable[Consultation], locale: str) -> dict[int, str]:
    """The subject of each consultation, by its id. One that does not open is replaced by a sentence that says so."""
    known = list(among)
    found = sealing.ciphers(session, (each.topic for each in known))
    return {each.id: _subject(found, each, locale) for each in known}


def subject_of(session: Session, consultation: Consultation, locale: str) -> str:
    """As `subjects`, of one."""
    return subjects(session, [consultation], locale)[consultation.id]


def seal_body(session: Session, consultation: Consultation, message: Message, body: str) -> bytes:
    """message: with its position, author and client_id."""
    place = _body_place(consultation, message, message.author_account_id)
    return sealing.cipher(session, consultation.topic).seal_text(body, place)


def bodies(
    session: Session, consultation: Consultation, said: Sequence[tuple[Message, int | None]]
) -> dict[int, str | None]:
    """The body of each message, by its position; None for one that does not open, which is logged.

    said: each with the account that said it according to the journal.
    """
    if not said:
        return {}
    key = _key(session, consultation)
    return {
        message.position: _opened(key, message.sealed_body, _body_place(consultation, message, account_id or 0))
        for message, account_id in said
    }


def seal_draft(session: Session, consultation: Consultation, account_id: int, text: str) -> bytes:
    return sealing.cipher(session, consultation.topic).seal_text(text, _draft_place(consultation, account_id))


def open_draft(session: Session, consultation: Consultation, account_id: int, content: bytes) -> str | None:
    """What was sealed, or None for what does not open, which is logged."""
    return _opened(_key(session, consultation), content, _draft_place(consultation, account_id))


def file_place(consultation: Consultation, file_id: str) -> Place:
    """What a file's content is bound to (`core/files/stream.py`)."""
    return (consultation.topic, "file", file_id)


def seal_about(session: Session, consultation: Consultation, attachment: Attachment, about: About) -> bytes:
    """attachment: with its file_id, account and client_id."""
    text = json.dumps([about.name, about.label, about.media_type, about.size])
    return sealing.cipher(session, consultation.topic).seal_text(text, _about_place(consultation, attachment))


def abouts(session: Session, consultation: Consultation, attachments: Sequence[Attachment]) -> dict[str, About | None]:
    """What each file is, by its id; None for one that does not open, which is logged."""
    key = _key(session, consultation) if attachments else None
    found = {each.file_id: _opened(key, each.sealed_about, _about_place(consultation, each)) for each in attachments}
    return {file_id: None if text is None else About(*json.loads(text)) for file_id, text in found.items()}


def _key(session: Session, consultation: Consultation) -> Cipher | None:
    return sealing.ciphers(session, [consultation.topic]).get(consultation.topic)


def _subject(found: Mapping[str, Cipher], consultation: Consultation, locale: str) -> str:
    text = _opened(found.get(consultation.topic), consultation.sealed_subject, _subject_place(consultation))
    return catalogue(locale).gettext(UNREADABLE) if text is None else text


def _opened(key: Cipher | None, content: bytes, place: Place) -> str | None:
    try:
        if key is None:
            raise Unreadable
        return key.open_text(content, place)
    except Unreadable:
        log.error("does not open: %s", " ".join(map(str, place)))
        return None


def _subject_place(consultation: Consultation) -> Place:
    return (consultation.topic, "subject")


def _body_place(consultation: Consultation, message: Message, account_id: int) -> Place:
    return (consultation.topic, "message", message.position, account_id, message.client_id)


def _draft_place(consultation: Consultation, account_id: int) -> Place:
    return (consultation.topic, "draft", account_id)


def _about_place(consultation: Consultation, attachment: Attachment) -> Place:
    return (consultation.topic, "about", attachment.file_id, attachment.account_id, attachment.client_id)
