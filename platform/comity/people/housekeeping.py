"""What is over is forgotten in the end: the journal keeps what must be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from comity.people.models import Invitation, SignInSession

KEPT = timedelta(days=90)
"""For so long a used or expired link is still answered with what happened to it."""


def forget_expired(session: Session, now: datetime) -> int:
    """Delete sessions and invitations that ended `KEPT` ago. Returns how many."""
    over = now - KEPT
    sessions = delete(SignInSession).where(SignInSession.expires_at <= over).returning(SignInSession.id)
    invitations = delete(Invitation).where(Invitation.expires_at <= over).returning(Invitation.id)
    return sum(len(session.scalars(statement).all()) for statement in (sessions, invitations))
