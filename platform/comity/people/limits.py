"""How often something may be tried: counted in memory, or in Redis where several processes share the work."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from comity.core import web
from comity.core.errors import TooMany
from comity.core.i18n import N_
from comity.people import known
from comity.people.factors.services import WrongCode
from comity.people.lockout import MINUTES, MOST, Attempt, counted, given_back

SIGN_IN = {by: RateLimitItemPerMinute(most, MINUTES, namespace=by.value) for by, most in MOST.items()}
INVITATION_BY_CLIENT = RateLimitItemPerMinute(20, namespace="invitation-address")
RECOVERY_BY_ADDRESS = RateLimitItemPerHour(5, namespace="recovery-address")
PASSWORD_FAILURES = RateLimitItemPerMinute(10, 5, namespace="password-failures")
CODES_BY_CLIENT = RateLimitItemPerMinute(60, 15, namespace="codes-address")
CODES = RateLimitItemPerMinute(12, 15, namespace="codes")
CODE_FAILURES = RateLimitItemPerDay(40, namespace="code-failures")
"""One-time codes by account: three of a million fit at a time, so forty failures a day find one in twenty years."""
SENT_BY_ACCOUNT = RateLimitItemPerMinute(240, namespace="sent-account")
SENT_BY_CLIENT = RateLimitItemPerMinute(240, namespace="sent-client")
PASSKEYS_BY_CLIENT = RateLimitItemPerMinute(60, 5, namespace="passkeys-address")
PROVIDER_BY_ADDRESS = RateLimitItemPerMinute(60, 5, namespace="provider-address")
PROVIDER_LOGOUTS = RateLimitItemPerMinute(600, namespace="provider-logouts")
"""Of one provider: when it is stopped, thousands may be signed out at once."""

_WAIT = N_("Too many attempts. Please wait a few minutes and try again.")


class Attempts:
    """Counts attempts in moving windows.

    redis_url: redis, rediss or unix; in this process's memory when absent.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        url = (redis_url or "memory://").replace("unix://", "redis+unix://", 1)
        self._windows = MovingWindowRateLimiter(cast("Storage", storage_from_string(url)))

    def spend(self, limit: RateLimitItem, whose: str) -> None:
        """Count one attempt. Raises TooMany when there were too many already."""
        if not self._windows.hit(limit, _hidden(whose)):
            raise TooMany(_WAIT)

    def sign_in(self, attempt: Attempt) -> None:
        """Count one try of a password, before it is judged: many at once are not more than allowed. Raises TooMany."""
        for one in counted(attempt):
            self.spend(SIGN_IN[one.by], one.whose)

    def signed_in(self, attempt: Attempt) -> None:
        """The password was right: see `lockout.given_back`."""
        for one in given_back(attempt):
            self._windows.clear(SIGN_IN[one.by], _hidden(one.whose))

    def left(self, limit: RateLimitItem, whose: str) -> tuple[int, float]:
        """How many are left, and in how many seconds the oldest one no longer counts."""
        stats = self._windows.get_window_stats(limit, _hidden(whose))
        return stats.remaining, max(0.0, stats.reset_time - time.time())

    def require(self, limit: RateLimitItem, whose: str) -> None:
        """Count nothing. Raises TooMany when there were too many already."""
        if not self._windows.test(limit, _hidden(whose)):
            raise TooMany(_WAIT)


def init_app(app: Flask, redis_url: str | None) -> None:
    """Count attempts, and everything that is sent: what changes something costs more than reading it."""
    app.extensions["comity.attempts"] = Attempts(redis_url)
    app.before_request(_pace)


def _pace() -> None:
    """At most four things a second are sent for a minute, by an account or by an anonymous client. Raises TooMany."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or request.endpoint is None:
        return
    if web.decision_of(current_app.view_functions[request.endpoint]) is web.own_token:
        return  # a machine, whose token the view checks
    person = web.optional_actor()
    if person is None:
        attempts().spend(SENT_BY_CLIENT, known.client())
    else:
        attempts().spend(SENT_BY_ACCOUNT, str(person.account_id))


def attempts() -> Attempts:
    """The counter of this application."""
    return cast("Attempts", current_app.extensions["comity.attempts"])


@contextmanager
def guessing(account_id: int, client: str) -> Iterator[None]:
    """Around one attempt with a code. Counted before it is judged, so that many at once are not more than allowed.

    client: see `known.client`. Only who has the password, or is signed in, gets as far as this: nobody locks anybody
    else out. Raises TooMany.
    """
    counter, whose = attempts(), str(account_id)
    counter.spend(CODES_BY_CLIENT, client)
    counter.spend(CODES, whose)
    counter.require(CODE_FAILURES, whose)
    try:
        yield
    except WrongCode:
        counter.spend(CODE_FAILURES, whose)
        raise


def _hidden(whose: str) -> str:
    """Addresses are personal data: the counter's store sees a digest, of one length whatever was typed."""
    return hashlib.sha256(whose.strip().lower().encode()).hexdigest()[:32]
