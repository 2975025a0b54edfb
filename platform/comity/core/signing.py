"""Signatures of this installation over what leaves it as evidence: Ed25519 (RFC 8032).

The key comes from `COMITY_AUDIT_KEY` through HKDF-SHA256 (RFC 5869). Several secrets, separated by spaces, let the key
be changed: the first signs, and what any of them signed is known.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"comity audit key, Ed25519"


class NoKey(Exception):
    """What was given as a public key is none."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs, and knows its own earlier signatures."""

    keys: tuple[Ed25519PrivateKey, ...]

    @classmethod
    def of(cls, secrets: str) -> Signer:
        """secrets: one or more, separated by spaces, each random and at least 32 characters long."""
        return cls(tuple(_key(secret) for secret in secrets.split()))

    @property
    def public_key(self) -> str:
        """The public key that signatures are checked with: 32 bytes in base64url."""
        return _public(self.keys[0])

    def sign(self, purpose: str, content: bytes) -> str:
        """A signature in base64url. purpose: so that a signature over one kind of thing is none over another."""
        return _encoded(self.keys[0].sign(_framed(purpose, content)))

    def knows(self, purpose: str, content: bytes, signature: str) -> bool:
        """Whether one of the keys made this signature."""
        return any(verifies(_public(key), purpose, content, signature) for key in self.keys)


def verifies(public_key: str, purpose: str, content: bytes, signature: str) -> bool:
    """Whether a signature is that of a key. Raises NoKey for something that is no public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(public_key))
    except ValueError as error:
        raise NoKey(f"{public_key!r} is no public key") from error
    try:
        key.verify(_decoded(signature), _framed(purpose, content))
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(secret: str) -> Ed25519PrivateKey:
    derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def _public(key: Ed25519PrivateKey) -> str:
    return _encoded(key.public_key().public_bytes_raw())


def _framed(purpose: str, content: bytes) -> bytes:
    return purpose.encode() + b"\0" + content


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.encode() + b"=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
