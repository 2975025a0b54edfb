"""Password hashing: argon2id (RFC 9106).

A hash takes a fifth of a second of work on purpose: never make one inside a write transaction, nor in a process that
answers others meanwhile (`hashing_apart`).
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


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


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _random_base64(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()
