"""The rules of invitations and sign-in sessions: pure functions of instants.

A session's token is replaced once a day. The token before it stays good until its successor has been in use for a
minute: requests under way are not thrown out, nor is a browser that the answer with the new token never reached.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

INVITATION_LASTS = timedelta(days=7)
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
ROTATE_AFTER = timedelta(days=1)
OVERLAP = timedelta(minutes=1)
EXTEND_EVERY = timedelta(minutes=15)


class InvitationState(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"


class Step(StrEnum):
    """What a session needs when a request arrives with one of its tokens."""

    NOTHING = "nothing"
    EXTEND = "extend"
    """Put the end further off."""
    SETTLE = "settle"
    """Forget the token before: its successor is in use."""
    ROTATE = "rotate"
    """Hand out a new token."""


def invitation_state(expires_at: datetime, used_at: datetime | None, now: datetime) -> InvitationState:
    """Whether an invitation's link can be used now."""
    if used_at is not None:
        return InvitationState.USED
    return InvitationState.OPEN if now < expires_at else InvitationState.EXPIRED


def session_end(created_at: datetime, now: datetime) -> datetime:
    """When a session that is in use now ends: after `IDLE` without a request, and after `LONGEST` in any case."""
    return min(now + IDLE, created_at + LONGEST)


def next_step(
    *,
    with_previous: bool,
    has_previous: bool,
    created_at: datetime,
    rotated_at: datetime,
    expires_at: datetime,
    now: datetime,
) -> Step:
    """What to do about a session that a request belongs to.

    with_previous: the request carries the token before the present one. has_previous: there is still such a token.
    """
    age = now - rotated_at
    if with_previous:
        return Step.ROTATE if age >= OVERLAP else Step.NOTHING
    if age >= ROTATE_AFTER:
        return Step.ROTATE
    if has_previous and age >= OVERLAP:
        return Step.SETTLE
    return Step.EXTEND if session_end(created_at, now) - expires_at >= EXTEND_EVERY else Step.NOTHING
