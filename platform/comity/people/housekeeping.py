"""What is over is forgotten in the end: the journal keeps what must be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from comity.people.factors.models import Challenge, HalfSignIn
from comity.people.models import Invitation, SignInSession

KEPT = timedelta(days=90)
"""For so long a used or expired link is still answered with what happened to it."""


def forget_expired(session: Session, now: datetime) -> int:
    """Delete sessions and invitations that ended `KEPT` ago, and half sign-ins and challenges that are over.

    Returns how many.
    """
    over = now - KEPT
    sessions = delete(SignInSession).where(SignInSession.expires_at <= over).returning(SignInSession.id)
    invitations = delete(Invitation).where(Invitation.expires_at <= over).returning(Invitation.id)
    halves = delete(HalfSignIn).where(HalfSignIn.expires_at <= now).returning(HalfSignIn.id)
    challenges = delete(Challenge).where(Challenge.expires_at <= now).returning(Challenge.id)
    return sum(len(session.scalars(statement).all()) for statement in (sessions, invitations, halves, challenges))
