"""What the media server reports, and how it proves that it is the one who reports. Pure.

A report is a JSON body and an `Authorization` header that holds a token with the body's SHA-256, as LiveKit sends it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import jwt
from google.protobuf.json_format import Parse, ParseError
from livekit.protocol.webhook import WebhookEvent

from comity.core.errors import ComityError, Refused
from comity.rooms.tokens import MediaKey

MOST_BYTES = 64 * 1024
MOST_LETTERS = 120  # of the id of a report
_LEEWAY = 30  # seconds that two clocks may differ


class Occurrence(StrEnum):
    """What happens in a room and is written into the journal; the value is the entry's kind."""

    JOINED = "room_joined"
    LEFT = "room_left"
    FINISHED = "room_finished"


_KINDS = {
    "participant_joined": Occurrence.JOINED,
    "participant_left": Occurrence.LEFT,
    "room_finished": Occurrence.FINISHED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """One verified report. event_id: unique, the same when it is sent again. identity: empty for a room's own."""

    event_id: str
    occurrence: Occurrence
    room: str
    identity: str
    at: datetime


def verify(media: MediaKey, body: bytes, authorization: str, now: datetime) -> Report | None:
    """The report in a request; None for a kind that Comity does not record.

    authorization: the header, with or without `Bearer`.
    Raises Refused when token, issuer, time or hash is wrong, ComityError when the body is no report.
    """
    _check(media, body, authorization, now)
    try:
        event = Parse(body.decode(), WebhookEvent(), ignore_unknown_fields=True)
    except (ParseError, UnicodeDecodeError) as error:
        raise ComityError from error
    if not 0 < len(event.id) <= MOST_LETTERS or not event.room.name:
        raise ComityError
    occurrence = _KINDS.get(event.event)
    if occurrence is None:
        return None
    at = datetime.fromtimestamp(event.created_at, UTC) if 0 < event.created_at < 1 << 36 else now
    return Report(event.id, occurrence, event.room.name, event.participant.identity, at)


def _check(media: MediaKey, body: bytes, authorization: str, now: datetime) -> None:
    """Raises Refused unless the token is the media server's own and speaks of this very body."""
    token = authorization.removeprefix("Bearer ").strip()
    options = {"require": ["exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, media.secret, algorithms=["HS256"], issuer=media.key, options=options)  # type: ignore[arg-type]
        moment = now.timestamp()
        in_time = float(claims.get("nbf", 0)) - _LEEWAY <= moment <= float(claims["exp"]) + _LEEWAY
        stated = base64.b64decode(str(claims.get("sha256", "")), validate=True)
    except (jwt.InvalidTokenError, binascii.Error, TypeError, ValueError) as error:
        raise Refused from error
    if not in_time or not hmac.compare_digest(stated, hashlib.sha256(body).digest()):
        raise Refused
