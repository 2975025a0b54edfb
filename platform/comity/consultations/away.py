"""Mail to those who are away: that something waits for them in Comity, and nothing of what it says.

A mail names Comity's reference, which authority wrote and where to read it; neither subject nor content leaves Comity.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from comity.consultations.models import Consultation, Message, Party, ReadState
from comity.core import outbox
from comity.core.i18n import N_, catalogue
from comity.directory.models import Authority
from comity.directory.names import state_name
from comity.directory.posts import Holding, Post
from comity.people.models import Account

WINDOW = timedelta(days=7)
"""How far back a notice reaches: what is older was told about long ago."""

QUIET = timedelta(minutes=15)
"""A person hears of one consultation at most this often; what comes in between waits for the next mail."""

_SUBJECT = N_("%(reference)s: %(authority)s has written to you")
_BODY = N_(
    "Dear %(name)s,\n\n"
    "%(authority)s has written in consultation %(reference)s, and you have not read it yet.\n\n"
    "Read and answer in Comity:\n%(link)s\n\n"
    "For confidentiality this message holds nothing of what was written.\n"
)


def notify_away(session: Session, now: datetime, away_after: int, base_url: str, domain: str) -> int:
    """Put one mail into the outbox for each person with something unread, and not yet told, in a consultation.

    away_after: seconds that it has been unread. domain: right side of the Message-ID. The position up to which a
    person was told is raised in the same transaction, so nobody is told twice. Returns how many mails were written.
    """
    told = 0
    for holding, account, consultation in _due(session, now, now - timedelta(seconds=away_after)):
        if not _raise_notified(session, account.id, holding.post_id, consultation, now):
            continue
        subject, body = _text(account, consultation, _author(session, account, consultation), base_url)
        outbox.enqueue(
            session, to=account.email, name=account.display_name, subject=subject, body=body,
            language=account.locale, domain=domain, now=now,
        )  # fmt: skip
        told += 1
    return told


def _due(session: Session, now: datetime, before: datetime) -> Iterator[tuple[Holding, Account, Consultation]]:
    """Who is to be told about what; once for a person and a consultation, whatever posts they hold."""
    seen = and_(ReadState.consultation_id == Consultation.id, ReadState.account_id == Holding.account_id)
    query = (
        select(Holding, Account, Consultation)
        .join(Account, Holding.account_id == Account.id)
        .join(Post, Holding.post_id == Post.id)
        .join(Party, Party.authority_id == Post.authority_id)
        .join(Consultation, Party.consultation_id == Consultation.id)
        .outerjoin(ReadState, seen)
        .where(Consultation.last_message_at >= now - WINDOW, Account.closed_at.is_(None))
        .where(Holding.since <= now, or_(Holding.until.is_(None), Holding.until > now))
        .where(or_(ReadState.notified_at.is_(None), ReadState.notified_at <= now - QUIET))
        .where(or_(_message_waits(before), _opening_waits(before)))
        .order_by(Holding.id, Consultation.id)
    )
    done: set[tuple[int, int]] = set()
    for holding, account, consultation in session.execute(query).all():
        if (account.id, consultation.id) not in done:
            done.add((account.id, consultation.id))
            yield holding, account, consultation


def _known() -> ColumnElement[int]:
    read, told = func.coalesce(ReadState.position, 0), func.coalesce(ReadState.notified_position, 0)
    return case((read > told, read), else_=told)


def _message_waits(before: datetime) -> ColumnElement[bool]:
    """A message by somebody else lies beyond what is known. What was said before a holder came is not news to them."""
    return (
        select(Message.id)
        .where(
            Message.consultation_id == Consultation.id,
            Message.position > _known(),
            Message.author_account_id != Holding.account_id,
            Message.sent_at <= before,
            Message.sent_at >= Holding.since,
        )
        .exists()
    )


def _opening_waits(before: datetime) -> ColumnElement[bool]:
    return and_(
        _known() == 0,
        Consultation.opened_by_account_id != Holding.account_id,
        Consultation.created_at <= before,
        Consultation.created_at >= Holding.since,
    )


def _raise_notified(session: Session, account_id: int, post_id: int, consultation: Consultation, now: datetime) -> bool:
    """Whether it was this call that raised it: of two processes at once, one tells."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ReadState).values(
        consultation_id=consultation.id, account_id=account_id, post_id=post_id, position=0,
        notified_position=consultation.last_position, notified_at=now,
    )  # fmt: skip
    raised = session.execute(
        statement.on_conflict_do_update(
            index_elements=["consultation_id", "account_id"],
            set_={"notified_position": statement.excluded.notified_position, "notified_at": now},
            where=ReadState.notified_position < statement.excluded.notified_position,
        ).returning(ReadState.id)
    )
    return raised.one_or_none() is not None


def _author(session: Session, reader: Account, consultation: Consultation) -> Authority:
    """The authority that wrote last, or that opened."""
    query = (
        select(Message)
        .where(Message.consultation_id == consultation.id, Message.author_account_id != reader.id)
        .order_by(Message.position.desc())
        .limit(1)
        .options(joinedload(Message.post).joinedload(Post.authority))
    )
    message = session.scalars(query).one_or_none()
    post = message.post if message else session.get_one(Post, consultation.opened_by_post_id)
    return post.authority


def _text(reader: Account, consultation: Consultation, author: Authority, base_url: str) -> tuple[str, str]:
    texts = catalogue(reader.locale)
    values = {
        "name": reader.display_name,
        "authority": f"{author.name_en} ({state_name(author.state_iso2, reader.locale)})",
        "reference": consultation.reference,
        "link": f"{base_url}/consultations/{consultation.public_id}",
    }
    return texts.gettext(_SUBJECT) % values, texts.gettext(_BODY) % values
