"""What each signal message of a client does. One function a message; access is decided before, by `access.ACCESS`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from livekit.protocol import models, rtc

from .access import may_publish_source
from .errors import BadOffer, BadRequest
from .participant import Participant, Track
from .room import Room
from .rooms import Rooms

MAX_TRACKS = 16  # published and announced, per participant
MAX_CHOICES = 2048  # remembered subscription wishes, per participant
Reason = rtc.RequestResponse.Reason


def handle_offer(rooms: Rooms, room: Room, participant: Participant, offer: rtc.SessionDescription) -> None:
    """Answer an offer, then let others have what became live, and ask for sections if some are missing.

    Raises BadOffer.
    """
    peer = participant.peer
    if peer is None or offer.type != "offer":
        raise BadOffer("not an offer")
    before = participant.version
    answer, mids = peer.negotiate(offer.sdp)
    participant.send(answer=rtc.SessionDescription(type="answer", sdp=answer, id=offer.id, mid_to_track_id=mids))
    if participant.version != before:
        room.announce(participant)  # before the session descriptions that carry its tracks
        room.sync_all()
    room.request_sections(participant)


def handle_add_track(rooms: Rooms, room: Room, participant: Participant, request: rtc.AddTrackRequest) -> None:
    """A client announces a track it will offer media for."""
    refusal = None
    if not may_publish_source(participant.permission, request.source):
        refusal = Reason.NOT_ALLOWED
    elif len(participant.tracks) + len(participant.pending) >= MAX_TRACKS:
        refusal = Reason.LIMIT_EXCEEDED
    elif request.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO) or not request.cid:
        refusal = Reason.UNSUPPORTED_TYPE
    if refusal is not None:
        participant.send(request_response=rtc.RequestResponse(reason=refusal, add_track=request))
        return
    known = participant.pending.get(request.cid)
    track = known or participant.pending.setdefault(request.cid, Track(participant, request))
    participant.send(track_published=rtc.TrackPublishedResponse(cid=request.cid, track=track.info))
    if participant.peer is not None and participant.peer.unclaimed:
        room.request_sections(participant, changed=True)  # its offer was quicker: let it offer again


def _trickle(rooms: Rooms, room: Room, participant: Participant, request: rtc.TrickleRequest) -> None:
    """Remote candidates are of no use to an ICE-lite server: it answers where checks come from."""


def _mute(rooms: Rooms, room: Room, participant: Participant, request: rtc.MuteTrackRequest) -> None:
    track = participant.find_track(request.sid)
    if track is not None and track.info.muted != request.muted:
        track.info.muted = request.muted
        participant.changed()
        room.announce(participant)


def _subscription(rooms: Rooms, room: Room, participant: Participant, request: rtc.UpdateSubscription) -> None:
    _choose(participant, request)
    room.sync(participant)


def _choose(participant: Participant, request: rtc.UpdateSubscription) -> None:
    sids = set(request.track_sids) | {sid for row in request.participant_tracks for sid in row.track_sids}
    if len(sids | participant.refused | participant.wanted) > MAX_CHOICES:
        raise BadRequest("too many subscription wishes")
    if request.subscribe:
        participant.refused -= sids
        participant.wanted |= sids
    else:
        participant.refused |= sids
        participant.wanted -= sids


def _subscription_permission(
    rooms: Rooms, room: Room, participant: Participant, request: rtc.SubscriptionPermission
) -> None:
    room.set_audience(participant, request)


def _track_setting(rooms: Rooms, room: Room, participant: Participant, request: rtc.UpdateTrackSettings) -> None:
    by_sid = {track.sid: track for track in room.tracks()}
    for sid in request.track_sids:
        track = by_sid.get(sid)
        if track is not None and participant.peer is not None:
            layer = track.layer_for(request.width, request.quality)
            participant.peer.prefer(sid, not request.disabled, layer)


def _sync_state(rooms: Rooms, room: Room, participant: Participant, request: rtc.SyncState) -> None:
    """A resuming client repeats its wishes."""
    if request.HasField("subscription"):
        _choose(participant, request.subscription)
    for sid in request.track_sids_disabled:
        if participant.peer is not None and sid in participant.peer.subscriptions:
            participant.peer.prefer(sid, False, participant.peer.subscriptions[sid].layer)
    room.sync(participant)


def _update_metadata(
    rooms: Rooms, room: Room, participant: Participant, request: rtc.UpdateParticipantMetadata
) -> None:
    reason = Reason.OK
    if not participant.permission.can_update_metadata:
        reason = Reason.NOT_ALLOWED
    elif participant.update_profile(request.name, request.metadata, request.attributes):
        participant.changed()
        room.announce(participant)
    else:
        reason = Reason.LIMIT_EXCEEDED
    participant.send(
        request_response=rtc.RequestResponse(request_id=request.request_id, reason=reason, update_metadata=request)
    )


def _update_audio_track(rooms: Rooms, room: Room, participant: Participant, request: rtc.UpdateLocalAudioTrack) -> None:
    track = participant.find_track(request.track_sid)
    if track is not None:
        del track.info.audio_features[:]
        track.info.audio_features.extend(request.features[:16])
        participant.changed()
        room.announce(participant)


def _update_video_track(rooms: Rooms, room: Room, participant: Participant, request: rtc.UpdateLocalVideoTrack) -> None:
    track = participant.find_track(request.track_sid)
    if track is not None:
        track.info.width, track.info.height = request.width, request.height
        participant.changed()
        room.announce(participant)


def _update_layers(rooms: Rooms, room: Room, participant: Participant, request: rtc.UpdateVideoLayers) -> None:
    track = participant.find_track(request.track_sid)
    if track is not None:
        del track.info.layers[:]
        track.info.layers.extend(request.layers[:3])
        participant.changed()
        room.announce(participant)


def _ping(rooms: Rooms, room: Room, participant: Participant, sent: int) -> None:
    participant.send(pong=int(time.time() * 1000))


def _ping_request(rooms: Rooms, room: Room, participant: Participant, request: rtc.Ping) -> None:
    pong = rtc.Pong(last_ping_timestamp=request.timestamp, timestamp=int(time.time() * 1000))
    participant.send(pong_resp=pong)


def _leave(rooms: Rooms, room: Room, participant: Participant, request: rtc.LeaveRequest) -> None:
    rooms.spawn(rooms.remove(room, participant, models.DisconnectReason.CLIENT_INITIATED, None))


HANDLERS: Mapping[str, Callable[[Rooms, Room, Participant, Any], None]] = {
    "offer": handle_offer,
    "trickle": _trickle,
    "add_track": handle_add_track,
    "mute": _mute,
    "subscription": _subscription,
    "subscription_permission": _subscription_permission,
    "track_setting": _track_setting,
    "sync_state": _sync_state,
    "update_metadata": _update_metadata,
    "update_audio_track": _update_audio_track,
    "update_video_track": _update_video_track,
    "update_layers": _update_layers,
    "ping": _ping,
    "ping_req": _ping_request,
    "leave": _leave,
}
