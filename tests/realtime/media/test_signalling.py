"""Joining, resuming and being refused, over a real socket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from livekit.protocol import models, rtc

from comity.media.dynacast import best_wanted, wanted_qualities
from comity.media.server import MediaServer

from .harness import SETTINGS, Signal, joining, running, signal, token, with_offer
from .packets import offer

Reason, Action = models.DisconnectReason, rtc.LeaveRequest.Action


async def get(server: MediaServer, path: str, **params: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{server.http_port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url, params=params) as response:
        return response.status, await response.text()


def camera(cid: str = "cam", **fields: Any) -> rtc.AddTrackRequest:
    return rtc.AddTrackRequest(cid=cid, type=models.TrackType.VIDEO, source=models.TrackSource.CAMERA, **fields)


def test_health_and_validation() -> None:
    async def run() -> None:
        async with running() as server:
            assert await get(server, "/healthz") == (200, "ok")
            assert await get(server, "/rtc/v1/validate", access_token=token("a")) == (200, "success")
            for bad in ("", "nonsense", token("a", room_join=False), token("", room_join=True), token("a", ttl=-60)):
                for path in ("/rtc/v1/validate", "/rtc/v1"):
                    status, text = await get(server, path, access_token=bad)
                    assert status == 401
                    assert not bad or bad not in text
            assert (await get(server, "/rtc", access_token=token("a")))[0] == 404
            assert (await get(server, "/rtc/v1", access_token=token("a"), join_request="!!!"))[0] == 400

    asyncio.run(run())


def test_a_join_says_who_is_there_and_answers_the_offer() -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), with_offer()) as first:
            joined = await first.receive("join")
            assert joined.participant.identity == "a"
            assert joined.server_version
            assert not joined.subscriber_primary
            assert (await first.receive("refresh_token")).count(".") == 2
            answer = await first.receive("answer")
            assert answer.id == 1
            assert f" {server.udp_port} typ host" in answer.sdp
            async with signal(server, token("b"), with_offer("native_join")) as second:
                others = (await second.receive("join")).other_participants
                assert [other.identity for other in others] == ["a"]
                update = await first.receive("update")
                assert [(p.identity, p.state) for p in update.participants] == [("b", models.ParticipantInfo.ACTIVE)]
                await second.send(leave=rtc.LeaveRequest())
                gone = (await first.receive("update")).participants[0]
                assert (gone.state, gone.disconnect_reason) == (
                    models.ParticipantInfo.DISCONNECTED,
                    Reason.CLIENT_INITIATED,
                )

    asyncio.run(run())


def test_publishing_reaches_others_as_sections_of_their_own() -> None:
    """A subscriber gets the track's source in the answer to its next offer, and the publisher hears of it."""

    async def run() -> None:
        async with running() as server, signal(server, token("b"), with_offer()) as subscriber:
            await subscriber.receive("answer")
            async with signal(server, token("a"), with_offer("native_join")) as publisher:
                await publisher.receive("answer")
                await publisher.send(add_track=camera())
                track = (await publisher.receive("track_published")).track
                await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=2))
                assert "a=recvonly" in (await publisher.receive("answer")).sdp
                while not (update := await subscriber.receive("update")).participants[0].tracks:
                    pass
                assert update.participants[0].tracks[0].sid == track.sid
                requirement = await subscriber.receive("media_sections_requirement")
                assert (requirement.num_audios, requirement.num_videos) == (0, 0)  # it has idle ones already
                await subscriber.send(offer=rtc.SessionDescription(type="offer", sdp=offer("chromium_join"), id=3))
                answer = await subscriber.receive("answer")
                assert list(answer.mid_to_track_id.values()) == [track.sid]
                assert f"a=msid:{update.participants[0].sid}|{track.sid} {track.sid}" in answer.sdp
                assert (await publisher.receive("track_subscribed")).track_sid == track.sid

    asyncio.run(run())


def test_a_lost_socket_is_resumed_and_an_unknown_session_must_join_anew() -> None:
    async def run() -> None:
        async with running() as server:
            async with signal(server, token("a"), with_offer()) as first:
                sid = (await first.receive("join")).participant.sid
                await first.receive("answer")
            async with signal(server, token("a"), joining(reconnect=True, participant_sid=sid)) as again:
                assert (await again.receive("reconnect")).server_info.version
                assert [p.sid for p in (await again.receive("update")).participants] == [sid]
                restart = offer("chromium_join").replace("a=ice-ufrag:", "a=ice-ufrag:new")
                await again.send(offer=rtc.SessionDescription(type="offer", sdp=restart, id=9))
                assert (await again.receive("answer")).id == 9
            for stranger in (joining(reconnect=True, participant_sid="PA_other"), joining(reconnect=True)):
                async with signal(server, token("a" if stranger.participant_sid else "z"), stranger) as refused:
                    leave = await refused.receive("leave")
                    assert (leave.reason, leave.action) == (Reason.STATE_MISMATCH, Action.RECONNECT)
                    assert await refused.closed()

    asyncio.run(run())


def test_someone_whose_socket_stays_away_leaves_in_the_end() -> None:
    async def run() -> None:
        settings = replace(SETTINGS, departure_timeout=0.2)
        async with running(settings) as server, signal(server, token("a"), joining()) as first:
            async with signal(server, token("b"), joining()) as second:
                await second.receive("join")
            gone = await state(first, "b", models.ParticipantInfo.DISCONNECTED)
            assert gone.disconnect_reason == Reason.SIGNAL_CLOSE
            assert list(server.rooms.by_name["r"].participants) == ["a"]

    asyncio.run(run())


async def state(watcher: Signal, identity: str, wanted: models.ParticipantInfo.State) -> models.ParticipantInfo:
    """The first update that shows someone in this state."""
    while True:
        update: rtc.ParticipantUpdate = await watcher.receive("update")
        for participant in update.participants:
            if participant.identity == identity and participant.state == wanted:
                return participant


def test_the_same_identity_twice_sends_the_first_away() -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), joining()) as first:
            await first.receive("join")
            async with signal(server, token("a"), joining()) as second:
                await second.receive("join")
                leave = await first.receive("leave")
                assert (leave.reason, leave.action) == (Reason.DUPLICATE_IDENTITY, Action.DISCONNECT)
                assert await first.closed()

    asyncio.run(run())


def test_a_full_room_is_closed_to_more() -> None:
    async def run() -> None:
        async with (
            running(replace(SETTINGS, max_participants=1)) as server,
            signal(server, token("a"), joining()) as one,
        ):
            await one.receive("join")
            async with signal(server, token("b"), joining()) as other:
                assert (await other.receive("leave")).action == Action.DISCONNECT

    asyncio.run(run())


def test_what_a_token_does_not_allow_is_refused_message_by_message() -> None:
    async def run() -> None:
        async with running() as server:
            mute = token("a", can_publish=False)
            async with signal(server, mute, with_offer()) as client:
                await client.receive("answer")
                await client.send(add_track=camera())
                refusal = await client.receive("request_response")
                assert (refusal.reason, refusal.add_track.cid) == (rtc.RequestResponse.NOT_ALLOWED, "cam")
                await client.send(update_metadata=rtc.UpdateParticipantMetadata(name="X", request_id=4))
                refusal = await client.receive("request_response")
                assert (refusal.reason, refusal.request_id) == (rtc.RequestResponse.NOT_ALLOWED, 4)
                await client.send(simulate=rtc.SimulateScenario(server_leave=True))
                assert (await client.receive("request_response")).reason == rtc.RequestResponse.NOT_ALLOWED
            only_voice = token("b", publish_sources=frozenset({models.TrackSource.MICROPHONE}))
            async with signal(server, only_voice, joining()) as client:
                await client.send(add_track=camera())
                assert (await client.receive("request_response")).reason == rtc.RequestResponse.NOT_ALLOWED

    asyncio.run(run())


def test_a_section_nobody_announced_carries_nothing() -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), with_offer("native_publish")) as client:
            assert "a=recvonly" not in (await client.receive("answer")).sdp
            await client.send(add_track=camera())
            requirement = await client.receive("media_sections_requirement")  # it may offer again now
            assert (requirement.num_audios, requirement.num_videos) == (0, 0)

    asyncio.run(run())


def test_an_offer_that_does_not_parse_makes_the_client_begin_anew() -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), joining()) as client:
            await client.receive("join")
            await client.send(offer=rtc.SessionDescription(type="offer", sdp="v=0\r\n"))
            assert (await client.receive("leave")).action == Action.RECONNECT

    asyncio.run(run())


@pytest.mark.parametrize("noise", ["text", "flood"])
def test_a_client_that_talks_nonsense_or_too_much_is_cut_off(noise: str) -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), joining()) as client:
            await client.receive("join")
            if noise == "text":
                await client.websocket.send_str("{}")
            else:
                for _ in range(700):
                    await client.send(ping=1)
            assert await client.closed()

    asyncio.run(run())


def test_garbage_between_messages_is_survived() -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), joining()) as client:
            await client.websocket.send_bytes(b"\xff\xff\xff\xff")
            await client.send(mute=rtc.MuteTrackRequest(sid="TR_none", muted=True))
            await client.send(ping_req=rtc.Ping(timestamp=5))
            assert (await client.receive("pong_resp")).last_ping_timestamp == 5

    asyncio.run(run())


def test_attributes_are_shared_and_limited() -> None:
    async def run() -> None:
        allowed = token("a", can_update_own_metadata=True)
        async with (
            running() as server,
            signal(server, token("b"), joining()) as other,
            signal(server, allowed, joining()) as client,
        ):
            await client.send(update_metadata=rtc.UpdateParticipantMetadata(attributes={"hand": "up"}, request_id=1))
            assert (await client.receive("request_response")).reason == rtc.RequestResponse.OK
            while True:
                update = (await other.receive("update")).participants[0]
                if update.attributes:
                    break
            assert dict(update.attributes) == {"hand": "up"}
            long = {"x": "y" * 20_000}
            await client.send(update_metadata=rtc.UpdateParticipantMetadata(attributes=long, request_id=2))
            assert (await client.receive("request_response")).reason == rtc.RequestResponse.LIMIT_EXCEEDED

    asyncio.run(run())


def test_a_stopping_server_sends_its_clients_to_the_next_one() -> None:
    async def run() -> None:
        async with running() as server, signal(server, token("a"), joining()) as client:
            await client.receive("join")
            stopping = asyncio.create_task(server.rooms.shut_down())
            leave = await client.receive("leave")
            assert (leave.reason, leave.action) == (Reason.SERVER_SHUTDOWN, Action.RECONNECT)
            assert await client.closed()
            await stopping
            assert server.rooms.by_name == {}

    asyncio.run(run())


def test_a_publisher_decides_who_may_subscribe() -> None:
    async def run() -> None:
        async with (
            running() as server,
            signal(server, token("a"), with_offer("native_join")) as publisher,
            signal(server, token("b"), with_offer()) as subscriber,
        ):
            await publisher.receive("answer")
            await publisher.send(add_track=camera())
            sid = (await publisher.receive("track_published")).track.sid
            await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=2))
            await subscriber.receive("media_sections_requirement")
            peer = server.rooms.by_name["r"].participants["b"].peer
            assert peer is not None
            assert list(peer.subscriptions) == [sid]
            for row, allowed in (
                (rtc.TrackPermission(participant_identity="c", all_tracks=True), False),
                (rtc.TrackPermission(participant_identity="b", track_sids=[sid]), True),
                (rtc.TrackPermission(participant_identity="b", track_sids=["TR_other"]), False),
            ):
                await publisher.send(subscription_permission=rtc.SubscriptionPermission(track_permissions=[row]))
                update = await subscriber.receive("subscription_permission_update")
                assert (update.track_sid, update.allowed) == (sid, allowed)
                assert list(peer.subscriptions) == ([sid] if allowed else [])

    asyncio.run(run())


def test_what_is_offered_no_more_is_unpublished() -> None:
    async def run() -> None:
        async with (
            running() as server,
            signal(server, token("a"), with_offer("native_join")) as publisher,
            signal(server, token("b"), with_offer()) as subscriber,
        ):
            await publisher.receive("answer")
            await publisher.send(add_track=camera())
            sid = (await publisher.receive("track_published")).track.sid
            await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=2))
            await subscriber.receive("media_sections_requirement")
            await subscriber.send(offer=rtc.SessionDescription(type="offer", sdp=offer("chromium_join"), id=2))
            while not (await subscriber.receive("answer")).mid_to_track_id:
                pass
            await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_join"), id=3))
            assert (await publisher.receive("track_unpublished")).track_sid == sid
            await subscriber.receive("media_sections_requirement")  # to close its section
            await subscriber.send(offer=rtc.SessionDescription(type="offer", sdp=offer("chromium_join"), id=3))
            assert not (await subscriber.receive("answer")).mid_to_track_id
            assert server.rooms.by_name["r"].tracks() == []

    asyncio.run(run())


def test_a_subscribers_wishes_reach_the_publisher_as_layers() -> None:
    async def run() -> None:
        layers = [models.VideoLayer(width=width) for width in (320, 640, 1280)]
        async with (
            running() as server,
            signal(server, token("a"), with_offer("native_join")) as publisher,
            signal(server, token("b"), with_offer()) as subscriber,
        ):
            await publisher.receive("answer")
            await publisher.send(add_track=camera(layers=layers))
            sid = (await publisher.receive("track_published")).track.sid
            await publisher.send(offer=rtc.SessionDescription(type="offer", sdp=offer("native_publish"), id=2))
            await subscriber.receive("media_sections_requirement")
            await subscriber.send(offer=rtc.SessionDescription(type="offer", sdp=offer("chromium_join"), id=2))
            while not (await subscriber.receive("answer")).mid_to_track_id:
                pass
            room = server.rooms.by_name["r"]
            [track] = room.tracks()
            for width, disabled, best, enabled in ((500, False, 1, [True, True, False]), (0, True, -1, [False] * 3)):
                wish = rtc.UpdateTrackSettings(track_sids=[sid], width=width, disabled=disabled)
                await subscriber.send(track_setting=wish)
                await subscriber.send(ping_req=rtc.Ping())
                await subscriber.receive("pong_resp")
                assert best_wanted(room, track) == best
                assert wanted_qualities(room, track, track.qualities_since + 1) is None  # less is asked for later
                update = wanted_qualities(room, track, track.qualities_since + 60)
                assert update is not None
                assert [one.enabled for one in update.subscribed_codecs[0].qualities] == enabled
            await subscriber.send(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], width=1280))
            update = await publisher.receive("subscribed_quality_update")  # more is asked for at once
            assert [one.enabled for one in update.subscribed_qualities] == [True] * 3

    asyncio.run(run())
