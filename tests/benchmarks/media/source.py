"""The sending half of a peer: pre-made frames in RTP packets, paced as a browser paces them."""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections import deque
from dataclasses import dataclass, field

from tests.benchmarks.media.dtls import SecureTransport
from tests.benchmarks.media.feedback import sender_report
from tests.benchmarks.media.samples import AUDIO_INTERVAL, FRAME_RATE, Samples
from tests.benchmarks.media.sdp import EXTENSIONS, LEVEL, SEND_TIME, TRANSPORT
from tests.benchmarks.media.sink import TRAILER

_TICK = 0.005
_VIDEO_CLOCK, _AUDIO_CLOCK = 90_000, 48_000
_SPREAD = 5
_SPOKEN = 0x80 | 30


@dataclass(slots=True)
class Track:
    """One outgoing stream. extensions: negotiated ids by URI."""

    ssrc: int
    payload_type: int
    extensions: dict[str, int]
    sequence: int = field(default_factory=lambda: random.randrange(1 << 15))
    packets: int = 0
    octets: int = 0

    def packet(self, timestamp: int, payload: bytes, *, marker: bool, transport: int, level: bool) -> bytes:
        """The next RTP packet (RFC 3550, 5.1), with the header extensions that were negotiated."""
        elements = bytearray()
        if level and (identifier := self.extensions.get(EXTENSIONS[LEVEL])):
            elements += bytes((identifier << 4, _SPOKEN))
        if not level and (identifier := self.extensions.get(EXTENSIONS[SEND_TIME])):
            elements += bytes((identifier << 4 | 2,)) + (int(time.time() * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big")
        if identifier := self.extensions.get(EXTENSIONS[TRANSPORT]):
            elements += bytes((identifier << 4 | 1,)) + (transport & 0xFFFF).to_bytes(2, "big")
        elements += bytes(-len(elements) % 4)
        first = 0x90 if elements else 0x80
        second = (0x80 if marker else 0) | self.payload_type
        head = struct.pack("!BBHLL", first, second, self.sequence & 0xFFFF, timestamp & 0xFFFFFFFF, self.ssrc)
        if elements:
            head += struct.pack("!HH", 0xBEDE, len(elements) // 4) + elements
        self.sequence += 1
        self.packets += 1
        self.octets += len(payload)
        return head + payload


class Source:
    """Publishes the samples in a loop, from a random place in it, until it is cancelled."""

    def __init__(self, transport: SecureTransport, samples: Samples, audio: Track, video: Track) -> None:
        self._transport, self._samples = transport, samples
        self._audio, self._video = audio, video
        self._audio_index, self._video_index = 0, 0
        self._offset = random.randrange(len(samples.video))
        self._sequence = 0
        self._queue: deque[tuple[int, bytes, bool]] = deque()
        self._burst = 0
        self.latest = 0.0

    @property
    def packets(self) -> int:
        """RTP packets sent."""
        return self._audio.packets + self._video.packets

    async def run(self) -> None:
        """Send at the samples' own pace. `latest` keeps the worst lag behind it, in seconds."""
        await asyncio.sleep(random.random() / FRAME_RATE)
        start, reported, due = time.monotonic(), 0.0, 0.0
        while True:
            elapsed = time.monotonic() - start
            self.latest = max(self.latest, elapsed - due)
            self._send_audio(elapsed)
            self._send_video(elapsed)
            if elapsed - reported >= 1:
                reported = elapsed
                self._report(elapsed)
            due = elapsed + _TICK
            await asyncio.sleep(_TICK)

    def _send_audio(self, elapsed: float) -> None:
        while self._audio_index * AUDIO_INTERVAL <= elapsed:
            payload = self._samples.audio[self._audio_index % len(self._samples.audio)]
            timestamp = int(self._audio_index * AUDIO_INTERVAL * _AUDIO_CLOCK)
            self._send(self._audio, timestamp, payload, marker=False, level=True)
            self._audio_index += 1

    def _send_video(self, elapsed: float) -> None:
        while self._video_index / FRAME_RATE <= elapsed:
            self._queue_frame()
        for _ in range(min(self._burst, len(self._queue))):
            timestamp, payload, marker = self._queue.popleft()
            self._send(self._video, timestamp, payload, marker=marker, level=False)

    def _queue_frame(self) -> None:
        index = self._video_index
        parts = self._samples.video[(index + self._offset) % len(self._samples.video)]
        picture = struct.pack("!H", 0x8000 | index & 0x7FFF)
        for at, part in enumerate(parts):
            descriptor = bytes((0x90 if at == 0 else 0x80, 0x80)) + picture
            timestamp = index * _VIDEO_CLOCK // FRAME_RATE
            self._queue.append((timestamp, descriptor + part, at == len(parts) - 1))
        self._video_index += 1
        self._burst = max(1, -(-len(self._queue) // _SPREAD))

    def _send(self, track: Track, timestamp: int, payload: bytes, *, marker: bool, level: bool) -> None:
        stamped = payload + TRAILER.pack(time.monotonic())
        packet = track.packet(timestamp, stamped, marker=marker, transport=self._sequence, level=level)
        self._sequence += 1
        self._transport.send_rtp(packet)

    def _report(self, elapsed: float) -> None:
        for track, clock in ((self._audio, _AUDIO_CLOCK), (self._video, _VIDEO_CLOCK)):
            report = sender_report(track.ssrc, int(elapsed * clock), time.time(), track.packets, track.octets)
            self._transport.send_rtcp(report)
