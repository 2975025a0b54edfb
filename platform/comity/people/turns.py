"""Sign-ins take turns: of many that come at once, the rest wait before anything is done for them, and pages do not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gevent.lock import BoundedSemaphore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BUSY = "comity.busy"
"""Set in the environment of a sign-in that had no turn: it is to be refused."""


class Turns:
    """Around the application, under gevent. most: sign-ins at work at a time. waiting: how many may wait for them.

    seconds: how long one may wait.
    """

    def __init__(self, inner: WSGIApplication, *, most: int, waiting: int = 100, seconds: float = 60.0) -> None:
        self._inner, self._turns, self._seconds = inner, BoundedSemaphore(most), seconds
        self._free_places = most + waiting

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or environ.get("PATH_INFO") != "/sign-in":
            return self._inner(environ, start_response)
        if self._free_places == 0:
            return self._inner({**environ, BUSY: True}, start_response)
        self._free_places -= 1
        try:
            if not self._turns.acquire(timeout=self._seconds):
                return self._inner({**environ, BUSY: True}, start_response)
            try:
                return self._inner(environ, start_response)
            finally:
                self._turns.release()
        finally:
            self._free_places += 1
