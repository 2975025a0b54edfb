"""The outbox: mail is a row of the transaction that caused it, and leaves after the commit.

A kill at any point loses nothing. A message may be handed over twice after one; its Message-ID stays the same, and the
Maildir keeps one file for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from comity.core.db import Base, Instant, Key, ShortText

_FIRST_RETRY, _LAST_RETRY = timedelta(seconds=30), timedelta(hours=4)
MOST_ATTEMPTS = 24


class OutboxMail(Base):
    """One mail to one recipient. language: BCP 47 code of its text."""

    __tablename__ = "outbox_mail"

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[ShortText]
    recipient_name: Mapped[ShortText]
    subject: Mapped[ShortText]
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Instant]
    due_at: Mapped[Instant] = mapped_column(index=True)
    sent_at: Mapped[Instant | None]
    gave_up_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[ShortText | None]


def enqueue(
    session: Session, *, to: str, name: str, subject: str, body: str, language: str, domain: str, now: datetime
) -> OutboxMail:
    """Put a mail into the outbox.

    to: addr-spec of RFC 5322. name: its display name. body: plain text. domain: right side of the Message-ID.
    """
    mail = OutboxMail(
        message_id=f"<{uuid.uuid4()}@{domain}>",
        recipient=to,
        recipient_name=name,
        subject=" ".join(subject.split())[:300],
        body=body,
        language=language,
        created_at=now,
        due_at=now,
    )
    session.add(mail)
    return mail


def due(session: Session, now: datetime, limit: int = 50) -> Sequence[OutboxMail]:
    """The mails whose turn it is, oldest first."""
    query = (
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.gave_up_at.is_(None), OutboxMail.due_at <= now)
        .order_by(OutboxMail.due_at, OutboxMail.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def record_sent(session: Session, mail_id: int, now: datetime) -> None:
    """The next hop has the mail."""
    mail = session.get_one(OutboxMail, mail_id)
    mail.sent_at, mail.last_error, mail.attempts = now, None, mail.attempts + 1


def record_failure(session: Session, mail_id: int, now: datetime, reason: str, *, permanent: bool) -> None:
    """The next hop did not take the mail. permanent: an SMTP 5yz reply (RFC 5321, 4.2.1), so it is not tried again."""
    mail = session.get_one(OutboxMail, mail_id)
    mail.attempts += 1
    mail.last_error = reason[:300]
    mail.due_at = now + min(_FIRST_RETRY * 2 ** min(mail.attempts - 1, 12), _LAST_RETRY)
    if permanent or mail.attempts >= MOST_ATTEMPTS:
        mail.gave_up_at = now


def compose(mail: OutboxMail, *, sender: str) -> EmailMessage:
    """The message as it goes out (RFC 5322), marked as made by a machine (RFC 3834, 5)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(display_name=mail.recipient_name, addr_spec=mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    message["Content-Language"] = mail.language  # after the content, which takes all Content- headers away
    return message
