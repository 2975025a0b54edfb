"""Master keys and sealing: AES-256-GCM (NIST SP 800-38D; AEAD_AES_256_GCM of RFC 5116, 5.2).

What is sealed is bound to its place: the place is authenticated with it, so a row that was put elsewhere does not open.
Pure: knows no database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from http import HTTPStatus

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.core.errors import ComityError
from comity.core.i18n import N_

KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 12, 16
_VERSION = b"\x01"
_ID_LABEL = b"comity master key"

Place = tuple[str | int, ...]
"""Where something sealed stands, for example a consultation, what it is, and who wrote it."""


class Unreadable(ComityError):
    """What is stored was changed, or stands where it was not put."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "unreadable"
    message = N_("What is stored here was changed or damaged and cannot be shown. Please tell the secretariat.")


class KeyMissing(ComityError):
    """What is stored was sealed under a master key that this process does not have. master: the key's id."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "key-missing"
    message = N_("This cannot be opened now: the master key %(master)s is missing. Please tell the secretariat.")

    def __init__(self, master: str) -> None:
        super().__init__(master=master)
        self.master = master


class Cipher:
    """Seals and opens with one key, under one version byte and a fresh 96-bit random nonce each time.

    A key may seal 2**32 times (SP 800-38D, 8.3), which no consultation comes near.
    """

    __slots__ = ("_aead", "_key")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._aead, self._key = AESGCM(key), key

    def seal(self, content: bytes, place: Place) -> bytes:
        """Returns version, nonce, ciphertext and tag: 29 bytes more than the content."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, content, _associated(place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Raises Unreadable for what was not sealed with this key for this place, or was changed since."""
        if len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
            raise Unreadable
        try:
            return self._aead.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], _associated(place))
        except InvalidTag:
            raise Unreadable from None

    def seal_text(self, text: str, place: Place) -> bytes:
        return self.seal(text.encode(), place)

    def open_text(self, sealed: bytes, place: Place) -> str:
        """Raises Unreadable."""
        return self.open(sealed, place).decode()

    def derive(self, place: Place, salt: bytes) -> bytes:
        """A key for one place alone, by HKDF-SHA256 (RFC 5869): what is sealed with it need not share our nonces."""
        return HKDF(SHA256(), KEY_BYTES, salt=salt, info=_associated(place)).derive(self._key)

    def __repr__(self) -> str:
        return "Cipher(…)"


class MasterKeys:
    """The keys that wrap other keys. The first one wraps; all of them unwrap, so that one can follow another.

    keys: 32 bytes each, at least one.
    """

    __slots__ = ("_ciphers", "first")

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._ciphers = {key_id(key): Cipher(key) for key in keys}
        if not self._ciphers:
            raise ValueError("at least one key")
        self.first = next(iter(self._ciphers))

    @classmethod
    def parse(cls, written: str) -> MasterKeys:
        """Keys in Base64, either alphabet (RFC 4648, 4 and 5), separated by spaces. Raises ValueError."""
        return cls(_decoded(word) for word in written.split())

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the wrapping one first."""
        return tuple(self._ciphers)

    def wrap(self, key: bytes, scope: str) -> bytes:
        """Seal a key under the first master key. scope: what the key is for."""
        return self._ciphers[self.first].seal(key, ("key", scope))

    def unwrap(self, master: str, wrapped: bytes, scope: str) -> bytes:
        """master: id of the key that wrapped it. Raises KeyMissing and Unreadable."""
        cipher = self._ciphers.get(master)
        if cipher is None:
            raise KeyMissing(master)
        return cipher.open(wrapped, ("key", scope))

    def __repr__(self) -> str:
        return f"MasterKeys({' '.join(self.ids)})"


def key_id(key: bytes) -> str:
    """64 bits in hexadecimal that name a key and tell nothing of it; who holds the right key finds the same."""
    return hmac.new(key, _ID_LABEL, hashlib.sha256).hexdigest()[:16]


def fresh_key() -> bytes:
    """A new random key."""
    return os.urandom(KEY_BYTES)


def written(key: bytes) -> str:
    """A key as `MasterKeys.parse` reads it."""
    return base64.b64encode(key).decode()


def _decoded(word: str) -> bytes:
    standard = word.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        key = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error:
        raise ValueError("not Base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"{len(key)} bytes instead of {KEY_BYTES}")
    return key


def _associated(place: Place) -> bytes:
    # JSON keeps the parts apart: ("a", "bc") and ("ab", "c") are two places.
    return _VERSION + json.dumps(place, separators=(",", ":")).encode()
