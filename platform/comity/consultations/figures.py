"""Counts of the consultations that somebody takes part in.

Nothing is withheld for being a small number: whoever may count these may list and open each of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.consultations.models import Consultation, Party
from comity.consultations.terms import Kind, Stage
from comity.core.actor import Actor
from comity.directory.posts import Post


@dataclass(frozen=True, slots=True)
class Figure:
    """month: of the opening, in UTC, as 2026-11."""

    month: str
    stage: Stage
    kind: Kind
    opened_by_us: bool
    count: int


def opened(session: Session, actor: Actor) -> list[Figure]:
    """How many consultations were opened, by month, stage, kind and side, the earliest month first."""
    own = select(Party.consultation_id).where(Party.authority_id.in_(actor.authority_ids))
    query = (
        select(Consultation.created_at, Consultation.stage, Consultation.kind, Post.authority_id)
        .join(Post, Post.id == Consultation.opened_by_post_id)
        .where(Consultation.id.in_(own))
    )
    counts = Counter(
        (f"{at:%Y-%m}", stage, kind, authority in actor.authority_ids)
        for at, stage, kind, authority in session.execute(query)
    )
    return [Figure(*key, count) for key, count in sorted(counts.items())]
