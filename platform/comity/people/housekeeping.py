"""What is over is forgotten in the end: the journal keeps what must be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from comity.core import idempotency
from comity.people.factors.models import Challenge, HalfSignIn
from comity.people.models import Invitation, SignInSession
from comity.people.oauth.models import Allowance, Code, Token

KEPT = timedelta(days=90)
"""For so long a used or expired link is still answered with what happened to it."""


def forget_expired(session: Session, now: datetime) -> int:
    """Delete sessions and invitations that ended `KEPT` ago, and half sign-ins and challenges that are over.

    Of the API: codes, tokens and allowances the same time after their end, and answers kept for repeats after a day.
    Returns how many.
    """
    over = now - KEPT
    sessions = delete(SignInSession).where(SignInSession.expires_at <= over).returning(SignInSession.id)
    invitations = delete(Invitation).where(Invitation.expires_at <= over).returning(Invitation.id)
    halves = delete(HalfSignIn).where(HalfSignIn.expires_at <= now).returning(HalfSignIn.id)
    challenges = delete(Challenge).where(Challenge.expires_at <= now).returning(Challenge.id)
    browsers = sum(len(session.scalars(statement).all()) for statement in (sessions, invitations, halves, challenges))
    return browsers + _forget_of_clients(session, over) + idempotency.forget_old(session, now)


def _forget_of_clients(session: Session, over: datetime) -> int:
    """Tokens before what they came of: a used code or token is a sign of theft as long as it is known."""
    ended = select(Allowance.id).where(or_(Allowance.expires_at <= over, Allowance.revoked_at <= over))
    codes = delete(Code).where(or_(Code.expires_at <= over, Code.allowance_id.in_(ended))).returning(Code.id)
    tokens = delete(Token).where(or_(Token.expires_at <= over, Token.allowance_id.in_(ended))).returning(Token.id)
    return sum(len(session.scalars(statement).all()) for statement in (codes, tokens))
