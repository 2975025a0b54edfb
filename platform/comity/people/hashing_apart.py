"""Passwords hashed in processes of their own, so that a web process goes on with its pages meanwhile.

Not in threads: a thread of low priority that holds the interpreter's lock makes the pages wait for it, and on a busy
machine it holds it for long. A helper shares neither the lock nor the memory of the web process, nor its secrets.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from gevent import Timeout, socket
from gevent.lock import BoundedSemaphore

from comity.core.errors import Busy
from comity.people.hashing import Hasher

_HELPER = [sys.executable, "-I", "-m", "comity.people.hashing_helper"]
HELPERS = max(1, (os.cpu_count() or 1) // 4)
_WAITING = 100
_SECONDS = 60.0
_SIZE = 65_536


class HasherApart:
    """A hasher in helper processes, for use under gevent: whoever asks waits, and all others are served.

    inner: what the helpers use, with the parameters of new hashes. most: helpers, and so hashes under way at a time;
    each takes its memory, 64 MiB. waiting: how many may wait; one more is refused at once.
    seconds: until whoever waits is refused. Methods raise Busy for either.
    """

    def __init__(
        self,
        inner: Hasher,
        *,
        most: int = HELPERS,
        waiting: int = _WAITING,
        seconds: float = _SECONDS,
        command: list[str] | None = None,
    ) -> None:
        self._inner, self._turns, self._free_places = inner, BoundedSemaphore(most), most + waiting
        self._seconds, self._command = seconds, command or _HELPER
        self._idle: list[_Helper] = []
        self.dummy = inner.dummy

    def hash(self, password: str) -> str:
        return str(self._ask("hash", password))

    def verify(self, hashed: str, password: str) -> bool:
        return self._ask("verify", hashed, password) is True

    def is_outdated(self, hashed: str) -> bool:
        return self._inner.is_outdated(hashed)

    def close(self) -> None:
        """End the helpers that do nothing at this moment; a later hash begins one anew."""
        while self._idle:
            self._idle.pop().end()

    def _ask(self, *question: str) -> object:
        limit = Timeout(self._seconds)
        try:
            with self._place(), limit, self._turns:
                return self._ask_one(question)
        except BaseException as problem:
            if problem is limit or isinstance(problem, OSError | EOFError):
                raise Busy from problem
            raise

    def _ask_one(self, question: tuple[str, ...]) -> object:
        if self._idle:
            # One that has ended while nobody asked, as when memory was short, is replaced.
            with suppress(OSError, EOFError):
                return self._told(self._idle.pop(), question)
        return self._told(_Helper(self._command), question)

    def _told(self, helper: _Helper, question: tuple[str, ...]) -> object:
        try:
            answer = helper.ask(question)
        except BaseException:
            helper.end()  # also when whoever asked has gone: the answer must not be the next one's
            raise
        self._idle.append(helper)
        return answer

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._free_places == 0:
            raise Busy
        self._free_places -= 1
        try:
            yield
        finally:
            self._free_places += 1


class _Helper:
    """One helper process at the other end of a socket. It has no environment, and so none of our secrets."""

    def __init__(self, command: list[str]) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            os.set_blocking(theirs.fileno(), True)
            # Not by fork: this process is large, and has threads.
            ends = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), fd) for fd in (0, 1)]
            self._pid = os.posix_spawn(command[0], command, {}, file_actions=ends)

    def ask(self, question: tuple[str, ...]) -> object:
        """Raises OSError, EOFError when the helper has ended."""
        self._ours.sendall(json.dumps(question).encode() + b"\n")
        told = b""
        while not told.endswith(b"\n"):
            more = self._ours.recv(_SIZE)
            if not more:
                raise EOFError
            told += more
        return json.loads(told)

    def end(self) -> None:
        """Kill it, whatever it does, and leave nothing of it."""
        self._ours.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
