"""The RoomService client: against the real media server, and against answers that go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from livekit import rtc
from livekit.protocol.models import ParticipantInfo, ParticipantPermission
from livekit.protocol.room import ListParticipantsResponse

from comity.core.clock import SystemClock
from comity.rooms.identity import Identity
from comity.rooms.presence import present
from comity.rooms.room_service import MediaRefused, MediaUnavailable, RoomService, http_url
from comity.rooms.tokens import MediaKey, join_token
from tests.realtime.rooms.media_process import KEY, Running, media_server

ROOM = "room-of-the-test"
WHO = str(Identity(3, 5, "a1b2c3d4"))
WAIT = 15  # seconds


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with media_server() as found:
        yield found


@pytest.fixture
def service(running: Running) -> Iterator[RoomService]:
    made = RoomService(running.url, running.media, SystemClock())
    yield made
    made.close()


def token(identity: str = WHO) -> str:
    metadata = {"authority_id": 7, "authority": "Central Authority"}
    now = SystemClock().now()
    return join_token(KEY, room=ROOM, identity=identity, name="Anna", metadata=metadata, now=now)


async def until_left(reasons: asyncio.Queue[int]) -> str:
    """Wait until the room was left; the reason's name."""
    reason: Any = await asyncio.wait_for(reasons.get(), WAIT)
    return str(rtc.DisconnectReason.Name(reason))


async def enter(url: str) -> tuple[rtc.Room, rtc.LocalTrackPublication]:
    """Join as an officer does, with a microphone."""
    room = rtc.Room()
    await asyncio.wait_for(room.connect(url, token()), WAIT)
    source = rtc.AudioSource(48_000, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    return room, await asyncio.wait_for(room.local_participant.publish_track(track, options), WAIT)


async def with_a_track(service: RoomService) -> list[ParticipantInfo]:
    """The list of participants, once the first of them has a track in it."""
    listed: list[ParticipantInfo] = []
    async with asyncio.timeout(WAIT):
        while not (listed and listed[0].tracks):
            listed = await asyncio.to_thread(service.participants, ROOM)
    return listed


def test_a_room_is_made_seen_empty_and_ended(service: RoomService) -> None:
    made = service.create_room("room-made", empty_timeout=60)
    assert (made.name, made.empty_timeout) == ("room-made", 60)
    assert service.participants("room-made") == []
    service.delete_room("room-made")
    with pytest.raises(MediaRefused) as refused:
        service.delete_room("room-made")
    assert refused.value.reason == "not_found"


def test_nobody_is_in_a_room_that_there_is_not(service: RoomService) -> None:
    assert service.participants("room-that-there-is-not") == []


def test_an_officer_who_came_with_our_token_is_listed_muted_changed_and_removed(
    running: Running, service: RoomService
) -> None:
    async def story() -> str:
        room, microphone = await enter(running.url)
        listed = await with_a_track(service)
        assert [(who.name, who.authority_id) for who in present(listed)] == [("Anna", 7)]
        muted = await asyncio.to_thread(service.mute, ROOM, WHO, microphone.sid)
        assert (muted.sid, muted.muted) == (microphone.sid, True)
        permission = ParticipantPermission(can_subscribe=True, can_publish=False, can_publish_data=True)
        changed = await asyncio.to_thread(service.update, ROOM, WHO, permission)
        assert changed.permission.can_publish is False
        reasons: asyncio.Queue[int] = asyncio.Queue()
        room.on("disconnected", reasons.put_nowait)
        await asyncio.to_thread(service.remove, ROOM, WHO)
        reason = await until_left(reasons)
        assert await asyncio.to_thread(service.participants, ROOM) == []
        return reason

    assert asyncio.run(story()) == "PARTICIPANT_REMOVED"


def test_another_secret_opens_nothing(running: Running) -> None:
    stranger = RoomService(running.url, MediaKey(KEY.key, "x" * 40), SystemClock())
    for call in (lambda: stranger.participants(ROOM), lambda: stranger.create_room(ROOM)):
        with pytest.raises(MediaRefused):
            call()
    stranger.close()


@pytest.mark.parametrize(
    ("media_url", "expected"),
    [
        ("ws://127.0.0.1:7880", "http://127.0.0.1:7880"),
        ("wss://media.example", "https://media.example"),
        ("wss://media.example/livekit", "https://media.example/livekit"),
    ],
)
def test_room_service_is_where_the_browsers_go(media_url: str, expected: str) -> None:
    assert http_url(media_url) == expected


def answering(status: int, content: bytes) -> RoomService:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=content))
    return RoomService("ws://media.example", KEY, SystemClock(), transport)


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (404, b'{"code": "bad_route", "msg": "no such method"}', "bad_route"),
        (500, b"<html>", "unknown"),
        (502, b"[]", "unknown"),
        (401, b"", "unknown"),
    ],
)
def test_an_error_of_twirp_is_told_by_its_code(status: int, content: bytes, reason: str) -> None:
    with pytest.raises(MediaRefused) as refused:
        answering(status, content).participants(ROOM)
    assert refused.value.reason == reason


def test_an_answer_in_another_language_is_no_answer() -> None:
    with pytest.raises(MediaUnavailable):
        answering(200, b"\xff\xff\xff").participants(ROOM)


def test_an_answer_is_read(service: RoomService) -> None:
    listed = ListParticipantsResponse(participants=[ParticipantInfo(identity="x")]).SerializeToString()
    assert [who.identity for who in answering(200, listed).participants(ROOM)] == ["x"]


def test_a_server_that_is_not_there_is_unavailable() -> None:
    nobody = RoomService("ws://127.0.0.1:9", KEY, SystemClock())
    with pytest.raises(MediaUnavailable):
        nobody.participants(ROOM)
    nobody.close()
