"""The rules of second factors: pure functions of instants and counts."""

from __future__ import annotations

from datetime import datetime, timedelta

FRESH = timedelta(minutes=10)
"""For so long after a factor was shown, factors may be changed and things be taken away."""

HALF_LASTS = timedelta(minutes=10)
"""For so long a right password waits for the second factor."""

CHALLENGE_LASTS = timedelta(minutes=5)
MOST_FACTORS = 20
"""Passkeys and authenticators of one account."""


def is_fresh(factor_at: datetime | None, now: datetime) -> bool:
    """Whether a factor was shown lately enough to change something that lets people in."""
    return factor_at is not None and timedelta(0) <= now - factor_at < FRESH


def may_remove(*, passkey: bool, passkeys: int, authenticators: int, has_password: bool) -> bool:
    """Whether the person still gets in afterwards.

    passkey: a passkey goes, else an authenticator. passkeys, authenticators: how many there are before. An
    authenticator alone lets nobody in who has no password.
    """
    passkeys, authenticators = passkeys - passkey, authenticators - (not passkey)
    return passkeys > 0 or (authenticators > 0 and has_password)
