"""Who may do what: one row for everything a client can reach. What has no row is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from livekit.protocol import models

from .errors import AccessDenied
from .tokens import Claims


class Need(StrEnum):
    """What a caller must hold."""

    NOTHING = "nothing"
    TOKEN = "a valid token; each method behind it has a row of its own"  # noqa: S105 - a description  # nosec B105
    JOIN = "a token with roomJoin, a room and an identity"
    MEMBER = "to be a participant of the room"
    PUBLISH = "to be a participant whose permission allows publishing"
    SUBSCRIBE = "to be a participant whose permission allows subscribing"
    PUBLISH_DATA = "to be a participant whose permission allows publishing data"
    ROOM_CREATE = "a token with roomCreate"
    ROOM_LIST = "a token with roomList"
    ROOM_ADMIN = "a token with roomAdmin for this very room"


ACCESS: Mapping[str, Need] = MappingProxyType(
    {
        "http:/healthz": Need.NOTHING,
        "http:/rtc/v1": Need.JOIN,
        "http:/rtc/v1/validate": Need.JOIN,
        "http:/twirp/livekit.RoomService/{method}": Need.TOKEN,
        "signal:offer": Need.MEMBER,
        "signal:trickle": Need.MEMBER,
        "signal:add_track": Need.PUBLISH,
        "signal:mute": Need.MEMBER,
        "signal:subscription": Need.SUBSCRIBE,
        "signal:subscription_permission": Need.MEMBER,
        "signal:track_setting": Need.MEMBER,
        "signal:sync_state": Need.MEMBER,
        # its handler answers with a refusal the client understands when canUpdateOwnMetadata is missing
        "signal:update_metadata": Need.MEMBER,
        "signal:update_audio_track": Need.MEMBER,
        "signal:update_video_track": Need.MEMBER,
        "signal:update_layers": Need.MEMBER,
        "signal:ping": Need.MEMBER,
        "signal:ping_req": Need.MEMBER,
        "signal:leave": Need.MEMBER,
        "data:reliable": Need.PUBLISH_DATA,
        "data:lossy": Need.PUBLISH_DATA,
        "twirp:CreateRoom": Need.ROOM_CREATE,
        "twirp:ListRooms": Need.ROOM_LIST,
        "twirp:DeleteRoom": Need.ROOM_CREATE,
        "twirp:ListParticipants": Need.ROOM_ADMIN,
        "twirp:GetParticipant": Need.ROOM_ADMIN,
        "twirp:RemoveParticipant": Need.ROOM_ADMIN,
        "twirp:MutePublishedTrack": Need.ROOM_ADMIN,
        "twirp:UpdateParticipant": Need.ROOM_ADMIN,
        "twirp:SendData": Need.ROOM_ADMIN,
        "twirp:UpdateRoomMetadata": Need.ROOM_ADMIN,
    }
)

_PERMISSIONS = {
    Need.PUBLISH: "can_publish",
    Need.SUBSCRIBE: "can_subscribe",
    Need.PUBLISH_DATA: "can_publish_data",
}


def need(handler: str) -> Need:
    """The row of a handler. Raises AccessDenied when there is none."""
    row = ACCESS.get(handler)
    if row is None:
        raise AccessDenied(f"{handler} is not offered")
    return row


def check_token(handler: str, claims: Claims | None, room: str = "") -> None:
    """Decide a call made with a token alone (HTTP and Twirp).

    room: the room the call is about; for a join, the token names it. Raises AccessDenied.
    """
    row = need(handler)
    if row is Need.NOTHING:
        return
    if claims is None:
        raise AccessDenied(f"{handler} needs {row.value}")
    grants = claims.grants
    allowed = {
        Need.TOKEN: True,
        Need.JOIN: grants.room_join and bool(grants.room) and bool(claims.identity),
        Need.ROOM_CREATE: grants.room_create,
        Need.ROOM_LIST: grants.room_list,
        Need.ROOM_ADMIN: grants.room_admin and bool(room) and grants.room == room,
    }
    if not allowed.get(row, False):
        raise AccessDenied(f"{handler} needs {row.value}")


def check_participant(handler: str, permission: models.ParticipantPermission) -> None:
    """Decide a signal message or data packet of a participant already in the room. Raises AccessDenied."""
    row = need(handler)
    if row is Need.MEMBER:
        return
    attribute = _PERMISSIONS.get(row)
    if attribute is None or not getattr(permission, attribute):
        raise AccessDenied(f"{handler} needs {row.value}")


def may_publish_source(permission: models.ParticipantPermission, source: int) -> bool:
    """Whether this permission lets a track of this source in; no list of sources allows each."""
    if not permission.can_publish:
        return False
    return not permission.can_publish_sources or source in permission.can_publish_sources
