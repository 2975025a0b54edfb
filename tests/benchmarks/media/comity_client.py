"""Participants of a room of Comity's media server, over the LiveKit client protocol: `/rtc/v1`, one peer connection.

The client offers, the server answers; what is to be received is asked for by a media sections requirement.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import aiohttp
import jwt
from livekit.protocol import models, rtc

from tests.benchmarks.media import sdp
from tests.benchmarks.media.peer import TRACKS, Peer

_PATIENCE = 15
_TOKEN_LIFE = 600
_PING_INTERVAL = 5


class ComityError(Exception):
    """The media server refused, or ended the session."""


def token(key: str, secret: str, room: str, identity: str) -> str:
    """A token that lets one identity join one room (HS256, ten minutes)."""
    now = int(time.time())
    grants = {"room": room, "roomJoin": True, "canPublish": True, "canSubscribe": True, "canPublishData": True}
    claims = {"iss": key, "sub": identity, "nbf": now - 5, "exp": now + _TOKEN_LIFE, "video": grants}
    return jwt.encode(claims, secret, algorithm="HS256")


class ComityParticipant:
    """One person in a room. feed means nothing here: subscriptions are the server's affair."""

    feed = 0

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, peer: Peer) -> None:
        self._socket, self._peer = socket, peer
        self.peers = [peer]
        self._sections = [sdp.Wanted("application")]
        self._version = 1
        self._answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._negotiating = asyncio.Lock()
        self._subscribed: set[str] = set()
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure = ""

    @classmethod
    async def join(
        cls, client: aiohttp.ClientSession, url: str, access: str, peer: Peer, *, receives: bool
    ) -> ComityParticipant:
        """Join with a first offer, and connect.

        access: the token. receives: whether the server shall subscribe this participant to the others.
        """
        first = rtc.SessionDescription(type="offer", id=1, sdp=peer.offer(_FIRST, 1))
        request = rtc.JoinRequest(
            client_info=models.ClientInfo(sdk=models.ClientInfo.JS, version="2.23.0", protocol=16),
            connection_settings=rtc.ConnectionSettings(auto_subscribe=receives),
            publisher_offer=first,
        )
        wrapped = rtc.WrappedJoinRequest(join_request=request.SerializeToString())
        encoded = base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")
        address = f"{url}/rtc/v1?access_token={quote(access)}&join_request={quote(encoded)}"
        participant = cls(await client.ws_connect(address, max_msg_size=1 << 20), peer)
        participant._start(participant._read())
        participant._start(participant._ping())
        answer = await participant._answered()
        await peer.connect(sdp.parse(answer.sdp))
        return participant

    async def publish(self) -> None:
        """Announce audio and video, offer them, and begin to send."""
        peer = self._peer
        for kind, ssrc, source in (
            ("audio", peer.audio_ssrc, models.TrackSource.MICROPHONE),
            ("video", peer.video_ssrc, models.TrackSource.CAMERA),
        ):
            request = rtc.AddTrackRequest(cid=f"load-{ssrc}", name=kind, source=source, disable_red=True)
            request.type = models.TrackType.AUDIO if kind == "audio" else models.TrackType.VIDEO
            if kind == "video":
                request.width, request.height = 1280, 720
                request.layers.add(quality=models.VideoQuality.HIGH, width=1280, height=720, ssrc=ssrc)
            await self._send(rtc.SignalRequest(add_track=request))
            self._sections.append(sdp.Wanted(kind, ssrc, f"load-{ssrc}"))
        peer.publish(await self._negotiate())

    async def receive(self, feeds: Sequence[int]) -> None:
        """Wait until all tracks of as many others have a media section: the server subscribes by itself.

        Raises TimeoutError, or ComityError when the session ends.
        """
        tracks = len(feeds) * TRACKS
        async with asyncio.timeout(_PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self._subscribed) >= tracks or self._failure)
        if self._failure:
            raise ComityError(self._failure)

    async def close(self) -> None:
        """Leave."""
        with contextlib.suppress(ConnectionError):
            await self._send(rtc.SignalRequest(leave=rtc.LeaveRequest(reason=models.CLIENT_INITIATED)))
        for task in self._tasks:
            task.cancel()
        await self._peer.close()
        await self._socket.close()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, message: Any) -> None:
        await self._socket.send_bytes(message.SerializeToString())

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(_PING_INTERVAL)
            await self._send(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=int(time.time() * 1000))))

    async def _negotiate(self) -> sdp.Description:
        async with self._negotiating:
            self._version += 1
            self._answer = asyncio.get_running_loop().create_future()
            text = self._peer.offer(self._sections, self._version)
            offer = rtc.SessionDescription(type="offer", id=self._version, sdp=text)
            await self._send(rtc.SignalRequest(offer=offer))
            return sdp.parse((await self._answered()).sdp)

    async def _answered(self) -> Any:
        async with asyncio.timeout(_PATIENCE):
            answer = await self._answer
        self._peer.receive(sdp.parse(answer.sdp))
        async with self._changed:
            self._subscribed = set(answer.mid_to_track_id.values())
            self._changed.notify_all()
        return answer

    async def _add_sections(self, audios: int, videos: int) -> None:
        self._sections += [sdp.Wanted("audio")] * audios + [sdp.Wanted("video")] * videos
        await self._negotiate()

    async def _read(self) -> None:
        async for frame in self._socket:
            if frame.type != aiohttp.WSMsgType.BINARY:
                break
            message = rtc.SignalResponse.FromString(frame.data)
            kind = message.WhichOneof("message")
            if kind == "answer" and not self._answer.done():
                self._answer.set_result(message.answer)
            elif kind == "media_sections_requirement":
                needed = message.media_sections_requirement
                self._start(self._add_sections(needed.num_audios, needed.num_videos))
            elif kind == "leave":
                await self._fail(f"told to leave, reason {message.leave.reason}")
            elif kind == "request_response" and message.request_response.reason != rtc.RequestResponse.OK:
                await self._fail(f"refused: {message.request_response}")
        await self._fail("the signalling connection ended")

    async def _fail(self, why: str) -> None:
        self._failure = self._failure or why
        if not self._answer.done():
            self._answer.set_exception(ComityError(self._failure))
        async with self._changed:
            self._changed.notify_all()


_FIRST = (sdp.Wanted("application"),)
