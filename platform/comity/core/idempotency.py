"""Answers kept for repeats: one Idempotency-Key, one effect (draft-ietf-httpapi-idempotency-key-header).

A request claims its key, then works, and keeps its answer in the transaction of the work itself. A claim that a killed
process left is taken over after a minute; should its owner live on, it finds the claim gone and undoes its work.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, UniqueConstraint, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from comity.core.db import Base, Instant, Key
from comity.core.problems import KeyReused, StillAnswering

KEPT = timedelta(hours=24)
_ABANDONED = timedelta(seconds=60)


class KeptAnswer(Base):
    """owner: who sent the request. fingerprint: of what it asked. status: None while it is being answered."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("owner", "key_digest"),)

    id: Mapped[Key]
    owner: Mapped[str] = mapped_column(String(80))
    key_digest: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    claim: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[dict[str, Any] | None]
    headers: Mapped[dict[str, Any] | None]
    claimed_at: Mapped[Instant] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request under a key. owner: who sent it, and with what. asked: method, address and body, as bytes."""

    owner: str
    key: str
    asked: bytes

    @property
    def key_digest(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.asked).hexdigest()


@dataclass(frozen=True, slots=True)
class Repeated:
    """The answer that the first request was given."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


def claim(session: Session, attempt: Attempt, now: datetime) -> str | Repeated:
    """Claim a key: the claim to work under, or the answer that was given before.

    Raises StillAnswering while another request works under it, KeyReused when it stands for another one.
    """
    session.execute(delete(KeptAnswer).where(*_of(attempt), KeptAnswer.claimed_at <= now - KEPT))
    mine = secrets.token_hex(16)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(KeptAnswer).values(
        owner=attempt.owner, key_digest=attempt.key_digest, fingerprint=attempt.fingerprint, claim=mine, claimed_at=now
    )
    if session.scalar(fresh.on_conflict_do_nothing().returning(KeptAnswer.id)) is not None:
        return mine
    row = session.scalars(select(KeptAnswer).where(*_of(attempt)).with_for_update()).one()
    if row.fingerprint != attempt.fingerprint:
        raise KeyReused
    if row.status is not None:
        return Repeated(row.status, row.body or {}, row.headers or {})
    if row.claimed_at > now - _ABANDONED:
        raise StillAnswering
    row.claim, row.claimed_at = mine, now
    return mine


def keep(session: Session, attempt: Attempt, mine: str, answer: Repeated) -> None:
    """Keep the answer, in the transaction of the work. Raises StillAnswering when somebody took the claim over."""
    kept = (
        update(KeptAnswer)
        .where(*_of(attempt), KeptAnswer.claim == mine, KeptAnswer.status.is_(None))
        .values(status=answer.status, body=answer.body, headers=answer.headers)
    )
    if session.scalar(kept.returning(KeptAnswer.id)) is None:
        raise StillAnswering


def release(session: Session, attempt: Attempt, mine: str) -> None:
    """Nothing was done: the same key may be tried again."""
    session.execute(delete(KeptAnswer).where(*_of(attempt), KeptAnswer.claim == mine, KeptAnswer.status.is_(None)))


def forget_old(session: Session, now: datetime) -> int:
    """Delete what is older than a day. Returns how many."""
    old = delete(KeptAnswer).where(KeptAnswer.claimed_at <= now - KEPT).returning(KeptAnswer.id)
    return len(session.scalars(old).all())


def _of(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    return (KeptAnswer.owner == attempt.owner, KeptAnswer.key_digest == attempt.key_digest)
