"""The audit trail: who looked at a thing, written once in a while, and whether each topic's chain was found whole.

Looks go to a topic of their own, `audit:` and the thing's topic, so that reading floods no thread. One entry for each
person, post, kind of look and IP address in fifteen minutes (`EACH`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from comity.core import journal
from comity.core.chain import Break, Tampering
from comity.core.db import Base, Instant, Key
from comity.core.journal import FROM, THROUGH, JournalEntry, Topic

EACH = timedelta(minutes=15)
_SKEW = timedelta(minutes=1)
"""Entries of a topic are in order of commitment; their times may differ from that order by a transaction's length."""
_PREFIX, _OF = "audit:", "of"
_AT_ONCE = 50


class Verification(Base):
    """What the last look at a topic's chain found. fault: a `Tampering`, or None for a chain that holds.

    verified_position: how far the chain reached then. fault_position: where it does not hold.
    """

    __tablename__ = "audit_verification"

    id: Mapped[Key]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), unique=True)
    verified_position: Mapped[int]
    verified_at: Mapped[Instant]
    fault: Mapped[str | None] = mapped_column(String(20))
    fault_position: Mapped[int | None]

    topic: Mapped[Topic] = relationship()


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looks at a thing. topic: the thing's own. origin: the IP address; empty where there is none.

    of: the id of the part of it that is looked at; empty for the whole.
    through: the API client that asks for them; empty for their own browser.
    """

    topic: str
    kind: str
    account_id: int
    post_id: int | None
    origin: str
    of: str = ""
    through: str = ""

    @property
    def trail(self) -> str:
        """The topic that looks at the thing are written to."""
        return trail_of(self.topic)


def trail_of(topic: str) -> str:
    """The topic that looks at a thing are written to. topic: the thing's own."""
    return _PREFIX + topic


def is_due(session: Session, look: Look, now: datetime) -> bool:
    """Whether the look is to be written: no entry like it is younger than `EACH`."""
    return noted(session, look, now) is None


def noted(session: Session, look: Look, now: datetime) -> datetime | None:
    """When a look like it was written within `EACH`, or None."""
    last = journal.position(session, look.trail)
    while last > 0:
        recent = journal.read(session, look.trail, after=max(0, last - _AT_ONCE), limit=min(last, _AT_ONCE))
        for entry in reversed(recent):
            if entry.at <= now - EACH - _SKEW:
                return None
            if _alike(entry, look) and entry.at > now - EACH:
                return entry.at
        last -= _AT_ONCE
    return None


def record(session: Session, look: Look, now: datetime) -> bool:
    """Write the look if it is due. Returns whether it was. Of several at once, one writes: the topic is locked."""
    journal.lock(session, look.trail)
    if not is_due(session, look, now):
        return False
    journal.set_origin(session, look.origin)
    what = {_OF: look.of} if look.of else {}
    journal.set_through(session, look.through)
    journal.append(session, look.trail, look.kind, what, now=now, account_id=look.account_id, post_id=look.post_id)
    return True


def looks(session: Session, topic: str, since: datetime, until: datetime) -> Sequence[JournalEntry]:
    """The looks at a thing in a span of time, the earliest first. until: not included."""
    query = (
        select(JournalEntry)
        .join(Topic)
        .where(Topic.name == trail_of(topic), JournalEntry.at >= since, JournalEntry.at < until)
        .order_by(JournalEntry.position)
    )
    return session.scalars(query).all()


def note_verification(session: Session, topic: str, position: int, found: Break | None, now: datetime) -> None:
    """Keep what a look at a topic's chain found."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "verified_position": position,
        "verified_at": now,
        "fault": found.what.value if found else None,
        "fault_position": found.position if found else None,
    }
    topic_id = session.scalars(select(Topic.id).where(Topic.name == topic)).one()
    statement = dialect.insert(Verification).values(topic_id=topic_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["topic_id"], set_=values))


def told_by_checkpoint(session: Session, topic_id: int) -> bool:
    """Whether what is known of a topic is a fault that may have been seen by a checkpoint alone."""
    query = select(Verification.fault).where(Verification.topic_id == topic_id)
    return session.scalar(query) in {Tampering.TRUNCATED.value, Tampering.REWRITTEN.value}


def _alike(entry: JournalEntry, look: Look) -> bool:
    known = (entry.kind, entry.account_id, entry.post_id)
    kept = tuple(entry.payload.get(name, "") for name in (FROM, _OF, THROUGH))
    asked = (look.origin, look.of, look.through)
    return (known, kept) == ((look.kind, look.account_id, look.post_id), asked)
