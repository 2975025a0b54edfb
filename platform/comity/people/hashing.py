"""Password hashing: argon2id (RFC 9106), away from the event loop where there is one.

A hash takes tens of milliseconds on purpose: never make one inside a write transaction.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent.lock import Semaphore
from gevent.threadpool import ThreadPool

_NICE = 10
"""A tenth of the processor's time where others want it: pages, live events and media come first."""


class Hasher(Protocol):
    """Makes and checks password hashes in PHC string format."""

    @property
    def dummy(self) -> str:
        """A hash that no password matches and that takes as long to check as a real one."""

    def hash(self, password: str) -> str:
        """The hash of a password, with a salt of its own."""

    def verify(self, hashed: str, password: str) -> bool:
        """Whether the hash was made from this password. False for a hash that cannot be read."""

    def is_outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than new ones are."""


class ArgonHasher:
    """argon2id with the second recommended option of RFC 9106, 4 (64 MiB, three passes, four lanes).

    Passwords are normalised to NFKC first, so that one typed on another keyboard or system is the same (NIST SP
    800-63B, 5.1.1.2).
    """

    def __init__(self, *, time_cost: int = 3, memory_cost: int = 65_536, parallelism: int = 4) -> None:
        self._argon = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)
        self.dummy = (
            f"$argon2id$v=19$m={memory_cost},t={time_cost},p={parallelism}"
            f"${_random_base64(self._argon.salt_len)}${_random_base64(self._argon.hash_len)}"
        )

    def hash(self, password: str) -> str:
        return self._argon.hash(_normalised(password))

    def verify(self, hashed: str, password: str) -> bool:
        try:
            return self._argon.verify(hashed, _normalised(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, hashed: str) -> bool:
        return self._argon.check_needs_rehash(hashed)


class PooledHasher:
    """Another hasher in threads of its own, so that the server goes on while passwords are checked.

    The threads give way to everything else of this machine: fifty who sign in at once wait for each other, and nobody
    waits for them (`make bench`). most: hashes under way at a time; each takes its memory (64 MiB) and up to four
    cores.
    """

    def __init__(self, inner: Hasher, *, most: int = max(1, (os.cpu_count() or 1) // 4)) -> None:
        self._inner, self._turns, self._most = inner, Semaphore(most), most
        self.dummy = inner.dummy

    def hash(self, password: str) -> str:
        return str(self._apart(self._inner.hash, password))

    def verify(self, hashed: str, password: str) -> bool:
        return bool(self._apart(self._inner.verify, hashed, password))

    def _apart(self, work: Callable[..., object], *arguments: str) -> object:
        with self._turns:
            return self._threads.apply(_giving_way, (work, *arguments))

    @cached_property
    def _threads(self) -> ThreadPool:
        return ThreadPool(self._most)

    def is_outdated(self, hashed: str) -> bool:
        return self._inner.is_outdated(hashed)


def _giving_way(work: Callable[..., object], *arguments: str) -> object:
    """Run in a thread that has a low priority. On Linux that is the thread's own: sched(7), "The nice value"."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    return work(*arguments)


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _random_base64(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()
