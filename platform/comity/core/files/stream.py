"""The format of a file at rest: AES-256-GCM in chunks, by the STREAM construction. Pure.

    version (1 byte)  salt (32 bytes)  chunk 0  chunk 1  …

A chunk is 65,536 bytes of content (the last one may have fewer) and a tag of 16. Its nonce is its number (11 bytes, big
endian) and whether it is the last (1 byte), so that chunks which are cut off, repeated, exchanged or appended do not
open. The key is the file's own: HKDF of the scope's key, the salt, and the place (RFC 5869), which holds the file's id;
so no chunk of another file opens here. The salt keeps nonces apart even if an id came twice.

Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comity.core.keys import Cipher, Place, Unreadable

CHUNK, TAG = 65_536, 16
_VERSION, _SALT = b"\x01", 32
HEADER = len(_VERSION) + _SALT
"""Bytes before the first chunk."""


class Readable(Protocol):
    """A file at rest, open for reading."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


def sealed_size(size: int) -> int:
    """How many bytes a content of `size` bytes has at rest."""
    return HEADER + size + TAG * _count(size)


def seal(cipher: Cipher, place: Place, content: Iterable[bytes]) -> Iterator[bytes]:
    """The content as it is kept, piece by piece. content: in pieces of any size."""
    salt = os.urandom(_SALT)
    aead = AESGCM(cipher.derive(place, salt))
    yield _VERSION + salt
    number, held = 0, bytearray()
    for piece in content:
        held += piece
        # A full chunk waits for the next byte: only then it is known not to be the last.
        while len(held) > CHUNK:
            yield aead.encrypt(_nonce(number, last=False), bytes(held[:CHUNK]), None)
            del held[:CHUNK]
            number += 1
    yield aead.encrypt(_nonce(number, last=True), bytes(held), None)


def unseal(
    cipher: Cipher, place: Place, source: Readable, size: int, *, start: int = 0, stop: int | None = None
) -> Iterator[bytes]:
    """The content again, or a part of it. Nothing is given out that was not authenticated.

    source: what `seal` gave. size: of the content, in bytes. start, stop: the part, half-open.
    Raises Unreadable for what was changed, cut off, lengthened, or sealed for another place.
    """
    stop = size if stop is None else min(stop, size)
    source.seek(0)
    head = source.read(HEADER)
    if len(head) != HEADER or head[:1] != _VERSION:
        raise Unreadable
    aead = AESGCM(cipher.derive(place, head[1:]))
    count = _count(size)
    first = min(start // CHUNK, count - 1)
    source.seek(HEADER + first * (CHUNK + TAG))
    for number in range(first, max(first + 1, -(-stop // CHUNK))):
        begin = number * CHUNK
        chunk = _open(aead, source, number, min(CHUNK, size - begin), last=number == count - 1)
        yield chunk[max(0, start - begin) : max(0, stop - begin)]


def _open(aead: AESGCM, source: Readable, number: int, length: int, *, last: bool) -> bytes:
    sealed = source.read(length + TAG)
    if len(sealed) != length + TAG or (last and source.read(1)):
        raise Unreadable
    try:
        return aead.decrypt(_nonce(number, last=last), sealed, None)
    except InvalidTag:
        raise Unreadable from None


def _count(size: int) -> int:
    """Chunks of a content: one at least, so that an empty one is authenticated too."""
    return max(1, -(-size // CHUNK))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
