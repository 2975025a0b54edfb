"""What a person is writing, kept on the server so that it survives a reload and a change of device."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from comity.consultations import checks, sealed
from comity.consultations.models import Consultation, Draft
from comity.consultations.participation import consultation_for
from comity.core.actor import Actor


def save_draft(session: Session, actor: Actor, now: datetime, *, public_id: str, body: str) -> None:
    """Keep what the actor is writing; an empty body discards the draft. Raises NotFound for who is no party."""
    consultation = consultation_for(session, actor, public_id)
    text = checks.draft(body)
    if not text.strip():
        session.execute(delete(Draft).where(*_own(actor, consultation)))
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    content = sealed.seal_draft(session, consultation, actor.account_id, text)
    values = {"sealed_body": content, "updated_at": now}
    session.execute(
        dialect.insert(Draft)
        .values(account_id=actor.account_id, consultation_id=consultation.id, **values)
        .on_conflict_do_update(index_elements=["account_id", "consultation_id"], set_=values)
    )


def draft_of(session: Session, actor: Actor, consultation: Consultation) -> str:
    """What the actor was writing; empty for nothing, and for what does not open: the thread matters more."""
    content = session.scalar(select(Draft.sealed_body).where(*_own(actor, consultation)))
    found = None if content is None else sealed.open_draft(session, consultation, actor.account_id, content)
    return found or ""


def discard_sent(session: Session, actor: Actor, consultation: Consultation, sent: str) -> None:
    """Discard the draft that has become a message; one that has moved on since is kept."""
    if draft_of(session, actor, consultation).strip() == sent:
        session.execute(delete(Draft).where(*_own(actor, consultation)))


def _own(actor: Actor, consultation: Consultation) -> tuple[ColumnElement[bool], ...]:
    return (Draft.account_id == actor.account_id, Draft.consultation_id == consultation.id)
