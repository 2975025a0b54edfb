"""Which layers a publisher should encode: those that some subscriber wants (LiveKit's dynacast)."""

from __future__ import annotations

from livekit.protocol import models, rtc

from .participant import Track
from .room import Room

QUIET = 5.0  # seconds a layer stays on after nobody wants it
QUALITIES = (models.VideoQuality.LOW, models.VideoQuality.MEDIUM, models.VideoQuality.HIGH)


def best_wanted(room: Room, track: Track) -> int:
    """The best layer anyone wants of a track, -1 when nobody wants it."""
    best = -1
    for participant in room.participants.values():
        subscription = participant.peer.subscriptions.get(track.sid) if participant.peer is not None else None
        if subscription is not None and subscription.enabled:
            best = max(best, subscription.layer)
    return best


def wanted_qualities(room: Room, track: Track, now: float) -> rtc.SubscribedQualityUpdate | None:
    """The message for the publisher, when what is wanted has changed; less is asked for only after a while."""
    if track.kind != "video":
        return None
    best = best_wanted(room, track)
    if best >= track.qualities_best:
        track.qualities_since = now
        if best == track.qualities_best:
            return None
    elif now - track.qualities_since < QUIET:
        return None
    track.qualities_best = best
    qualities = [rtc.SubscribedQuality(quality=q, enabled=index <= best) for index, q in enumerate(QUALITIES)]
    return rtc.SubscribedQualityUpdate(
        track_sid=track.sid,
        subscribed_qualities=qualities,
        subscribed_codecs=[rtc.SubscribedCodec(codec="vp8", qualities=qualities)],
    )
