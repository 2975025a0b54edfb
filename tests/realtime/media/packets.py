"""Builds RTP packets and offers for the tests."""

from __future__ import annotations

import struct
from pathlib import Path

from comity.media.rtp import ABS_SEND_TIME, AUDIO_LEVEL, MID, REPAIRED_RID, RID, TRANSPORT_SEQUENCE, Packet
from comity.media.sdp import Section

OFFERS = Path(__file__).parent / "offers"
IDS = {AUDIO_LEVEL: 1, ABS_SEND_TIME: 2, TRANSPORT_SEQUENCE: 3, MID: 4, RID: 10, REPAIRED_RID: 11}
MEANINGS = [next((meaning for meaning, number in IDS.items() if number == index), 0) for index in range(256)]


def offer(name: str) -> str:
    """A recorded offer, with the line ends of the wire."""
    return (OFFERS / f"{name}.sdp").read_text().replace("\n", "\r\n")


def rtp(
    sequence: int,
    timestamp: int,
    body: bytes,
    ssrc: int = 1,
    payload_type: int = 96,
    extensions: dict[int, bytes] | None = None,
    padding: int = 0,
) -> bytes:
    """An RTP packet as a browser sends it. extensions: by meaning. padding: octets of it."""
    block = b"".join(bytes((IDS[m] << 4 | (len(value) - 1),)) + value for m, value in (extensions or {}).items())
    block += bytes(-len(block) % 4)
    first = 0x80 | (0x10 if block else 0) | (0x20 if padding else 0)
    header = struct.pack("!BBHLL", first, payload_type, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
    head = struct.pack("!HH", 0xBEDE, len(block) // 4) + block if block else b""
    tail = bytes(padding - 1) + bytes((padding,)) if padding else b""
    return header + head + body + tail


def vp8(picture: int, keyframe: bool = False, tl0: int = 0, start: bool = True, rest: bytes = b"payload") -> bytes:
    """A VP8 payload with a 15-bit picture id and TL0PICIDX, as Chromium writes them."""
    descriptor = bytes((0x90 if start else 0x80, 0xE0, 0x80 | picture >> 8 & 0x7F, picture & 0xFF, tl0 & 0xFF, 0x20))
    return descriptor + bytes((0x00 if keyframe else 0x01,)) + rest


def packet(sequence: int, timestamp: int, body: bytes, level: int | None = None) -> Packet:
    """A parsed packet with an extended sequence number."""
    made = Packet(0x80, 96, sequence, timestamp, 1)
    made.body, made.level = body, level
    return made


def section(
    kind: str = "video", rids: list[str] | None = None, ssrcs: list[int] | None = None, mid: str = "0"
) -> Section:
    """A section of an offer that would send."""
    made = Section(kind, 9, "UDP/TLS/RTP/SAVPF", ["96", "97"] if kind == "video" else ["111"], mid=mid)
    made.direction = "sendonly"
    if kind == "video":
        made.codecs = {96: ("vp8", "VP8/90000"), 97: ("rtx", "rtx/90000")}
        made.parameters = {97: "apt=96"}
    else:
        made.codecs = {111: ("opus", "opus/48000/2")}
    made.extensions = dict(IDS)
    made.rids, made.ssrcs = rids or [], ssrcs or []
    if made.ssrcs:
        made.repairs = {made.ssrcs[0]: made.ssrcs[0] + 1}
    return made


def sequence_of(data: bytes) -> tuple[int, int]:
    """SSRC and sequence number of a sent packet."""
    sequence, _timestamp, ssrc = struct.unpack_from("!HLL", data, 2)
    return ssrc, sequence


def payload_of(data: bytes) -> bytes:
    """The payload of a packet we sent: each has one extension block."""
    (words,) = struct.unpack_from("!H", data, 14)
    return data[16 + 4 * words :]
