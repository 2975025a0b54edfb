"""Lists of a person's consultations: all, with what is unread, and who is waiting for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from comity.consultations import sealed
from comity.consultations.models import Consultation, Message, Party, ReadState
from comity.consultations.terms import KIND_LABELS, STAGE_LABELS
from comity.consultations.timeline import their_zone
from comity.core.actor import Actor
from comity.directory.names import state_name

QUIET_AFTER = timedelta(days=183)
"""A consultation in which nobody spoke for half a year waits on nobody; it stays in the list."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A consultation in a list, for one reader.

    stage_label, kind_label: message ids. other_authority: the other party, with its State in the reader's language.
    other_zone: IANA name. last_at: of the last message, or the opening.
    unread: messages by others that the reader has not read. new: opened by others and never looked at.
    waiting_on_us: the other side spoke last.
    """

    public_id: str
    reference: str
    own_reference: str
    subject: str
    stage_label: str
    kind_label: str
    other_authority: str
    other_zone: str | None
    last_at: datetime
    unread: int
    new: bool
    waiting_on_us: bool


def list_mine(session: Session, actor: Actor, since: datetime | None = None) -> list[Summary]:
    """The consultations that the actor takes part in, the one spoken in last first. since: leaves out older ones."""
    query = (
        select(Consultation)
        .where(_takes_part(actor), *((Consultation.last_message_at >= since,) if since else ()))
        .options(selectinload(Consultation.parties).joinedload(Party.authority))
        .order_by(Consultation.last_message_at.desc(), Consultation.id.desc())
    )
    consultations = session.scalars(query).all()
    unread, read = _unread(session, actor), _read_positions(session, actor, consultations)
    subjects = sealed.subjects(session, consultations, actor.locale)
    return [_summary(actor, c, subjects[c.id], unread.get(c.id, 0), read.get(c.id, 0)) for c in consultations]


def waiting_on_me(session: Session, actor: Actor, now: datetime) -> list[Summary]:
    """Where the other side spoke last and waits for an answer; longest waiting first."""
    return [summary for summary in _recent(session, actor, now) if summary.waiting_on_us]


def waiting_on_them(session: Session, actor: Actor, now: datetime) -> list[Summary]:
    """Where our side spoke last; longest waiting first."""
    return [summary for summary in _recent(session, actor, now) if not summary.waiting_on_us]


def unread_count(session: Session, actor: Actor) -> int:
    """In how many consultations something by others is unread: what the navigation shows."""
    seen = and_(ReadState.consultation_id == Consultation.id, ReadState.account_id == actor.account_id)
    query = (
        select(func.count(Consultation.id))
        .outerjoin(ReadState, seen)
        .where(_takes_part(actor), Consultation.last_position > func.coalesce(ReadState.position, 0))
        .where(or_(_spoken_by_others(actor), Consultation.last_authority_id.not_in(actor.authority_ids)))
    )
    return session.scalar(query) or 0 if actor.posts else 0


def _recent(session: Session, actor: Actor, now: datetime) -> list[Summary]:
    return list_mine(session, actor, now - QUIET_AFTER)[::-1]


def _takes_part(actor: Actor) -> ColumnElement[bool]:
    own = select(Party.consultation_id).where(Party.authority_id.in_(actor.authority_ids))
    return Consultation.id.in_(own)


def _spoken_by_others(actor: Actor) -> ColumnElement[bool]:
    return (
        select(Message.id)
        .where(
            Message.consultation_id == Consultation.id,
            Message.position > func.coalesce(ReadState.position, 0),
            Message.author_account_id != actor.account_id,
        )
        .exists()
    )


def _unread(session: Session, actor: Actor) -> dict[int, int]:
    seen = and_(ReadState.consultation_id == Message.consultation_id, ReadState.account_id == actor.account_id)
    own = select(Party.consultation_id).where(Party.authority_id.in_(actor.authority_ids))
    query = (
        select(Message.consultation_id, func.count(Message.id))
        .outerjoin(ReadState, seen)
        .where(Message.consultation_id.in_(own), Message.author_account_id != actor.account_id)
        .where(Message.position > func.coalesce(ReadState.position, 0))
        .group_by(Message.consultation_id)
    )
    return dict(session.execute(query).all())


def _read_positions(session: Session, actor: Actor, among: Sequence[Consultation]) -> dict[int, int]:
    query = select(ReadState.consultation_id, ReadState.position).where(
        ReadState.account_id == actor.account_id, ReadState.consultation_id.in_([c.id for c in among])
    )
    return dict(session.execute(query).all())


def _summary(actor: Actor, consultation: Consultation, subject: str, unread: int, read: int) -> Summary:
    ours = [p for p in consultation.parties if p.authority_id in actor.authority_ids]
    others = [p.authority for p in consultation.parties if p.authority_id not in actor.authority_ids]
    return Summary(
        public_id=consultation.public_id,
        reference=consultation.reference,
        own_reference=ours[0].reference if ours else "",
        subject=subject,
        stage_label=STAGE_LABELS[consultation.stage],
        kind_label=KIND_LABELS[consultation.kind],
        other_authority=" · ".join(f"{a.name_en}, {state_name(a.state_iso2, actor.locale)}" for a in others),
        other_zone=their_zone(actor, consultation),
        last_at=consultation.last_message_at,
        unread=unread,
        new=read == 0 and consultation.opened_by_account_id != actor.account_id,
        waiting_on_us=consultation.last_authority_id not in actor.authority_ids,
    )
