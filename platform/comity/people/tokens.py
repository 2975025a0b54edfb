"""Random tokens, and what is stored of them."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A token nobody can guess: 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps of a token: SHA-256 in hexadecimal. Random tokens need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
