"""Secrets of authenticators, which must be readable again, sealed with a key that is not in the database (`boxes`).

Where the secret key was changed, nothing opens: the person comes in with a passkey or a recovery code, and adds the
authenticator anew.
"""

from __future__ import annotations

from comity.core import boxes

_PURPOSE = "comity one-time codes"


def seal(secret_key: str, account_id: int, secret: str) -> str:
    """The sealed form of a secret, in URL-safe base64. secret_key: the installation's. Never the same twice."""
    return boxes.seal(secret_key, _PURPOSE, _about(account_id), secret)


def unseal(secret_key: str, account_id: int, sealed: str) -> str | None:
    """The secret, or None when it was sealed with another key, for another account, or was changed."""
    return boxes.unseal(secret_key, _PURPOSE, _about(account_id), sealed)


def _about(account_id: int) -> str:
    return f"authenticator of account {account_id}"
