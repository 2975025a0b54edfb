"""What waits for somebody who looks after records: for the home page and the list of confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.directory.alive import reporting, reviewing
from comity.directory.alive.due import Record, all_due


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: records to confirm, reports to answer, proposals to decide on."""

    records: tuple[Record, ...]
    reports: int
    proposals: int

    def __bool__(self) -> bool:
        return bool(self.records or self.reports or self.proposals)


def to_confirm(session: Session, actor: Actor, now: datetime) -> Sequence[Record]:
    """The records that the actor is focal point of and that are due."""
    return all_due(session, now, actor.focal_of) if actor.focal_of else ()


def waiting(session: Session, actor: Actor, now: datetime) -> Waiting:
    """What waits for the actor."""
    if not actor.focal_of and not actor.is_secretariat:
        return Waiting((), 0, 0)
    return Waiting(
        tuple(to_confirm(session, actor, now)),
        len(reporting.reports_for(session, actor, now)),
        len(reviewing.queue(session, actor, now)),
    )
