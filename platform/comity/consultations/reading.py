"""How far each person has read. Positions only rise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from comity.consultations.models import Consultation, ReadState
from comity.consultations.participation import consultation_for, speaking_post
from comity.core import journal
from comity.core.actor import Actor, PostRef
from comity.directory.posts import Post

_READ_IN = "consultations.read"


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who has read up to a position."""

    account: int
    name: str
    authority: str
    position: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def mark_read(session: Session, actor: Actor, now: datetime, *, public_id: str, position: int) -> Reader:
    """Say that the actor has read up to a position; what lies beyond the last entry is cut off.

    Returns how far they have read now, which is never less than before. Raises NotFound for who is no party.
    """
    consultation = consultation_for(session, actor, public_id)
    post = speaking_post(actor, consultation)
    reached = max(0, min(position, journal.position(session, consultation.topic)))
    advance(session, actor, consultation, post, reached, now)
    position = position_of(session, actor.account_id, consultation.id)
    reader = Reader(actor.account_id, actor.display_name, post.authority_name, position)
    session.info.setdefault(_READ_IN, []).append((consultation.topic, reader))
    return reader


def read_in(session: Session) -> list[tuple[str, Reader]]:
    """Who has read on in this unit of work, with the topic, for whoever announces it after the commit."""
    return list(session.info.get(_READ_IN, ()))


def position_of(session: Session, account_id: int, consultation_id: int) -> int:
    """How far a person has read; 0 for nothing."""
    query = select(ReadState.position).where(
        ReadState.account_id == account_id, ReadState.consultation_id == consultation_id
    )
    return session.scalar(query) or 0


def readers(session: Session, consultation: Consultation) -> list[Reader]:
    """Everybody who has read something in a consultation; for a caller that has checked access."""
    query = (
        select(ReadState)
        .where(ReadState.consultation_id == consultation.id, ReadState.position > 0)
        .options(joinedload(ReadState.account), joinedload(ReadState.post).joinedload(Post.authority))
        .order_by(ReadState.id)
    )
    return [
        Reader(state.account_id, state.account.display_name, state.post.authority.name_en, state.position)
        for state in session.scalars(query)
    ]


def advance(
    session: Session, actor: Actor, consultation: Consultation, post: PostRef, position: int, now: datetime
) -> None:
    """Raise the actor's position to `position`, if it is lower. Two devices may do it at once."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ReadState).values(
        consultation_id=consultation.id, account_id=actor.account_id, post_id=post.id, position=position,
        notified_position=0, read_at=now,
    )  # fmt: skip
    fresh = statement.excluded
    higher = case((fresh.position > ReadState.position, fresh.position), else_=ReadState.position)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["consultation_id", "account_id"],
            set_={"position": higher, "post_id": fresh.post_id, "read_at": fresh.read_at},
        )
    )


def follow_own(
    session: Session, actor: Actor, consultation: Consultation, post: PostRef, position: int, now: datetime
) -> None:
    """One's own message counts as read, unless something before it was not."""
    if position_of(session, actor.account_id, consultation.id) == position - 1:
        advance(session, actor, consultation, post, position, now)
