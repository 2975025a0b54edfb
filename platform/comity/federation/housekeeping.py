"""What is over is forgotten: ways that were not gone to their end, visits whose sessions are over, spent tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from comity.federation.models import ProviderFlow, ProviderVisit, SpentLogout


def forget_expired(session: Session, now: datetime) -> int:
    """Delete what ran out. Returns how many rows."""
    tables = (ProviderFlow, ProviderVisit, SpentLogout)
    statements = [delete(table).where(table.expires_at <= now).returning(table.id) for table in tables]
    return sum(len(session.scalars(statement).all()) for statement in statements)
