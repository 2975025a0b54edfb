"""Filling guidance with the demonstration's data. A State whose guidance somebody kept stays as it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core import journal
from comity.directory.guidance.editing import topic
from comity.directory.guidance.entries import GuidanceEntry, load_guidance
from comity.directory.guidance.models import GuidanceLink, GuidanceRequirement, GuidanceText
from comity.directory.guidance.terms import LinkKind


def load(session: Session, now: datetime) -> None:
    """Add guidance where a State has none and nobody ever kept any. Raises DataError."""
    tables = (GuidanceRequirement, GuidanceText, GuidanceLink)
    known = {code for table in tables for code in session.scalars(select(table.state_iso2).distinct())}
    for entry in load_guidance():
        if entry.state not in known and journal.position(session, topic(entry.state)) == 0:
            _add(session, entry, now)
    session.flush()


def _add(session: Session, entry: GuidanceEntry, now: datetime) -> None:
    for one in entry.requirements:
        session.add(
            GuidanceRequirement(
                state_iso2=entry.state, key=one.key, element=one.element, need=one.need, case=one.when,
                kinds=sorted(one.kinds), forms=sorted(one.forms), law=one.law, original=one.original,
                texts=dict(one.texts), position=one.position, demonstration=True, updated_at=now,
            )
        )  # fmt: skip
    for language, body in entry.texts.items():
        session.add(
            GuidanceText(state_iso2=entry.state, language=language, body=body, demonstration=True, updated_at=now)
        )
    for position, link in enumerate(entry.links, start=1):
        session.add(
            GuidanceLink(
                state_iso2=entry.state, kind=LinkKind(link.kind), title=link.title, language=link.language,
                url=link.url, position=position, demonstration=True, updated_at=now,
            )
        )  # fmt: skip
