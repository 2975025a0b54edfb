"""What a post hands over to its next holder: the open consultations, the people to know, and a note by the leaver.

The note is sealed at rest with a key of the post, and stays with the post.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from comity.consultations.models import Consultation, Message, Party
from comity.consultations.overview import QUIET_AFTER, Summary, list_mine
from comity.core import journal, sealing
from comity.core.actor import Actor, PostRef
from comity.core.db import Base, Instant, Key
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.core.keys import Unreadable
from comity.core.permissions import Action, may
from comity.directory.names import state_name
from comity.directory.posts import Holding, Post, in_force
from comity.people.models import Account

log = logging.getLogger("comity.consultations")

MOST_NOTE = 20_000
_MOST_PEOPLE = 30


class HandOver(Base):
    """The note of a post. sealed_note: Markdown, under the key of the post."""

    __tablename__ = "hand_over"

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), unique=True)
    author_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sealed_note: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[Instant]


class TakenOver(Base):
    """The holder has read what was handed over to them."""

    __tablename__ = "taken_over"

    id: Mapped[Key]
    holding_id: Mapped[int] = mapped_column(ForeignKey("holding.id"), unique=True)
    at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on the other side. state: in the reader's language. last_at: when they wrote last."""

    name: str
    post: str
    authority: str
    state: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of one post shows. note: Markdown; None for one that does not open.

    before: who held the post before the reader, or nobody. unread_by_holder: the reader has not marked it as read.
    """

    post: PostRef
    waiting: tuple[Summary, ...]
    others: tuple[Summary, ...]
    people: tuple[Known, ...]
    note: str | None
    noted_by: str
    noted_at: datetime | None
    before: str
    unread_by_holder: bool


def page_of(session: Session, actor: Actor, now: datetime, post_id: int) -> Page:
    """What a post hands over, for its holder. Raises NotFound for everybody else."""
    post = _own(actor, post_id)
    ids = _of_post(session, post)
    open_ones = [one for one in list_mine(session, actor, now - QUIET_AFTER) if one.public_id in ids]
    note, author, at = _note(session, post.id)
    holding = _holding(session, actor, post.id, now)
    return Page(
        post=post,
        waiting=tuple(one for one in reversed(open_ones) if one.waiting_on_us),
        others=tuple(one for one in open_ones if not one.waiting_on_us),
        people=_people(session, actor, ids),
        note=note,
        noted_by=author,
        noted_at=at,
        before=_before(session, holding),
        unread_by_holder=_is_unread(session, holding),
    )


def write_note(session: Session, actor: Actor, now: datetime, post_id: int, text: str) -> None:
    """Keep a note with the post. Raises NotFound, Invalid for one that is too long."""
    post = _own(actor, post_id)
    if len(text) > MOST_NOTE:
        raise Invalid(N_("This is too long. Please use at most %(most)s characters."), field="note", most=MOST_NOTE)
    topic = f"post:{post.id}"
    # Holding the topic until the commit, so that two at once make one key and one row.
    journal.append(session, topic, "post.note-written", {}, now=now, account_id=actor.account_id, post_id=post.id)
    key = sealing.ciphers(session, [topic]).get(topic) or sealing.create(session, topic)
    found = session.scalars(select(HandOver).where(HandOver.post_id == post.id)).one_or_none() or HandOver()
    found.post_id, found.author_account_id, found.updated_at = post.id, actor.account_id, now
    found.sealed_note = key.seal_text(text.strip(), (topic, "hand-over"))
    session.add(found)
    session.flush()


def mark_taken_over(session: Session, actor: Actor, now: datetime, post_id: int) -> None:
    """The holder has read it and is greeted with it no longer. Raises NotFound."""
    post = _own(actor, post_id)
    journal.append(
        session, f"post:{post.id}", "post.hand-over-read", {}, now=now, account_id=actor.account_id, post_id=post.id
    )
    holding = _holding(session, actor, post.id, now)
    if _is_unread(session, holding):
        session.add(TakenOver(holding_id=holding.id, at=now))
        session.flush()


def waiting_for(session: Session, actor: Actor, now: datetime) -> list[tuple[PostRef, str]]:
    """The posts that were handed over to somebody and not yet read about, each with who held it before."""
    query = (
        select(Holding)
        .outerjoin(TakenOver, TakenOver.holding_id == Holding.id)
        .where(Holding.account_id == actor.account_id, TakenOver.id.is_(None), *in_force(now))
    )
    held = {post.id: post for post in actor.posts}
    found = [(holding, _before(session, holding)) for holding in session.scalars(query) if holding.post_id in held]
    return [(held[holding.post_id], before) for holding, before in found if before]


def _own(actor: Actor, post_id: int) -> PostRef:
    if not may(actor, Action.HAND_OVER, posts=[post_id]):
        raise NotFound
    return next(post for post in actor.posts if post.id == post_id)


def _of_post(session: Session, post: PostRef) -> set[str]:
    """Where the post opened or wrote, and where nobody of the authority has written yet."""
    own = select(Party.consultation_id).where(Party.authority_id == post.authority_id)
    ours = select(Message.consultation_id).join(Post, Message.author_post_id == Post.id)
    ours = ours.where(Post.authority_id == post.authority_id)
    wrote = select(Message.consultation_id).where(Message.author_post_id == post.id)
    opened_here = select(Post.id).where(Post.authority_id == post.authority_id)
    query = select(Consultation.public_id).where(
        Consultation.id.in_(own),
        (Consultation.opened_by_post_id == post.id)
        | Consultation.id.in_(wrote)
        | (Consultation.id.not_in(ours) & Consultation.opened_by_post_id.not_in(opened_here)),
    )
    return set(session.scalars(query))


def _people(session: Session, actor: Actor, public_ids: set[str]) -> tuple[Known, ...]:
    query = (
        select(Message)
        .join(Consultation, Message.consultation_id == Consultation.id)
        .join(Post, Message.author_post_id == Post.id)
        .where(Consultation.public_id.in_(public_ids), Post.authority_id.not_in(actor.authority_ids))
        .options(joinedload(Message.author), joinedload(Message.post).joinedload(Post.authority))
        .order_by(Message.sent_at.desc())
        .limit(_MOST_PEOPLE * 10)
    )
    found: dict[int, Known] = {}
    for message in session.scalars(query):
        authority = message.post.authority
        known = Known(
            message.author.display_name, message.post.title, authority.name_en,
            state_name(authority.state_iso2, actor.locale), message.sent_at,
        )  # fmt: skip
        found.setdefault(message.author_account_id, known)
    return tuple(found.values())[:_MOST_PEOPLE]


def _note(session: Session, post_id: int) -> tuple[str | None, str, datetime | None]:
    topic = f"post:{post_id}"
    query = select(HandOver, Account.display_name).join(Account, HandOver.author_account_id == Account.id)
    row = session.execute(query.where(HandOver.post_id == post_id)).one_or_none()
    if row is None:
        return "", "", None
    found, author = row
    note: str | None
    try:
        note = sealing.cipher(session, topic).open_text(found.sealed_note, (topic, "hand-over"))
    except Unreadable:
        log.error("does not open: the note of post %s", post_id)
        note = None
    return note, author, found.updated_at


def _holding(session: Session, actor: Actor, post_id: int, now: datetime) -> Holding:
    query = select(Holding).where(Holding.post_id == post_id, Holding.account_id == actor.account_id, *in_force(now))
    found = session.scalars(query.order_by(Holding.id.desc()).limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _before(session: Session, holding: Holding) -> str:
    query = (
        select(Account.display_name)
        .join(Holding, Holding.account_id == Account.id)
        .where(
            Holding.post_id == holding.post_id, Holding.since < holding.since, Holding.account_id != holding.account_id
        )
        .order_by(Holding.since.desc())
    )
    return session.scalar(query.limit(1)) or ""


def _is_unread(session: Session, holding: Holding) -> bool:
    return session.scalar(select(TakenOver.id).where(TakenOver.holding_id == holding.id)) is None
