"""Makes the media server's reports as LiveKit sends them: a JSON body, and a token that holds its hash."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import jwt

from comity.rooms.tokens import MediaKey


def body(event: str, room: str, *, identity: str = "", event_id: str = "EV_1", at: datetime | None = None) -> bytes:
    """A report's body. at: when it happened, left out when absent."""
    told: dict[str, Any] = {"event": event, "room": {"name": room, "sid": "RM_1"}, "id": event_id}
    if identity:
        told["participant"] = {"identity": identity, "sid": "PA_1", "state": "ACTIVE"}
    if at is not None:
        told["createdAt"] = str(int(at.timestamp()))
    return json.dumps(told).encode()


def authorization(media: MediaKey, content: bytes, now: datetime, **claims: Any) -> str:
    """The header's value for a body. claims: replace those of a right token."""
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    right = {"iss": media.key, "nbf": int(now.timestamp()), "exp": int((now + timedelta(minutes=5)).timestamp())}
    return jwt.encode({**right, "sha256": digest, **claims}, media.secret, algorithm="HS256")
