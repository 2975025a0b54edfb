"""Participants of a Janus video room, over Janus's WebSocket interface.

A publisher is one handle, what a participant receives is another: that is how Janus's video room works.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from tests.benchmarks.media import sdp
from tests.benchmarks.media.peer import Peer

_PATIENCE = 15
_KEEPALIVE = 20
_BITRATE_CAP = 8_000_000

Message = dict[str, Any]


class JanusError(Exception):
    """Janus refused a request."""


class JanusSession:
    """One session, on a WebSocket of its own."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._session_id: int | None = None
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._up: dict[int, asyncio.Event] = {}
        self._tasks = [asyncio.create_task(self._read())]

    @classmethod
    async def open(cls, client: aiohttp.ClientSession, url: str) -> JanusSession:
        """Connect and create a session. url: ws://HOST:PORT."""
        session = cls(await client.ws_connect(url, protocols=["janus-protocol"]))
        reply = await session.request({"janus": "create"})
        session._session_id = reply["data"]["id"]
        session._tasks.append(asyncio.create_task(session._keep_alive()))
        return session

    async def attach(self) -> int:
        """Attach to the video room plugin; returns the handle's id."""
        reply = await self.request({"janus": "attach", "plugin": "janus.plugin.videoroom"})
        return int(reply["data"]["id"])

    async def message(self, handle: int, body: Message, jsep: Message | None = None) -> Message:
        """Send the plugin a request and await its answer: the event for an asynchronous one."""
        request: Message = {"janus": "message", "handle_id": handle, "body": body}
        reply = await self.request(request | ({"jsep": jsep} if jsep else {}))
        data = reply["plugindata"]["data"]
        if "error" in data:
            raise JanusError(data["error"])
        return reply

    async def up(self, handle: int) -> None:
        """Wait until Janus calls a handle's connection up: before that nobody can subscribe to it."""
        async with asyncio.timeout(_PATIENCE):
            await self._up.setdefault(handle, asyncio.Event()).wait()

    async def request(self, message: Message) -> Message:
        """Send a request and await the reply to its transaction. Raises JanusError when it is refused."""
        transaction = secrets.token_hex(8)
        if self._session_id is not None:
            message = message | {"session_id": self._session_id}
        future = self._replies[transaction] = asyncio.get_running_loop().create_future()
        await self._socket.send_json(message | {"transaction": transaction})
        async with asyncio.timeout(_PATIENCE):
            reply: Message = await future
        if reply["janus"] == "error":
            raise JanusError(reply["error"]["reason"])
        return reply

    async def _read(self) -> None:
        async for frame in self._socket:
            message = frame.json()
            # An acknowledgement says only that the event will follow, under the same transaction.
            if message["janus"] == "ack":
                continue
            if message["janus"] == "webrtcup":
                self._up.setdefault(message["sender"], asyncio.Event()).set()
            future = self._replies.pop(message.get("transaction", ""), None)
            if future and not future.done():
                future.set_result(message)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(_KEEPALIVE)
            keep = {"janus": "keepalive", "session_id": self._session_id, "transaction": "keep"}
            await self._socket.send_json(keep)

    async def close(self) -> None:
        """Destroy the session, and its handles with it."""
        await self.request({"janus": "destroy"})
        for task in self._tasks:
            task.cancel()
        await self._socket.close()


async def create_room(session: JanusSession, room: int) -> None:
    """Create a room for VP8 and Opus whose bit rate cap is far above what is published."""
    body = {"request": "create", "room": room, "publishers": 50, "bitrate": _BITRATE_CAP}
    await session.message(await session.attach(), body | {"videocodec": "vp8", "audiocodec": "opus"})


class JanusParticipant:
    """One person in a room. make_peer: makes a connection, `controlling` or not. feed: what others subscribe to."""

    def __init__(self, session: JanusSession, room: int, make_peer: Callable[..., Peer]) -> None:
        self._session, self._room, self._make_peer = session, room, make_peer
        self.feed = 0
        self.peers: list[Peer] = []

    async def publish(self) -> None:
        """Join as publisher and begin to send audio and video."""
        handle = await self._session.attach()
        join = {"request": "join", "room": self._room, "ptype": "publisher"}
        joined = await self._session.message(handle, join)
        self.feed = joined["plugindata"]["data"]["id"]
        peer = self._peer(controlling=True)
        sections = [sdp.Wanted("audio", peer.audio_ssrc, "audio"), sdp.Wanted("video", peer.video_ssrc, "video")]
        offer = {"type": "offer", "sdp": peer.offer(sections, 1)}
        reply = await self._session.message(handle, {"request": "configure", "audio": True, "video": True}, offer)
        remote = sdp.parse(reply["jsep"]["sdp"])
        await peer.connect(remote)
        await self._session.up(handle)
        peer.publish(remote)

    async def receive(self, feeds: Sequence[int]) -> None:
        """Receive all streams of other participants."""
        handle = await self._session.attach()
        streams = [{"feed": feed} for feed in feeds]
        join = {"request": "join", "room": self._room, "ptype": "subscriber", "streams": streams}
        attached = await self._session.message(handle, join)
        remote = sdp.parse(attached["jsep"]["sdp"])
        peer = self._peer(controlling=False)
        peer.receive(remote)
        answer = {"type": "answer", "sdp": peer.answer(remote)}
        await self._session.message(handle, {"request": "start"}, answer)
        await peer.connect(remote)

    def _peer(self, *, controlling: bool) -> Peer:
        peer = self._make_peer(controlling=controlling)
        self.peers.append(peer)
        return peer

    async def close(self) -> None:
        """Leave."""
        for peer in self.peers:
            await peer.close()
        await self._session.close()
