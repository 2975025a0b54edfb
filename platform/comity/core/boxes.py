"""Small secrets that must be readable again, sealed with a key that is not in the database.

AES-256-GCM (NIST SP 800-38D) with a key from HKDF-SHA256 (RFC 5869) of the installation's secret key, one for each
purpose. What a secret belongs to is authenticated along, so that it is of no use in another row.
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


def seal(secret_key: str, purpose: str, about: str, secret: str) -> str:
    """The sealed form of a secret, in URL-safe base64. secret_key: the installation's. Never the same twice."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(secret_key, purpose)).encrypt(nonce, secret.encode(), about.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(secret_key: str, purpose: str, about: str, sealed: str) -> str | None:
    """The secret, or None when it was sealed with another key, for something else, or was changed."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return AESGCM(_key(secret_key, purpose)).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _key(secret_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret_key.encode())
