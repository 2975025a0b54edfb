"""Signalling: a client joins or resumes over a WebSocket and talks in protocol buffers (see protocol.md)."""

from __future__ import annotations

import logging
import time

from aiohttp import WSMsgType, web
from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from . import access, join_request, tokens
from .errors import AccessDenied, BadRequest, NotFound, RoomFull, TokenRefused
from .limits import SIGNAL_BURST, SIGNALS_PER_SECOND, MessageBudget
from .participant import Participant, new_sid
from .room import Room
from .rooms import Rooms
from .signal_handlers import HANDLERS, handle_add_track, handle_offer
from .signal_socket import SignalSocket
from .tokens import Claims

log = logging.getLogger("comity.media")

MAX_MESSAGE = 1 << 20  # octets; an offer in a large room has hundreds of kilobytes
PROTOCOL = 16
VERSION = "1.9.0"  # clients refuse an empty one, and read features out of it
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}  # access rests on the token, never on cookies
Reason = models.DisconnectReason
Action = rtc.LeaveRequest.Action


class Signalling:
    """The WebSocket endpoint and the check that browsers run when it fails."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._settings = rooms.settings
        self._server = models.ServerInfo(
            edition=models.ServerInfo.Edition.Standard, version=VERSION, protocol=PROTOCOL, node_id=new_sid("ND_")
        )

    def claims(self, request: web.Request) -> Claims:
        """The verified token of a request, from its address or its Authorization header. Raises TokenRefused."""
        token = request.query.get("access_token") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        return tokens.verify(token, self._settings.key, self._settings.secret, self._rooms.clock())

    async def validate(self, request: web.Request) -> web.Response:
        """Say over plain HTTP why a join would fail: browsers hide it for a WebSocket."""
        self._rooms.check_not_removed(self.claims(request))
        return web.Response(text="success", headers=ANY_ORIGIN)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Join or resume. The token has been checked for the right to join."""
        claims = self.claims(request)
        joining = join_request.decode(request.query.get("join_request", ""))
        self._rooms.check_not_removed(claims)
        websocket = web.WebSocketResponse(max_msg_size=MAX_MESSAGE, compress=False)
        await websocket.prepare(request)
        socket = SignalSocket(websocket)
        try:
            if joining.reconnect:
                room, participant = self._resume(claims, joining, socket)
            else:
                room, participant = await self._join(claims, joining, socket)
        except (NotFound, RoomFull, TokenRefused, BadRequest) as error:
            log.info("join refused: %s", error)
            socket.send(rtc.SignalResponse(leave=_refusal(error)))
            socket.close()
            await socket.wait_closed()
            return websocket
        await self._converse(websocket, socket, room, participant)
        return websocket

    async def _join(self, claims: Claims, joining: rtc.JoinRequest, socket: SignalSocket) -> tuple[Room, Participant]:
        room, participant = await self._rooms.join(claims, socket, joining.connection_settings.auto_subscribe)
        if participant.permission.can_update_metadata:
            participant.update_profile("", joining.metadata, joining.participant_attributes)
        others = [other.info() for other in room.participants.values() if other is not participant]
        participant.send(
            join=rtc.JoinResponse(
                room=room.info(),
                participant=participant.info(),
                other_participants=others,
                server_version=VERSION,
                server_info=self._server,
                subscriber_primary=False,
                ping_interval=self._settings.ping_interval,
                ping_timeout=self._settings.ping_timeout,
                enabled_publish_codecs=[models.Codec(mime="video/VP8"), models.Codec(mime="audio/opus")],
            )
        )
        participant.state = models.ParticipantInfo.State.ACTIVE
        participant.changed()
        room.announce(participant, besides=participant)
        self._rooms.refresh_token(participant)
        room.notify("participant_joined", participant)
        log.info("%s joined %s", participant.sid, room.sid)
        room.sync(participant)
        try:
            for request in joining.add_track_requests:
                handle_add_track(self._rooms, room, participant, request)
            if joining.HasField("publisher_offer"):
                handle_offer(self._rooms, room, participant, joining.publisher_offer)
        except BadRequest:
            await self._rooms.remove(room, participant, Reason.JOIN_FAILURE)
            raise
        return room, participant

    def _resume(self, claims: Claims, joining: rtc.JoinRequest, socket: SignalSocket) -> tuple[Room, Participant]:
        room, participant = self._rooms.find_resumable(claims, joining.participant_sid)
        old, participant.socket = participant.socket, socket
        participant.signal_lost_at = None
        if old is not None:
            old.close()
        participant.send(
            reconnect=rtc.ReconnectResponse(server_info=self._server, last_message_seq=participant.last_sequence)
        )
        everyone = [other.info() for other in room.participants.values()]
        participant.send(update=rtc.ParticipantUpdate(participants=everyone))
        self._rooms.refresh_token(participant)
        log.info("%s resumed in %s", participant.sid, room.sid)
        return room, participant

    async def _converse(
        self, websocket: web.WebSocketResponse, socket: SignalSocket, room: Room, participant: Participant
    ) -> None:
        budget = MessageBudget(SIGNALS_PER_SECOND, SIGNAL_BURST)
        try:
            async for message in websocket:
                if message.type is not WSMsgType.BINARY or not budget.take(time.monotonic()):
                    log.warning("%s: unexpected or too many messages, socket closed", participant.sid)
                    break
                self._handle(room, participant, message.data)
        finally:
            socket.close()
            if participant.socket is socket:
                participant.socket = None
                participant.signal_lost_at = time.monotonic()

    def _handle(self, room: Room, participant: Participant, data: bytes) -> None:
        """Decide and run one signal message; the one place where its errors are translated."""
        try:
            request = rtc.SignalRequest.FromString(data)
        except DecodeError:
            log.warning("%s: a signal message does not parse", participant.sid)
            return
        name = request.WhichOneof("message")
        if name is None or participant.closed:
            return
        try:
            access.check_participant(f"signal:{name}", participant.permission)
            HANDLERS[name](self._rooms, room, participant, getattr(request, name))
        except AccessDenied as error:
            log.info("%s: %s", participant.sid, error)
            reason = rtc.RequestResponse.Reason.NOT_ALLOWED
            refusal = rtc.RequestResponse(reason=reason, message=str(error))
            if name == "add_track":
                refusal.add_track.CopyFrom(request.add_track)
            participant.send(request_response=refusal)
        except BadRequest as error:
            log.warning("%s: %s refused: %s", participant.sid, name, error)
            participant.send(leave=rtc.LeaveRequest(reason=Reason.STATE_MISMATCH, action=Action.RECONNECT))


def _refusal(error: Exception) -> rtc.LeaveRequest:
    """The leave message for a join that failed after the socket was open."""
    if isinstance(error, NotFound):
        return rtc.LeaveRequest(reason=Reason.STATE_MISMATCH, action=Action.RECONNECT)
    return rtc.LeaveRequest(reason=Reason.JOIN_FAILURE, action=Action.DISCONNECT)
