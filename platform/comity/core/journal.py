"""The journal: each topic has its own counter, raised under a row lock in the writing transaction.

So the positions of a topic are gapless and in order of commitment, and a reader's cursor skips nothing. The same rows
are the audit chain: each holds the hash of the one before it in its topic.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from comity.core.db import Base, Instant, Key

_ANNOUNCED = "journal.appended"
GENESIS = "0" * 64


class Topic(Base):
    """A stream of entries, with the position of the last one.

    name: for example `consultation:4f6c…`.
    """

    __tablename__ = "topic"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default=GENESIS)


class JournalEntry(Base):
    """One thing that happened in a topic. position: 1, 2, 3 … within the topic."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("topic_id", "position"),)

    id: Mapped[Key]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    account_id: Mapped[int | None]
    post_id: Mapped[int | None]
    at: Mapped[Instant] = mapped_column(index=True)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Appended:
    """An entry that a unit of work wrote: what a live hint is made of."""

    topic: str
    position: int
    kind: str


def append(
    session: Session,
    topic: str,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    account_id: int | None = None,
    post_id: int | None = None,
) -> int:
    """Write an entry at the end of a topic.

    payload: JSON values alone. Returns the entry's position. The topic's row stays locked until the commit.
    """
    row = _locked_topic(session, topic)
    position = row.position + 1
    digest = entry_digest(row.head, topic, position, kind, payload, account_id, post_id, now)
    session.execute(
        insert(JournalEntry).values(
            topic_id=row.id, position=position, kind=kind, payload=payload, account_id=account_id, post_id=post_id,
            at=now, previous=row.head, digest=digest,
        )
    )  # fmt: skip
    session.execute(update(Topic).where(Topic.id == row.id).values(position=position, head=digest))
    session.info.setdefault(_ANNOUNCED, []).append(Appended(topic, position, kind))
    return position


def next_position(session: Session, topic: str) -> int:
    """The position that the next entry of a topic gets. The topic's row stays locked until the commit."""
    return _locked_topic(session, topic).position + 1


def appended_in(session: Session) -> list[Appended]:
    """The entries that this unit of work wrote, for whoever announces them after the commit."""
    return list(session.info.get(_ANNOUNCED, ()))


def read(session: Session, topic: str, *, after: int = 0, limit: int = 200) -> Sequence[JournalEntry]:
    """The entries of a topic behind a cursor, in order. after: the last position already known."""
    query = (
        select(JournalEntry)
        .join(Topic)
        .where(Topic.name == topic, JournalEntry.position > after)
        .order_by(JournalEntry.position)
        .limit(limit)
    )
    return session.scalars(query).all()


def position(session: Session, topic: str) -> int:
    """The position of a topic's last entry; 0 for one that has none."""
    return session.scalar(select(Topic.position).where(Topic.name == topic)) or 0


def first_break(session: Session, topic: str) -> int | None:
    """The first position at which the chain of a topic does not hold, or None.

    Finds a row that was changed, removed or put elsewhere, the last one included.
    """
    head, expected, after = GENESIS, 1, 0
    while entries := read(session, topic, after=after):
        for entry in entries:
            digest = entry_digest(
                head, topic, expected, entry.kind, entry.payload, entry.account_id, entry.post_id, entry.at
            )
            if (entry.position, entry.previous, entry.digest) != (expected, head, digest):
                return expected
            head, expected, after = digest, expected + 1, entry.position
        session.expunge_all()
    last = session.execute(select(Topic.position, Topic.head).where(Topic.name == topic)).one_or_none()
    return None if last is None or tuple(last) == (expected - 1, head) else expected


def entry_digest(
    previous: str,
    topic: str,
    position: int,
    kind: str,
    payload: dict[str, Any],
    account_id: int | None,
    post_id: int | None,
    at: datetime,
) -> str:
    """SHA-256 over the canonical JSON of an entry and the digest before it, in hexadecimal."""
    stamp = at.isoformat(timespec="microseconds")
    fields = [previous, topic, position, kind, payload, account_id, post_id, stamp]
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _locked_topic(session: Session, name: str) -> Topic:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Topic).values(name=name, position=0, head=GENESIS).on_conflict_do_nothing())
    query = select(Topic).where(Topic.name == name).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()
