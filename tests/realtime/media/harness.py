"""A media server in this process, clients of its signalling, and calls to its RoomService."""

from __future__ import annotations

import asyncio
import base64
import gzip
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from livekit import api
from livekit.protocol import rtc

from comity.media import tokens
from comity.media.server import MediaServer
from comity.media.settings import MediaSettings
from comity.media.tokens import Claims, Grants

from .packets import offer

SETTINGS = MediaSettings("comity", "an-hmac-secret-of-forty-characters-indeed", http_port=0)
WAIT = 10.0  # seconds before a test gives up


@asynccontextmanager
async def running(settings: MediaSettings = SETTINGS) -> AsyncIterator[MediaServer]:
    """A server on free ports."""
    server = await MediaServer.start(settings)
    try:
        yield server
    finally:
        await server.stop()


def token(identity: str, room: str = "r", ttl: int = 60, **grants: Any) -> str:
    """A token to join with."""
    claims = Claims(identity, replace(Grants(room=room, room_join=True), **grants), name=identity.title())
    return tokens.mint(claims, SETTINGS.key, SETTINGS.secret, time.time(), ttl)


def packed(request: rtc.JoinRequest) -> str:
    """A join request as it stands in the address."""
    content = gzip.compress(request.SerializeToString())
    wrapped = rtc.WrappedJoinRequest(compression="GZIP", join_request=content)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()


def joining(**fields: Any) -> rtc.JoinRequest:
    """A join request of a client that subscribes to everything."""
    return rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=True), **fields)


def with_offer(name: str = "chromium_join") -> rtc.JoinRequest:
    """A join request with a recorded offer."""
    return joining(publisher_offer=rtc.SessionDescription(type="offer", sdp=offer(name), id=1))


@dataclass
class Signal:
    """One signalling connection, as a client has it."""

    websocket: aiohttp.ClientWebSocketResponse

    async def send(self, **message: Any) -> None:
        await self.websocket.send_bytes(rtc.SignalRequest(**message).SerializeToString())

    async def receive(self, name: str) -> Any:  # one of some thirty message types
        """The next message of this name; others are passed over."""
        async with asyncio.timeout(WAIT):
            while True:
                message = await self.websocket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, f"{message.type} while waiting for {name}"
                response = rtc.SignalResponse.FromString(message.data)
                if response.WhichOneof("message") == name:
                    return getattr(response, name)

    async def closed(self) -> bool:
        async with asyncio.timeout(WAIT):
            while (await self.websocket.receive()).type is aiohttp.WSMsgType.BINARY:
                pass
        return True


@asynccontextmanager
async def signal(server: MediaServer, access_token: str, request: rtc.JoinRequest) -> AsyncIterator[Signal]:
    """Connect and join or resume."""
    url = f"http://127.0.0.1:{server.http_port}/rtc/v1"
    params = {"access_token": access_token, "join_request": packed(request)}
    async with aiohttp.ClientSession() as session, session.ws_connect(url, params=params) as websocket:
        yield Signal(websocket)


@asynccontextmanager
async def service(server: MediaServer) -> AsyncIterator[api.LiveKitAPI]:
    """LiveKit's own client of the RoomService."""
    client = api.LiveKitAPI(f"http://127.0.0.1:{server.http_port}", SETTINGS.key, SETTINGS.secret)
    try:
        yield client
    finally:
        await client.aclose()
