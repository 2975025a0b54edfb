"""All rooms of this process: joining, resuming, leaving, and the work that time brings."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from livekit.protocol import models, rtc

from . import quality, tokens
from .dtls import new_certificate
from .dynacast import wanted_qualities
from .errors import NotFound, RoomFull, TokenRefused
from .icelite import IceMux
from .participant import Participant, Socket, Track
from .peer import Peer
from .room import Notify, Room
from .sdp import Section
from .settings import MediaSettings
from .tokens import Claims
from .uplink import UpTrack

log = logging.getLogger("comity.media")

TICK = 0.05  # seconds
SPEAKERS_EVERY, SECOND_EVERY, QUALITY_EVERY = 8, 20, 100  # ticks
Action = rtc.LeaveRequest.Action
Reason = models.DisconnectReason


class _Owner:
    """What a participant's connection tells us, carried to its room."""

    def __init__(self, rooms: Rooms, room: Room, participant: Participant) -> None:
        self._rooms, self._room, self._participant = rooms, room, participant

    def publish(self, section: Section, track: UpTrack) -> bool:
        return self._room.publish(self._participant, section, track)

    def unpublished(self, track: UpTrack) -> None:
        for published in list(self._participant.tracks.values()):
            if published.up is track:
                self._room.unpublish(self._participant, published)

    def receive_data(self, reliable: bool, message: bytes) -> None:
        self._room.route_data(self._participant, reliable, message)

    def transport_failed(self, reason: str) -> None:
        log.warning("%s in %s: %s", self._participant.sid, self._room.sid, reason)
        self._rooms.spawn(
            self._rooms.remove(self._room, self._participant, Reason.CONNECTION_TIMEOUT, Action.RECONNECT)
        )


class Rooms:
    """The rooms by name. Everything here runs on the event loop's thread.

    notify: posts a webhook event. clock: seconds since 1970.
    """

    def __init__(
        self, settings: MediaSettings, mux: IceMux, notify: Notify, clock: Callable[[], float] = time.time
    ) -> None:
        self.settings, self._mux, self._notify, self.clock = settings, mux, notify, clock
        self._certificate = new_certificate()
        self._certificate_day = self._today()
        self.by_name: dict[str, Room] = {}
        self._removed: dict[tuple[str, str], float] = {}  # (room, identity) to when; older tokens are refused
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ticks = 0

    def _today(self) -> int:
        return int(self.clock() // 86400)

    def certificate(self) -> Any:
        """The DTLS certificate for new connections, renewed each day: it is valid for a month."""
        if self._today() != self._certificate_day:
            self._certificate, self._certificate_day = new_certificate(), self._today()
        return self._certificate

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background and keep hold of it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- rooms -------------------------------------------------------------------------------------------------------

    def get(self, name: str) -> Room:
        """The room of this name. Raises NotFound."""
        room = self.by_name.get(name)
        if room is None:
            raise NotFound("no such room")
        return room

    def create(self, name: str) -> Room:
        """The room of this name, made if need be. Raises RoomFull when the server holds too many."""
        room = self.by_name.get(name)
        if room is None:
            if len(self.by_name) >= self.settings.max_rooms:
                raise RoomFull("the server holds as many rooms as it may")
            room = self.by_name[name] = Room(name, self._notify, self.clock())
            room.notify("room_started")
        return room

    def _close(self, room: Room) -> None:
        if self.by_name.get(room.name) is room:
            del self.by_name[room.name]
            room.notify("room_finished")

    # -- participants ------------------------------------------------------------------------------------------------

    def check_not_removed(self, claims: Claims) -> None:
        """A token from before its holder was removed does not open the room again. Raises TokenRefused."""
        removed = self._removed.get((claims.grants.room, claims.identity))
        if removed is not None and claims.issued_at <= removed:
            raise TokenRefused("removed from this room")

    def revoke(self, room: str, identity: str, until: float) -> None:
        """Refuse tokens that were given out until a moment, in seconds since 1970, but not later than now."""
        known = self._removed.get((room, identity), 0.0)
        self._removed[room, identity] = max(known, min(until, self.clock()))

    async def join(self, claims: Claims, socket: Socket, auto_subscribe: bool) -> tuple[Room, Participant]:
        """Let someone in under a verified join token; whoever has that identity already must go.

        Raises RoomFull, TokenRefused.
        """
        self.check_not_removed(claims)
        room = self.create(claims.grants.room)
        present = room.participants.get(claims.identity)
        if present is not None:
            await self.remove(room, present, Reason.DUPLICATE_IDENTITY)
        limit = room.max_participants or self.settings.max_participants
        if len(room.participants) >= min(limit, self.settings.max_participants):
            raise RoomFull("the room is full")
        participant = Participant(claims, socket, auto_subscribe, self.clock())
        participant.peer = Peer(self._mux, self.certificate(), _Owner(self, room, participant))
        room.participants[participant.identity] = participant
        room.empty_since, room.ever_joined = None, True
        return room, participant

    def find_resumable(self, claims: Claims, sid: str) -> tuple[Room, Participant]:
        """The participant a client wants to go on as. Raises NotFound when it must join anew."""
        self.check_not_removed(claims)
        room = self.by_name.get(claims.grants.room)
        participant = room.participants.get(claims.identity) if room is not None else None
        if room is None or participant is None or participant.closed or (sid and participant.sid != sid):
            raise NotFound("no session to resume")
        return room, participant

    async def remove(
        self,
        room: Room,
        participant: Participant,
        reason: Reason,
        action: Action | None = Action.DISCONNECT,
    ) -> None:
        """Take a participant out. action: what its client is told to do, None when it knows already."""
        if participant.closed:
            return
        participant.closed = True
        participant.state, participant.reason = models.ParticipantInfo.State.DISCONNECTED, reason
        if reason == Reason.PARTICIPANT_REMOVED:
            self._removed[room.name, participant.identity] = self.clock()
        if action is not None:
            participant.send(leave=rtc.LeaveRequest(reason=reason, action=action))
        if room.participants.get(participant.identity) is participant:
            del room.participants[participant.identity]
        participant.tracks.clear()
        participant.pending.clear()
        participant.changed()
        room.announce(participant)
        room.sync_all()
        if not room.participants:
            room.empty_since = self.clock()
        room.notify("participant_left", participant)
        if participant.socket is not None:
            participant.socket.close()
        if participant.peer is not None:
            await participant.peer.close()

    async def delete(self, room: Room) -> None:
        """Send everyone away and close the room."""
        for participant in list(room.participants.values()):
            await self.remove(room, participant, Reason.ROOM_DELETED)
        self._close(room)

    async def shut_down(self) -> None:
        """Leave every room so that clients come back to the next process."""
        for room in list(self.by_name.values()):
            for participant in list(room.participants.values()):
                await self.remove(room, participant, Reason.SERVER_SHUTDOWN, Action.RECONNECT)
            self._close(room)
        for task in list(self._tasks):
            task.cancel()

    def refresh_token(self, participant: Participant) -> None:
        """Give a client a token for its next start: a restarted server knows nothing but tokens."""
        claims = tokens.refreshed(participant.claims, participant.permission)
        claims = replace(claims, name=participant.name)
        settings = self.settings
        token = tokens.mint(claims, settings.key, settings.secret, self.clock(), settings.token_lifetime)
        participant.send(refresh_token=token)

    # -- time --------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Do what is due, for ever."""
        while True:
            await asyncio.sleep(TICK)
            try:
                await self.tick()
            except Exception:
                log.exception("tick failed")

    async def tick(self) -> None:
        """Work of every 50 ms, and what is due more rarely."""
        self._ticks += 1
        now = time.monotonic()
        for room in list(self.by_name.values()):
            for participant in list(room.participants.values()):
                if participant.peer is not None:
                    participant.peer.tick(now)
            if self._ticks % SPEAKERS_EVERY == 0:
                room.update_speakers(now)
            if self._ticks % SECOND_EVERY == 0:
                await self._second(room, now)
            if self._ticks % QUALITY_EVERY == 0:
                _send_quality(room, now)

    async def _second(self, room: Room, now: float) -> None:
        refresh_ticks = max(1, self.settings.token_lifetime // 2) * SECOND_EVERY
        for participant in list(room.participants.values()):
            peer = participant.peer
            if peer is None:
                continue
            peer.second(now)
            lost = participant.signal_lost_at
            if lost is not None and now - lost > self.settings.departure_timeout:
                await self.remove(room, participant, Reason.SIGNAL_CLOSE, None)
            elif peer.open and now - peer.ice.last_check > self.settings.consent_timeout:
                await self.remove(room, participant, Reason.CONNECTION_TIMEOUT, Action.RECONNECT)
            elif self._ticks % refresh_ticks == 0:
                self.refresh_token(participant)
        for track in room.tracks():
            _send_qualities(room, track, now)
        self._expire(room)

    def _expire(self, room: Room) -> None:
        now, settings = self.clock(), self.settings
        if room.empty_since is not None:
            chosen = room.departure_timeout if room.ever_joined else room.empty_timeout
            default = settings.departure_timeout if room.ever_joined else settings.empty_timeout
            if now - room.empty_since >= (default if chosen is None else chosen):
                self._close(room)
        for key, removed in list(self._removed.items()):
            if now - removed > 86400:  # no token lives that long
                del self._removed[key]


def _send_quality(room: Room, now: float) -> None:
    updates = []
    for participant in room.participants.values():
        peer = participant.peer
        if peer is None or not peer.open:
            continue
        judged = quality.judge(peer.loss_up, peer.downlink.budget.loss, now - peer.ice.last_check)
        score = quality.score(judged)
        updates.append(rtc.ConnectionQualityInfo(participant_sid=participant.sid, quality=judged, score=score))
    if updates:
        room.send_all(connection_quality=rtc.ConnectionQualityUpdate(updates=updates))


def _send_qualities(room: Room, track: Track, now: float) -> None:
    """Tell a publisher which layers anyone wants, so that it encodes no others (dynacast)."""
    update = wanted_qualities(room, track, now)
    if update is not None:
        track.owner.send(subscribed_quality_update=update)
