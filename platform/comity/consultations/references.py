"""Comity's own references: CTY-2026-0412, numbered within a year without gaps."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from comity.consultations.models import ReferenceCounter


def locked_counter(session: Session, year: int) -> ReferenceCounter:
    """The year's counter; its row stays locked until the commit, so that numbers have no gap and no repeat."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(ReferenceCounter).values(year=year, last=0).on_conflict_do_nothing())
    query = select(ReferenceCounter).where(ReferenceCounter.year == year).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def take(counter: ReferenceCounter) -> str:
    """The next reference of a locked counter."""
    counter.last += 1
    return written(counter.year, counter.last)


def written(year: int, number: int) -> str:
    """A reference as people read it: four digits at least."""
    return f"CTY-{year}-{number:04d}"
