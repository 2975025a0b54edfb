"""Who is in a room, as the media server tells it, in the words that a page shows. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from livekit.protocol.models import ParticipantInfo

from comity.core.actor import PostRef


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in the room. authority_id: 0 for somebody whose seat Comity did not give."""

    identity: str
    name: str
    authority_id: int
    authority: str


def described(post: PostRef) -> dict[str, Any]:
    """What the others in the room read about somebody who enters with this post."""
    return {
        "post": post.title,
        "authority_id": post.authority_id,
        "authority": post.authority_name,
        "state": post.state,
    }


def present(participants: Iterable[ParticipantInfo]) -> list[Present]:
    """Those who are in the room and may be seen, by authority and then by name."""
    found = []
    for info in participants:
        if info.permission.hidden or info.state == ParticipantInfo.DISCONNECTED:
            continue
        told = _metadata(info.metadata)
        authority_id = told.get("authority_id")
        found.append(
            Present(
                identity=info.identity,
                name=info.name or info.identity,
                authority_id=authority_id if isinstance(authority_id, int) else 0,
                authority=str(told.get("authority", "")),
            )
        )
    return sorted(found, key=lambda who: (who.authority, who.name, who.identity))


def _metadata(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
