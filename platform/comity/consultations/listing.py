"""Consultations and their entries as values, in pages: what the API's callers read. Bodies are Markdown, as written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.consultations import sealed
from comity.consultations.happenings import sentence
from comity.consultations.models import Consultation, Message, Party
from comity.consultations.participation import consultation_for
from comity.core import journal
from comity.core.actor import Actor
from comity.core.journal import JournalEntry
from comity.directory.posts import Post
from comity.people.models import Account


@dataclass(frozen=True, slots=True)
class Line:
    """An entry. event: what happened, as the journal names it; empty for a message. body: None if it does not open."""

    position: int
    at: datetime
    event: str
    account: Account | None
    post: Post | None
    message: Message | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Entries behind a cursor. reached: the cursor for what comes next. more: there is more already."""

    items: tuple[Line, ...]
    reached: int
    more: bool


def mine(session: Session, actor: Actor, after: tuple[datetime, int] | None, most: int) -> Sequence[Consultation]:
    """The consultations that the actor takes part in, the one spoken in last first. after: last spoken in, and id."""
    own = select(Party.consultation_id).where(Party.authority_id.in_(actor.authority_ids))
    query = (
        select(Consultation)
        .where(Consultation.id.in_(own))
        .options(selectinload(Consultation.parties).joinedload(Party.authority))
        .order_by(Consultation.last_message_at.desc(), Consultation.id.desc())
        .limit(most)
    )
    if after is not None:
        at, last = after
        query = query.where(
            or_(
                Consultation.last_message_at < at,
                and_(Consultation.last_message_at == at, Consultation.id < last),
            )
        )
    return session.scalars(query).all()


def lines_after(session: Session, actor: Actor, public_id: str, after: int, most: int) -> Lines:
    """What was said and happened behind a position of the journal, in order. Raises NotFound for who is no party."""
    consultation = consultation_for(session, actor, public_id)
    rows = journal.read(session, consultation.topic, after=after, limit=most)
    reached = rows[-1].position if rows else min(after, journal.position(session, consultation.topic))
    more = reached < journal.position(session, consultation.topic)
    return Lines(tuple(_lines(session, consultation, rows)), reached, more)


def _lines(session: Session, consultation: Consultation, rows: Sequence[JournalEntry]) -> list[Line]:
    messages = _messages(session, consultation, [row.position for row in rows if row.kind == "message"])
    said = [(messages[row.position], row.account_id) for row in rows if row.position in messages]
    bodies = sealed.bodies(session, consultation, said)
    accounts = {a.id: a for a in session.scalars(select(Account).where(Account.id.in_({r.account_id for r in rows})))}
    authored = select(Post).where(Post.id.in_({row.post_id for row in rows})).options(joinedload(Post.authority))
    posts = {post.id: post for post in session.scalars(authored)}
    return [
        Line(
            position=row.position,
            at=row.at,
            event="" if row.position in messages else row.kind,
            account=accounts.get(row.account_id or 0),
            post=posts.get(row.post_id or 0),
            message=messages.get(row.position),
            body=bodies.get(row.position),
        )
        for row in rows
        if row.position in messages or sentence(row.kind, "", "en")
    ]


def _messages(session: Session, consultation: Consultation, positions: Sequence[int]) -> dict[int, Message]:
    if not positions:
        return {}
    query = select(Message).where(Message.consultation_id == consultation.id, Message.position.in_(positions))
    return {message.position: message for message in session.scalars(query)}
