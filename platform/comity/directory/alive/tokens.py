"""Links that confirm a record without signing in. Pure.

A token names the record, the version of it that the reader was asked about, and whom it was sent to; HMAC-SHA256
(RFC 2104) over that, with the installation's secret. A confirmation or change makes a new version, so a link is good
once, and for nothing but this.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from comity.directory.snapshots import EntityKind

LASTS = timedelta(days=120)
_PURPOSE = b"comity: confirm a record\0"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks. version: number of the version that is to be confirmed. account_id: whom it was sent to."""

    kind: EntityKind
    ref: str
    version: int
    account_id: int
    at: datetime


def write(secret: str, asked: Asked) -> str:
    """The token of a link. secret: the installation's secret key."""
    values = [asked.kind.value, asked.ref, asked.version, asked.account_id, int(asked.at.timestamp())]
    content = json.dumps(values, separators=(",", ":")).encode()
    return f"{_encoded(content)}.{_encoded(_mac(secret, content))}"


def read(secret: str, token: str, now: datetime) -> Asked | None:
    """What a token asks, or None for one that is forged, broken or older than `LASTS`."""
    first, _, second = token.partition(".")
    try:
        content, mac = _decoded(first), _decoded(second)
    except ValueError:
        return None
    if not hmac.compare_digest(mac, _mac(secret, content)):
        return None
    kind, ref, version, account_id, at = json.loads(content)
    moment = datetime.fromtimestamp(at, UTC)
    return Asked(EntityKind(kind), ref, version, account_id, moment) if now - moment < LASTS else None


def _mac(secret: str, content: bytes) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE + content, hashlib.sha256).digest()


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.encode("ascii") + b"=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
