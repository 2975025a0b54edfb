"""Pre-made media: one loop of VP8 frames cut into RTP payloads, and one of Opus packets."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

FRAME_RATE = 30
"""Video frames a second."""
AUDIO_INTERVAL = 0.02
"""Seconds of sound in one Opus packet."""
_WIDTH, _HEIGHT, _FRAMES = 1280, 720, 60
_MAX_PAYLOAD = 1150
_SAMPLES = 960


@dataclass(frozen=True, slots=True)
class Samples:
    """Media to publish over and over.

    video: frames, each a tuple of RTP payload bodies without VP8 payload descriptor (RFC 7741).
    audio: Opus packets of 20 ms.
    """

    video: tuple[tuple[bytes, ...], ...]
    audio: tuple[bytes, ...]

    @property
    def packets_per_second(self) -> float:
        """Average RTP packets a second of one publisher."""
        return sum(map(len, self.video)) * FRAME_RATE / len(self.video) + 1 / AUDIO_INTERVAL


def make(video_kbps: int) -> Samples:
    """Encode two seconds of a moving picture at 720p and of a tone.

    video_kbps: bit rate of the video in kbit/s.
    """
    return Samples(video=_video(video_kbps * 1000), audio=_audio())


def _video(bit_rate: int) -> tuple[tuple[bytes, ...], ...]:
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
    codec.bit_rate, codec.gop_size, codec.time_base = bit_rate, _FRAMES, Fraction(1, FRAME_RATE)
    rate = str(bit_rate)
    codec.options = {"deadline": "realtime", "cpu-used": "-8", "lag-in-frames": "0", "error-resilient": "1"}
    codec.options |= {"minrate": rate, "maxrate": rate, "bufsize": str(bit_rate // 2), "auto-alt-ref": "0"}
    random = np.random.default_rng(1)
    scene = random.integers(60, 188, (_HEIGHT // 8 + 40, _WIDTH // 8 + 40), dtype=np.uint8)
    scene = scene.repeat(8, 0).repeat(8, 1)
    frames = []
    for index in range(_FRAMES):
        planes = np.full((_HEIGHT * 3 // 2, _WIDTH), 128, np.uint8)
        top, left = index * 2 % 160, index * 3 % 160
        noise = random.integers(0, 6, (_HEIGHT, _WIDTH), dtype=np.uint8)
        planes[:_HEIGHT] = scene[top : top + _HEIGHT, left : left + _WIDTH] + noise
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = index, codec.time_base
        frames += [_cut(bytes(packet)) for packet in codec.encode(frame)]
    return tuple(frames)


def _cut(frame: bytes) -> tuple[bytes, ...]:
    return tuple(frame[at : at + _MAX_PAYLOAD] for at in range(0, len(frame), _MAX_PAYLOAD))


def _audio() -> tuple[bytes, ...]:
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format = 48000, "stereo", "s16"
    codec.bit_rate, codec.time_base = 32000, Fraction(1, 48000)
    moments = np.arange(_SAMPLES * 100) / 48000
    wave = (np.sin(2 * np.pi * 440 * moments) * 8000 * (1 + np.sin(2 * np.pi * 3 * moments))).astype(np.int16)
    packets = []
    for at in range(0, len(wave), _SAMPLES):
        stereo = np.repeat(wave[at : at + _SAMPLES], 2).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(stereo, format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48000, at, codec.time_base
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return tuple(packets)
