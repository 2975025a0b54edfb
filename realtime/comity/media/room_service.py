"""RoomService: what the web application asks of rooms, over Twirp (POST of protocol buffers).

Each method decides access by its row in `access.ACCESS`; `roomAdmin` counts for the one room its token names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError, Message
from livekit.protocol import models
from livekit.protocol import room as messages

from . import access
from .errors import AccessDenied, BadRequest, NotFound, RoomFull
from .participant import MAX_METADATA, Participant
from .room import Room
from .rooms import Rooms
from .tokens import MAX_IDENTITY, Claims

MAX_BODY = 1 << 20
MAX_DATA = 60_000  # octets; a data channel message has at most 64 KiB in all


async def create_room(rooms: Rooms, request: messages.CreateRoomRequest) -> models.Room:
    """Make a room before anyone is in it, or find it."""
    if not request.name or len(request.name) > MAX_IDENTITY or len(request.metadata) > MAX_METADATA:
        raise BadRequest("room name missing, or name or metadata too long")
    room = rooms.create(request.name)
    room.metadata = request.metadata or room.metadata
    room.max_participants = request.max_participants or room.max_participants
    room.empty_timeout = float(request.empty_timeout) if request.empty_timeout else room.empty_timeout
    room.departure_timeout = float(request.departure_timeout) if request.departure_timeout else room.departure_timeout
    return room.info()


async def list_rooms(rooms: Rooms, request: messages.ListRoomsRequest) -> messages.ListRoomsResponse:
    """All rooms, or those of these names."""
    found = [room.info() for room in rooms.by_name.values() if not request.names or room.name in request.names]
    return messages.ListRoomsResponse(rooms=found)


async def delete_room(rooms: Rooms, request: messages.DeleteRoomRequest) -> messages.DeleteRoomResponse:
    """Send everyone away and close the room."""
    await rooms.delete(rooms.get(request.room))
    return messages.DeleteRoomResponse()


async def list_participants(
    rooms: Rooms, request: messages.ListParticipantsRequest
) -> messages.ListParticipantsResponse:
    """Everyone in a room."""
    present = rooms.get(request.room).participants.values()
    return messages.ListParticipantsResponse(participants=[participant.info() for participant in present])


async def get_participant(rooms: Rooms, request: messages.RoomParticipantIdentity) -> models.ParticipantInfo:
    """One participant."""
    return _participant(rooms, request.room, request.identity)[1].info()


async def remove_participant(
    rooms: Rooms, request: messages.RoomParticipantIdentity
) -> messages.RemoveParticipantResponse:
    """Send someone away; tokens from before this moment do not bring them back.

    revoke_token_ts: nor do those of somebody who is not there, until this second since 1970.
    """
    if request.revoke_token_ts:
        rooms.revoke(request.room, request.identity, float(request.revoke_token_ts))
    room, participant = _participant(rooms, request.room, request.identity)
    await rooms.remove(room, participant, models.DisconnectReason.PARTICIPANT_REMOVED)
    return messages.RemoveParticipantResponse()


async def mute_published_track(rooms: Rooms, request: messages.MuteRoomTrackRequest) -> messages.MuteRoomTrackResponse:
    """Mute someone's track: the client is told to, and everyone sees it. There is no unmuting from afar."""
    room, participant = _participant(rooms, request.room, request.identity)
    track = participant.tracks.get(request.track_sid)
    if track is None:
        raise NotFound("no such track")
    if not request.muted:
        raise BadRequest("a microphone or camera is opened by its owner alone")
    if not track.info.muted:
        track.info.muted = True
        participant.changed()
        participant.send(mute={"sid": track.sid, "muted": True})
        room.announce(participant)
    return messages.MuteRoomTrackResponse(track=track.info)


async def update_participant(rooms: Rooms, request: messages.UpdateParticipantRequest) -> models.ParticipantInfo:
    """Change someone's name, metadata, attributes or permission; what is no longer allowed ends at once."""
    room, participant = _participant(rooms, request.room, request.identity)
    if not participant.update_profile(request.name, request.metadata, request.attributes):
        raise BadRequest("name, metadata or attributes too long")
    if request.HasField("permission"):
        participant.permission.CopyFrom(request.permission)
        room.unpublish_forbidden(participant)
        rooms.refresh_token(participant)
    participant.changed()
    room.announce(participant)
    room.sync_all()
    return participant.info()


async def send_data(rooms: Rooms, request: messages.SendDataRequest) -> messages.SendDataResponse:
    """Send data to everyone in a room, or to some."""
    room = rooms.get(request.room)
    if len(request.data) > MAX_DATA:
        raise BadRequest("data too long")
    user = models.UserPacket(payload=request.data, topic=request.topic)
    packet = models.DataPacket(user=user, kind=request.kind)
    by_sid = {p.sid: p.identity for p in room.participants.values()}
    wanted = set(request.destination_identities) | {by_sid[s] for s in request.destination_sids if s in by_sid}
    if wanted or not request.destination_sids:
        room.deliver_data(request.kind == models.DataPacket.Kind.RELIABLE, packet, wanted)
    return messages.SendDataResponse()


async def update_room_metadata(rooms: Rooms, request: messages.UpdateRoomMetadataRequest) -> models.Room:
    """Change a room's metadata and tell everyone in it."""
    room = rooms.get(request.room)
    if len(request.metadata) > MAX_METADATA:
        raise BadRequest("metadata too long")
    room.metadata = request.metadata
    room.send_all(room_update={"room": room.info()})
    return room.info()


def _participant(rooms: Rooms, name: str, identity: str) -> tuple[Room, Participant]:
    room = rooms.get(name)
    participant = room.participants.get(identity)
    if participant is None:
        raise NotFound("no such participant")
    return room, participant


Method = Callable[[Rooms, Any], Awaitable[Message]]
METHODS: Mapping[str, tuple[type[Message], Method]] = {
    "CreateRoom": (messages.CreateRoomRequest, create_room),
    "ListRooms": (messages.ListRoomsRequest, list_rooms),
    "DeleteRoom": (messages.DeleteRoomRequest, delete_room),
    "ListParticipants": (messages.ListParticipantsRequest, list_participants),
    "GetParticipant": (messages.RoomParticipantIdentity, get_participant),
    "RemoveParticipant": (messages.RoomParticipantIdentity, remove_participant),
    "MutePublishedTrack": (messages.MuteRoomTrackRequest, mute_published_track),
    "UpdateParticipant": (messages.UpdateParticipantRequest, update_participant),
    "SendData": (messages.SendDataRequest, send_data),
    "UpdateRoomMetadata": (messages.UpdateRoomMetadataRequest, update_room_metadata),
}


async def call(rooms: Rooms, claims: Claims, method: str, body: bytes, as_json: bool) -> bytes:
    """Run one call and return the encoded answer.

    Raises AccessDenied, BadRequest, NotFound, RoomFull.
    """
    access.need(f"twirp:{method}")  # a method without a row does not exist, whatever the table of methods says
    if method not in METHODS:
        raise AccessDenied(f"twirp:{method} is not offered")
    kind, run = METHODS[method]
    request = _decode(kind, body, as_json)
    access.check_token(f"twirp:{method}", claims, getattr(request, "room", ""))
    response = await run(rooms, request)
    return MessageToJson(response).encode() if as_json else response.SerializeToString()


def _decode(kind: type[Message], body: bytes, as_json: bool) -> Message:
    try:
        if as_json:
            return Parse(body, kind(), ignore_unknown_fields=True)
        return kind.FromString(body)
    except (DecodeError, ParseError, UnicodeDecodeError) as error:
        raise BadRequest("request does not parse") from error


def error_of(error: Exception) -> tuple[int, str]:
    """The HTTP status and Twirp code of an error."""
    if isinstance(error, AccessDenied):
        return 403, "permission_denied"
    if isinstance(error, NotFound):
        return 404, "not_found"
    return (429, "resource_exhausted") if isinstance(error, RoomFull) else (400, "invalid_argument")
