"""The join request a client puts into the address it connects to. Pure."""

from __future__ import annotations

import base64
import binascii
import zlib

from google.protobuf.message import DecodeError
from livekit.protocol import rtc

from .errors import BadRequest

MAX_JOIN_REQUEST = 65_536  # octets, after decompression
_GZIP_WINDOW = 31  # zlib: expect a gzip header (RFC 1952)


def decode(text: str) -> rtc.JoinRequest:
    """Read the `join_request` parameter: base64url of a WrappedJoinRequest, whose content may be gzipped.

    Raises BadRequest, also when it is larger than 64 kB unpacked.
    """
    if len(text) > 2 * MAX_JOIN_REQUEST:
        raise BadRequest("join request too long")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        wrapped = rtc.WrappedJoinRequest.FromString(packed)
        content = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.Compression.GZIP:
            content = _unzip(content)
        if len(content) > MAX_JOIN_REQUEST:
            raise BadRequest("join request too long")
        return rtc.JoinRequest.FromString(content)
    except (binascii.Error, zlib.error, DecodeError, ValueError) as error:
        raise BadRequest("join request does not parse") from error


def _unzip(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    plain = unpacker.decompress(content, MAX_JOIN_REQUEST + 1)
    if len(plain) > MAX_JOIN_REQUEST:
        raise BadRequest("join request too long")
    if not unpacker.eof:
        raise BadRequest("join request is cut off")
    return plain
