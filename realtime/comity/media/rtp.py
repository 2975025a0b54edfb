"""RTP packets on bytes: header, extensions, VP8 payload descriptor, retransmission payload. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

# What an extension means to us; 0 is "not negotiated".
MID, RID, REPAIRED_RID, AUDIO_LEVEL, ABS_SEND_TIME, TRANSPORT_SEQUENCE = 1, 2, 3, 4, 5, 6

EXTENSION_URIS = {
    MID: "urn:ietf:params:rtp-hdrext:sdes:mid",
    RID: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    REPAIRED_RID: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    AUDIO_LEVEL: "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    ABS_SEND_TIME: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    TRANSPORT_SEQUENCE: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
}
ONE_BYTE_PROFILE = 0xBEDE  # RFC 8285, section 4.2
MAX_ONE_BYTE_ID = 14

_FIXED = struct.Struct("!BBHLL")
_EXTENSION = struct.Struct("!HH")


class BadPacket(ValueError):
    """Bytes that are no RTP packet (RFC 3550, section 5.1)."""


class Packet:
    """One received RTP packet, cut where forwarding needs it.

    first, second: the first two octets of the header. sequence: extended by the receive side, 16 bits until then.
    body: the payload with its padding. padded: octets of padding. level: the audio level octet, or None.
    """

    __slots__ = (
        "body",
        "first",
        "level",
        "mid",
        "padded",
        "repaired_rid",
        "rid",
        "second",
        "sequence",
        "ssrc",
        "timestamp",
        "transport_sequence",
    )

    def __init__(self, first: int, second: int, sequence: int, timestamp: int, ssrc: int) -> None:
        self.first, self.second, self.sequence, self.timestamp, self.ssrc = first, second, sequence, timestamp, ssrc
        self.body = b""
        self.padded = 0
        self.level: int | None = None
        self.mid: bytes | None = None
        self.rid: bytes | None = None
        self.repaired_rid: bytes | None = None
        self.transport_sequence: int | None = None

    @property
    def payload_type(self) -> int:
        """The 7-bit payload type."""
        return self.second & 0x7F


def parse(data: bytes, meanings: list[int]) -> Packet:
    """Cut a packet.

    meanings: for each extension id (0 to 255) what it stands for, 0 when not negotiated.
    Raises BadPacket.
    """
    size = len(data)
    if size < 12:
        raise BadPacket("shorter than a header")
    packet = Packet(*_FIXED.unpack_from(data))
    first = packet.first
    start = 12 + ((first & 15) << 2)
    if first & 0x10:
        if start + 4 > size:
            raise BadPacket("extension header cut off")
        profile, words = _EXTENSION.unpack_from(data, start)
        position = start + 4
        start = position + (words << 2)
        if start > size:
            raise BadPacket("extensions cut off")
        if profile == ONE_BYTE_PROFILE:
            _one_byte_extensions(packet, data, position, start, meanings)
        elif profile & 0xFFF0 == 0x1000:
            _two_byte_extensions(packet, data, position, start, meanings)
    if start > size:
        raise BadPacket("contributing sources cut off")
    if first & 0x20:
        packet.padded = data[-1]
        if not 0 < packet.padded <= size - start:
            raise BadPacket("padding longer than the payload")
    packet.body = data[start:]
    return packet


def _one_byte_extensions(packet: Packet, data: bytes, position: int, end: int, meanings: list[int]) -> None:
    while position < end:
        head = data[position]
        position += 1
        if head == 0:
            continue
        if head >> 4 == 15:  # RFC 8285, section 4.2: stop here
            return
        size = (head & 15) + 1
        meaning = meanings[head >> 4]
        if meaning and position + size <= end:
            _note(packet, meaning, data, position, size)
        position += size


def _two_byte_extensions(packet: Packet, data: bytes, position: int, end: int, meanings: list[int]) -> None:
    while position + 1 < end:
        number = data[position]
        if number == 0:
            position += 1
            continue
        size = data[position + 1]
        position += 2
        if meanings[number] and size and position + size <= end:
            _note(packet, meanings[number], data, position, size)
        position += size


def _note(packet: Packet, meaning: int, data: bytes, position: int, size: int) -> None:
    if meaning == TRANSPORT_SEQUENCE:
        if size >= 2:
            packet.transport_sequence = data[position] << 8 | data[position + 1]
    elif meaning == AUDIO_LEVEL:
        packet.level = data[position]
    elif meaning == MID:
        packet.mid = data[position : position + size]
    elif meaning == RID:
        packet.rid = data[position : position + size]
    elif meaning == REPAIRED_RID:
        packet.repaired_rid = data[position : position + size]


@dataclass(frozen=True, slots=True)
class Vp8Descriptor:
    """Where the renumbered fields of a VP8 payload descriptor are (RFC 7741, section 4.2); offsets are -1 if absent."""

    keyframe: bool
    picture_id: int = -1
    picture_id_at: int = -1
    picture_id_bits: int = 0
    tl0_at: int = -1


_DELTA = Vp8Descriptor(False)


def vp8_descriptor(body: bytes) -> Vp8Descriptor:
    """Read a VP8 payload descriptor; a truncated one counts as a plain delta frame."""
    size = len(body)
    if size < 2:
        return _DELTA
    first, position = body[0], 1
    picture_id = at = tl0_at = -1
    bits = 0
    if first & 0x80:
        flags, position = body[1], 2
        if flags & 0x80:
            if position + 2 > size:
                return _DELTA
            at = position
            if body[at] & 0x80:
                bits, picture_id, position = 15, (body[at] & 0x7F) << 8 | body[at + 1], position + 2
            else:
                bits, picture_id, position = 7, body[at], position + 1
        if flags & 0x40:
            tl0_at, position = position, position + 1
        if flags & 0x30:
            position += 1
    if position >= size:
        return _DELTA
    # the first partition's first packet starts with the frame tag, whose lowest bit is 0 on a key frame
    keyframe = bool(first & 0x10) and first & 0x07 == 0 and not body[position] & 1
    return Vp8Descriptor(keyframe, picture_id, at, bits, tl0_at)


def renumber_vp8(body: bytes, found: Vp8Descriptor, picture_offset: int, tl0_offset: int) -> bytes:
    """The body with its picture id and TL0PICIDX moved by these offsets, each modulo its own size."""
    changed = bytearray(body)
    if found.picture_id_bits == 15:
        moved = (found.picture_id + picture_offset) & 0x7FFF
        changed[found.picture_id_at] = 0x80 | moved >> 8
        changed[found.picture_id_at + 1] = moved & 0xFF
    elif found.picture_id_bits == 7:
        changed[found.picture_id_at] = (found.picture_id + picture_offset) & 0x7F
    if found.tl0_at >= 0:
        changed[found.tl0_at] = (changed[found.tl0_at] + tl0_offset) & 0xFF
    return bytes(changed)


def wrap_retransmission(packet: bytes, payload_type: int, ssrc: int, sequence: int) -> bytes:
    """A sent packet as retransmission payload with an SSRC and numbering of its own (RFC 4588, section 4).

    Packets we send always carry exactly one extension block.
    """
    (words,) = struct.unpack_from("!H", packet, 14)
    header_end = 16 + 4 * words
    original, timestamp = struct.unpack_from("!HL", packet, 2)
    head = _FIXED.pack(packet[0], packet[1] & 0x80 | payload_type, sequence & 0xFFFF, timestamp, ssrc)
    return head + packet[12:header_end] + struct.pack("!H", original) + packet[header_end:]
