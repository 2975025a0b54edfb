"""LiveKit's native client (libwebrtc) as a participant: publishes a moving picture and a tone, counts what it gets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from livekit import rtc

WIDTH, HEIGHT, RATE = 320, 180, 15
TONE, SAMPLE_RATE = 440, 48_000
CHUNK = SAMPLE_RATE // 100
LOUD = 1000  # of 32767; silence and comfort noise stay far below


class Native:
    """One participant. frames and loud: pictures and audible 10 ms chunks received, by the sender's identity."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.room = rtc.Room()
        self.frames: dict[str, int] = {}
        self.loud: dict[str, int] = {}
        self.events: list[tuple[str, Any]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.microphone: rtc.LocalAudioTrack | None = None
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("data_received", lambda packet: self.events.append(("data", bytes(packet.data))))
        self.room.on("track_muted", lambda who, publication: self.events.append(("muted", who.identity)))
        self.room.on("track_unmuted", lambda who, publication: self.events.append(("unmuted", who.identity)))
        self.room.on("disconnected", lambda reason: self.events.append(("disconnected", reason)))
        self.room.on("reconnected", lambda: self.events.append(("reconnected", None)))
        self.room.on("active_speakers_changed", self._speakers)
        self.room.on("connection_quality_changed", lambda who, quality: self.events.append(("quality", who.identity)))

    def _speakers(self, speakers: list[Any]) -> None:
        self.events.append(("speakers", sorted(one.identity for one in speakers)))

    def _subscribed(self, track: Any, publication: Any, who: Any) -> None:
        video = track.kind == rtc.TrackKind.KIND_VIDEO
        self._tasks.append(asyncio.ensure_future((self._watch if video else self._listen)(track, who.identity)))

    async def _watch(self, track: Any, identity: str) -> None:
        async for _event in rtc.VideoStream(track):
            self.frames[identity] = self.frames.get(identity, 0) + 1

    async def _listen(self, track: Any, identity: str) -> None:
        async for event in rtc.AudioStream(track):
            samples = np.frombuffer(event.frame.data, dtype=np.int16)
            if np.abs(samples).max() > LOUD:
                self.loud[identity] = self.loud.get(identity, 0) + 1

    async def publish(self) -> None:
        """Begin to send camera and microphone."""
        picture, sound = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(SAMPLE_RATE, 1)
        camera = rtc.LocalVideoTrack.create_video_track("camera", picture)
        self.microphone = rtc.LocalAudioTrack.create_audio_track("microphone", sound)
        local = self.room.local_participant
        self._tasks.append(asyncio.ensure_future(_film(picture)))
        self._tasks.append(asyncio.ensure_future(_hum(sound)))
        await local.publish_track(camera, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA))
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await local.publish_track(self.microphone, options)

    async def leave(self) -> None:
        """Stop sending and disconnect."""
        for task in self._tasks:
            task.cancel()
        await self.room.disconnect()


async def _film(source: Any) -> None:
    plane = np.arange(HEIGHT * WIDTH, dtype=np.int64) // WIDTH
    count = 0
    while True:
        data = np.full(HEIGHT * WIDTH * 3 // 2, 128, np.uint8)
        data[: HEIGHT * WIDTH] = (plane + 3 * count) % 256
        source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, data.tobytes()))
        count += 1
        await asyncio.sleep(1 / RATE)


async def _hum(source: Any) -> None:
    count = 0
    while True:
        times = (np.arange(CHUNK) + count * CHUNK) / SAMPLE_RATE
        samples = (np.sin(2 * np.pi * TONE * times) * 12_000).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE, 1, CHUNK))
        count += 1


@asynccontextmanager
async def native(url: str, identity: str, token: str) -> AsyncIterator[Native]:
    """A participant in the room."""
    client = Native(identity)
    await client.room.connect(url, token)
    try:
        yield client
    finally:
        await client.leave()


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for something to become true. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - conditions look at counters of a foreign library
            await asyncio.sleep(0.05)
