"""Secrets of authenticators, which must be readable again, sealed with a key that is not in the database.

AES-256-GCM (NIST SP 800-38D) with a key from HKDF-SHA256 (RFC 5869) of the installation's secret key. The account is
authenticated along, so that a sealed secret is of no use in another row. Where the secret key was changed, nothing
opens: the person comes in with a passkey or a recovery code, and adds the authenticator anew.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def seal(secret_key: str, account_id: int, secret: str) -> str:
    """The sealed form of a secret, in URL-safe base64. secret_key: the installation's. Never the same twice."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(secret_key)).encrypt(nonce, secret.encode(), _about(account_id))
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(secret_key: str, account_id: int, sealed: str) -> str | None:
    """The secret, or None when it was sealed with another key, for another account, or was changed."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return AESGCM(_key(secret_key)).decrypt(raw[:_NONCE], raw[_NONCE:], _about(account_id)).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _key(secret_key: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"comity one-time codes").derive(secret_key.encode())


def _about(account_id: int) -> bytes:
    return f"authenticator of account {account_id}".encode()
