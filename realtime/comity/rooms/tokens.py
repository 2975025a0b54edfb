"""Access tokens of the LiveKit protocol: JSON Web Tokens signed with HS256 (RFC 7519, RFC 7515). Pure.

The same tokens open our media server and LiveKit. Each names one room, lives minutes and gives the rights of an officer
or, for our own calls, of an administrator of that one room.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

LIFETIME = timedelta(minutes=10)
"""How long an officer's token lives. The media server renews it while the officer is in the room."""

_CALL_LIFETIME = timedelta(minutes=1)
_CLOCK_SKEW = timedelta(seconds=10)
SOURCES = ("camera", "microphone", "screen_share", "screen_share_audio")


@dataclass(frozen=True, slots=True)
class MediaKey:
    """What Comity and the media server share. key: issuer of the tokens. secret: at least 32 characters."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return f"MediaKey({self.key!r})"


def join_token(
    media: MediaKey, *, room: str, identity: str, name: str, metadata: Mapping[str, Any], now: datetime
) -> str:
    """A token with which one person joins one room, speaks, shows and listens.

    metadata: JSON values that everybody in the room may read; the holder cannot change them.
    """
    grants = {
        "room": room,
        "roomJoin": True,
        "canPublish": True,
        "canSubscribe": True,
        "canPublishData": True,
        "canPublishSources": list(SOURCES),
        "canUpdateOwnMetadata": False,
    }
    described = json.dumps(metadata, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _signed(
        media, now, LIFETIME, iat=int(now.timestamp()), sub=identity, name=name, metadata=described, video=grants
    )


def admin_token(media: MediaKey, *, room: str, now: datetime) -> str:
    """A token for one RoomService call about one room."""
    grants = {"room": room, "roomAdmin": True, "roomCreate": True, "roomList": True}
    return _signed(media, now, _CALL_LIFETIME, video=grants)


def _signed(media: MediaKey, now: datetime, lifetime: timedelta, **claims: Any) -> str:
    times = {"nbf": int((now - _CLOCK_SKEW).timestamp()), "exp": int((now + lifetime).timestamp())}
    return jwt.encode({"iss": media.key, **times, **claims}, media.secret, algorithm="HS256")
