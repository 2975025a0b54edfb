"""RoomService, called with LiveKit's own client, and the webhooks that follow."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from livekit import api
from livekit.protocol import models, rtc

from comity.media import tokens
from comity.media.room_service import METHODS
from comity.media.tokens import Claims, Grants

from .harness import SETTINGS, joining, running, service, signal, token, with_offer
from .packets import offer
from .test_signalling import camera, state

Code = api.TwirpErrorCode


def test_rooms_are_made_listed_described_and_deleted() -> None:
    async def run() -> None:
        async with running() as server, service(server) as client:
            made = await client.room.create_room(api.CreateRoomRequest(name="r", metadata="m", max_participants=3))
            assert (made.name, made.metadata, made.max_participants) == ("r", "m", 3)
            again = await client.room.create_room(api.CreateRoomRequest(name="r"))
            assert (again.sid, again.metadata) == (made.sid, "m")
            assert [room.name for room in (await client.room.list_rooms(api.ListRoomsRequest())).rooms] == ["r"]
            assert not (await client.room.list_rooms(api.ListRoomsRequest(names=["other"]))).rooms
            async with signal(server, token("a"), joining()) as participant:
                await participant.receive("join")
                await client.room.update_room_metadata(api.UpdateRoomMetadataRequest(room="r", metadata="new"))
                assert (await participant.receive("room_update")).room.metadata == "new"
                await client.room.delete_room(api.DeleteRoomRequest(room="r"))
                assert (await participant.receive("leave")).reason == models.DisconnectReason.ROOM_DELETED
            assert not (await client.room.list_rooms(api.ListRoomsRequest())).rooms

    asyncio.run(run())


def test_a_removed_participant_does_not_come_back_with_its_old_token() -> None:
    async def run() -> None:
        async with running() as server, service(server) as client:
            old = token("a")
            async with signal(server, old, joining()) as participant:
                await participant.receive("join")
                await client.room.remove_participant(api.RoomParticipantIdentity(room="r", identity="a"))
                leave = await participant.receive("leave")
                assert leave.reason == models.DisconnectReason.PARTICIPANT_REMOVED
                assert leave.action == rtc.LeaveRequest.DISCONNECT
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                async with signal(server, old, joining()):
                    pass
            assert refused.value.status == 401
            server.rooms.clock = lambda: time.time() + 2
            later = Claims("a", Grants(room="r", room_join=True))
            fresh = tokens.mint(later, SETTINGS.key, SETTINGS.secret, time.time() + 2, 60)
            async with signal(server, fresh, joining()) as participant:
                assert (await participant.receive("join")).participant.identity == "a"

    asyncio.run(run())


def test_tokens_of_somebody_who_has_not_come_yet_can_be_revoked() -> None:
    async def run() -> None:
        async with running() as server, service(server) as client:
            given = token("a")
            who = api.RoomParticipantIdentity(room="r", identity="a", revoke_token_ts=int(time.time()) + 3600)
            with pytest.raises(api.TwirpError) as nobody:
                await client.room.remove_participant(who)
            assert nobody.value.code == "not_found"
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                async with signal(server, given, joining()):
                    pass
            assert refused.value.status == 401
            # A moment that has not come yet bars nobody from coming later.
            server.rooms.clock = lambda: time.time() + 2
            later = Claims("a", Grants(room="r", room_join=True))
            fresh = tokens.mint(later, SETTINGS.key, SETTINGS.secret, time.time() + 2, 60)
            async with signal(server, fresh, joining()) as participant:
                assert (await participant.receive("join")).participant.identity == "a"

    asyncio.run(run())


def test_a_revoked_permission_ends_what_it_allowed() -> None:
    async def run() -> None:
        async with running() as server, service(server) as client, signal(server, token("b"), joining()) as watcher:
            async with signal(server, token("a"), joining()) as publisher:
                await publisher.send(add_track=camera())
                sid = (await publisher.receive("track_published")).track.sid
                await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=1))
                assert "a=recvonly" in (await publisher.receive("answer")).sdp
                muted = await client.room.mute_published_track(
                    api.MuteRoomTrackRequest(room="r", identity="a", track_sid=sid, muted=True)
                )
                assert muted.track.muted
                assert (await publisher.receive("mute")).sid == sid
                with pytest.raises(api.TwirpError) as error:
                    await client.room.mute_published_track(
                        api.MuteRoomTrackRequest(room="r", identity="a", track_sid=sid, muted=False)
                    )
                assert error.value.code == Code.INVALID_ARGUMENT
                permission = models.ParticipantPermission(can_subscribe=True, can_publish_data=True)
                await client.room.update_participant(
                    api.UpdateParticipantRequest(room="r", identity="a", name="Renamed", permission=permission)
                )
                assert (await publisher.receive("track_unpublished")).track_sid == sid
                shown = await client.room.get_participant(api.RoomParticipantIdentity(room="r", identity="a"))
                assert (shown.name, list(shown.tracks), shown.permission.can_publish) == ("Renamed", [], False)
                refreshed = jwt.decode(await publisher.receive("refresh_token"), options={"verify_signature": False})
                assert refreshed["video"]["canPublish"] is False
                await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=2))
                assert "a=recvonly" not in (await publisher.receive("answer")).sdp
            assert (await state(watcher, "a", models.ParticipantInfo.ACTIVE)).identity == "a"

    asyncio.run(run())


@pytest.mark.parametrize("method", sorted(METHODS))
def test_each_method_refuses_a_token_without_its_grant(method: str) -> None:
    async def run() -> None:
        async with running() as server, aiohttp.ClientSession() as session:
            server.rooms.create("r")
            url = f"http://127.0.0.1:{server.http_port}/twirp/livekit.RoomService/{method}"
            other_room = token("x", room="other", room_admin=True)
            for header, status, code in (
                ({}, 401, "unauthenticated"),
                ({"Authorization": "Bearer nonsense"}, 401, "unauthenticated"),
                ({"Authorization": f"Bearer {token('x')}"}, 403, "permission_denied"),
                ({"Authorization": f"Bearer {other_room}"}, 403, "permission_denied"),
            ):
                async with session.post(url, json={"room": "r", "name": "r"}, headers=header) as response:
                    assert (response.status, (await response.json())["code"]) == (status, code)

    asyncio.run(run())


def test_errors_have_their_codes() -> None:
    async def run() -> None:
        async with running() as server, service(server) as client:
            with pytest.raises(api.TwirpError) as error:
                await client.room.list_participants(api.ListParticipantsRequest(room="nowhere"))
            assert error.value.code == Code.NOT_FOUND
            server.rooms.create("r")
            with pytest.raises(api.TwirpError) as error:
                await client.room.get_participant(api.RoomParticipantIdentity(room="r", identity="nobody"))
            assert error.value.code == Code.NOT_FOUND
            with pytest.raises(api.TwirpError) as error:
                await client.room.create_room(api.CreateRoomRequest(name="x" * 300))
            assert error.value.code == Code.INVALID_ARGUMENT
            with pytest.raises(api.TwirpError) as error:
                await client.room.update_subscriptions(api.UpdateSubscriptionsRequest(room="r", identity="a"))
            assert error.value.code == Code.PERMISSION_DENIED

    asyncio.run(run())


@asynccontextmanager
async def listener(failures: int = 0) -> AsyncIterator[tuple[str, asyncio.Queue[dict[str, Any]]]]:
    """A web application that checks and keeps what is posted to it, after failing a few times."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    left = [failures]

    async def hook(request: web.Request) -> web.Response:
        if left[0]:
            left[0] -= 1
            return web.Response(status=503)
        body = await request.read()
        claims = jwt.decode(
            request.headers["Authorization"], SETTINGS.secret, algorithms=["HS256"], issuer=SETTINGS.key
        )
        assert claims["sha256"] == base64.b64encode(hashlib.sha256(body).digest()).decode()
        heard.put_nowait(json.loads(body))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", heard
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("failures", [0, 1])
def test_webhooks_are_signed_and_come_in_order(failures: int) -> None:
    async def run() -> None:
        async with listener(failures) as (url, heard):
            settings = replace(SETTINGS, webhook_url=url, departure_timeout=0.1)
            async with running(settings) as server:
                async with signal(server, token("a"), with_offer("native_join")) as client:
                    await client.receive("answer")
                    await client.send(add_track=camera())
                    await client.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=1))
                    await client.receive("answer")
                    await client.send(leave=rtc.LeaveRequest())
                    events = [await asyncio.wait_for(heard.get(), 10) for _ in range(5)]
                assert [event["event"] for event in events] == [
                    "room_started",
                    "participant_joined",
                    "track_published",
                    "participant_left",
                    "room_finished",
                ]
                assert {event["room"]["name"] for event in events} == {"r"}
                assert events[1]["participant"]["identity"] == "a"
                assert events[2]["track"]["source"] == "CAMERA"
                assert len({event["id"] for event in events}) == 5

    asyncio.run(run())
