"""A small synchronous client of RoomService, the media server's own interface (Twirp 5 over protobuf).

It speaks to our media server and to LiveKit alike. Each call carries a token for the one room that it is about.
"""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import httpx
from google.protobuf.message import DecodeError, Message
from livekit.protocol import models, room

from comity.core.clock import Clock
from comity.core.errors import ComityError
from comity.core.i18n import N_
from comity.rooms.tokens import MediaKey, admin_token

Answer = TypeVar("Answer", bound=Message)
_SECONDS = httpx.Timeout(3.0, connect=1.5)
_MOST_IN_ROOM = 50


class MediaUnavailable(ComityError):
    """The media server does not answer, or not in its own language."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "media-unavailable"
    message = N_("The room cannot be reached at the moment. Please try again in a minute.")


class MediaRefused(ComityError):
    """The media server answered with an error. reason: the code of Twirp, for example `not_found`."""

    status = HTTPStatus.BAD_GATEWAY
    code = "media-refused"
    message = N_("The room did not do what was asked. Nothing was changed.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class RoomService:
    """Calls to one media server.

    media_url: `ws://` or `wss://`, as browsers use it. Every method raises MediaUnavailable or MediaRefused.
    """

    def __init__(
        self, media_url: str, media: MediaKey, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._media, self._clock = media, clock
        self._http = httpx.Client(base_url=http_url(media_url), timeout=_SECONDS, trust_env=False, transport=transport)

    def create_room(self, name: str, *, empty_timeout: int = 300) -> models.Room:
        """Make a room before anybody comes. empty_timeout: seconds that it stays while nobody is in it."""
        request = room.CreateRoomRequest(name=name, empty_timeout=empty_timeout, max_participants=_MOST_IN_ROOM)
        return self._call("CreateRoom", name, request, models.Room)

    def participants(self, name: str) -> list[models.ParticipantInfo]:
        """Who is in the room now; nobody when there is no such room."""
        try:
            found = self._call(
                "ListParticipants", name, room.ListParticipantsRequest(room=name), room.ListParticipantsResponse
            )
        except MediaRefused as error:
            if error.reason == "not_found":
                return []
            raise
        return list(found.participants)

    def remove(self, name: str, identity: str, *, tokens_before: datetime | None = None) -> None:
        """Put somebody out of the room. tokens_before: tokens given out until then do not let them in again."""
        revoked = int(tokens_before.timestamp()) if tokens_before else 0
        request = room.RoomParticipantIdentity(room=name, identity=identity, revoke_token_ts=revoked)
        self._call("RemoveParticipant", name, request, room.RemoveParticipantResponse)

    def mute(self, name: str, identity: str, track_sid: str, *, muted: bool = True) -> models.TrackInfo:
        """Mute a track of somebody, or ask for the contrary where the media server allows it."""
        request = room.MuteRoomTrackRequest(room=name, identity=identity, track_sid=track_sid, muted=muted)
        return self._call("MutePublishedTrack", name, request, room.MuteRoomTrackResponse).track

    def update(self, name: str, identity: str, permission: models.ParticipantPermission) -> models.ParticipantInfo:
        """Change what somebody may do in the room from now on."""
        request = room.UpdateParticipantRequest(room=name, identity=identity, permission=permission)
        return self._call("UpdateParticipant", name, request, models.ParticipantInfo)

    def delete_room(self, name: str) -> None:
        """End the room for everybody."""
        self._call("DeleteRoom", name, room.DeleteRoomRequest(room=name), room.DeleteRoomResponse)

    def close(self) -> None:
        """Close the connections kept open."""
        self._http.close()

    def _call(self, method: str, name: str, request: Message, answer: type[Answer]) -> Answer:
        headers = _headers(self._media, name, self._clock.now())
        try:
            response = self._http.post(
                f"/twirp/livekit.RoomService/{method}", content=request.SerializeToString(), headers=headers
            )
        except httpx.HTTPError as error:
            raise MediaUnavailable from error
        if response.status_code != HTTPStatus.OK:
            raise MediaRefused(_reason(response))
        try:
            return answer.FromString(response.content)
        except DecodeError as error:
            raise MediaUnavailable from error


def http_url(media_url: str) -> str:
    """The address of RoomService at a media server: the same host, over http or https."""
    parts = urlsplit(media_url)
    return urlunsplit(parts._replace(scheme="https" if parts.scheme in {"wss", "https"} else "http"))


def _headers(media: MediaKey, name: str, now: datetime) -> dict[str, str]:
    token = admin_token(media, room=name, now=now)
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/protobuf"}


def _reason(response: httpx.Response) -> str:
    """The code in an error of Twirp, which is JSON whatever was asked."""
    try:
        found = json.loads(response.content)
    except ValueError:
        return "unknown"
    return str(found.get("code", "unknown")) if isinstance(found, dict) else "unknown"
