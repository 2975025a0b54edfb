"""The journal: each topic has its own counter, raised under a row lock in the writing transaction.

So the positions of a topic are gapless and in order of commitment, and a reader's cursor skips nothing. The same rows
are the audit chain: each holds the hash of the one before it in its topic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from comity.core import chain
from comity.core.chain import GENESIS, entry_digest
from comity.core.db import Base, Instant, Key

_ANNOUNCED = "journal.appended"
_ORIGIN, _THROUGH = "journal.origin", "journal.through"
_AT_ONCE, _BEFORE_ALL = 500, -(2**31)
FROM = "from"
"""The payload's key for the IP address that an entry was asked for from. It is never shown to the other side."""
THROUGH = "through"
"""The payload's key for the API client that an entry was asked for through; left out for a person's own browser."""


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

    payload: JSON values alone; where the unit of work has an origin or an API client, they are added.
    Returns the entry's position.
    The topic's row stays locked until the commit.
    """
    if origin := origin_of(session):
        payload = {FROM: origin, **payload}
    if through := session.info.get(_THROUGH):
        payload = {THROUGH: through, **payload}
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


def lock(session: Session, topic: str) -> None:
    """Hold a topic until the commit: what is read of it from here on stays the last word."""
    _locked_topic(session, topic)


def set_origin(session: Session, address: str) -> None:
    """Say where this unit of work was asked for: the IP address behind the trusted proxies."""
    session.info[_ORIGIN] = address


def set_through(session: Session, client: str) -> None:
    """Say which API client asked for this unit of work; empty for none."""
    session.info[_THROUGH] = client


def origin_of(session: Session) -> str:
    """The IP address that this unit of work was asked for from; empty for one of a machine or a job."""
    return str(session.info.get(_ORIGIN, ""))


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
    """The first position at which the chain of a topic does not hold, or None."""
    found = breaks(session, topic)
    return found[0].position if found else None


def breaks(session: Session, topic: str) -> list[chain.Break]:
    """What was done to the entries of a topic, each named with its position; empty for a chain that holds.

    Call `steady` first where others may write meanwhile.
    """
    last = session.execute(select(Topic.position, Topic.head).where(Topic.name == topic)).one_or_none()
    if last is None or chain.holds(topic, entries(session, topic), *last):
        return []
    return chain.breaks(topic, list(entries(session, topic)), *last)


def entries(session: Session, topic: str) -> Iterator[JournalEntry]:
    """All rows of a topic in order, read in batches; also those before position 1, which no reader sees."""
    after = _BEFORE_ALL
    while batch := read(session, topic, after=after, limit=_AT_ONCE):
        after = batch[-1].position
        session.expunge_all()
        yield from batch


def steady(session: Session) -> None:
    """Read everything in this session from one snapshot: PostgreSQL gives each statement its own otherwise."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _locked_topic(session: Session, name: str) -> Topic:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Topic).values(name=name, position=0, head=GENESIS).on_conflict_do_nothing())
    query = select(Topic).where(Topic.name == name).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()
