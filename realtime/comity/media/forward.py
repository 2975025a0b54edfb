"""Forwarding one outgoing RTP stream: continuous numbering across sources, built once for many receivers. Pure.

The rule that everything here keeps: under one outgoing SSRC, a sequence number never stands for two different
byte strings, for SRTP with AES-GCM would then repeat a nonce (RFC 7714, section 8.1).
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .rtcp import SenderInfo
from .rtp import ONE_BYTE_PROFILE, Packet, Vp8Descriptor, renumber_vp8, vp8_descriptor

CACHE_SIZE = 512  # sent packets kept for retransmission; a power of two
SPLICES_KEPT = 8
_MASK = CACHE_SIZE - 1

_PLAIN = struct.Struct("!BBHLLHH")
_STAMPED = struct.Struct("!BBHLLHHL")
_STAMPED_LEVEL = struct.Struct("!BBHLLHHLBBH")
_LEVEL = struct.Struct("!BBHLLHHBBH")


@dataclass(frozen=True, slots=True)
class Format:
    """How receivers want a stream: payload type and header extension ids (0: not negotiated)."""

    payload_type: int
    send_time_id: int = 0
    level_id: int = 0


class Rewriter:
    """Numbers one outgoing stream so that changes of source and dropped padding leave no trace.

    clock_rate: RTP clock in Hz. keyframes: whether a new source may only begin with a VP8 key frame.
    """

    __slots__ = (
        "_body",
        "_keyframes",
        "_offsets",
        "clock_rate",
        "high",
        "high_at",
        "high_timestamp",
        "offset",
        "picture_offset",
        "pivot",
        "resumed",
        "source",
        "source_high",
        "spliced",
        "timestamp_offset",
        "tl0_offset",
    )

    def __init__(self, clock_rate: int, keyframes: bool) -> None:
        self.clock_rate, self._keyframes = clock_rate, keyframes
        self.source: object | None = None
        self.source_high = -1  # newest sequence number of the source
        self.pivot = self.offset = 0  # the offset counts from the pivot on
        self._offsets: deque[tuple[int, int]] = deque(maxlen=SPLICES_KEPT)  # older (pivot, offset) of this source
        self.high = -1  # newest outgoing sequence number, extended
        self.high_timestamp = self.timestamp_offset = 0
        self.high_at = 0.0
        self.picture_offset = self.tl0_offset = 0
        self.spliced = False
        self.resumed = False  # continues for one receiver what another rewriter began
        self._body = b""

    def follow(self, source: object, packet: Packet, now: float) -> bool:
        """Continue with this packet as the first of another source. False: it cannot begin here, it is no key frame."""
        found = vp8_descriptor(packet.body) if self._keyframes else None
        if found is not None and self.high >= 0 and not found.keyframe:
            return False
        if self.high < 0:
            self.offset = 0
        else:
            self.spliced = True
            self.offset = self.high + 1 - packet.sequence
            elapsed = max(1, round((now - self.high_at) * self.clock_rate))
            self.timestamp_offset = (self.high_timestamp + elapsed - packet.timestamp) & 0xFFFFFFFF
            if found is not None:
                self._continue_pictures(found, packet.body)
        self.source, self.pivot, self.source_high = source, packet.sequence, packet.sequence - 1
        self._offsets.clear()
        return True

    def _continue_pictures(self, found: Vp8Descriptor, body: bytes) -> None:
        last = vp8_descriptor(self._body)
        if found.picture_id_bits:
            previous = last.picture_id + self.picture_offset if last.picture_id_bits else 0
            self.picture_offset = previous + 1 - found.picture_id
        if found.tl0_at >= 0:
            previous = self._body[last.tl0_at] + self.tl0_offset if last.tl0_at >= 0 else 0
            self.tl0_offset = previous + 1 - body[found.tl0_at]

    def number(self, packet: Packet, now: float) -> int | None:
        """The extended outgoing sequence number of a packet of the present source; None: too late to have one."""
        sequence = packet.sequence
        out = sequence + self.offset if sequence >= self.pivot else self._older(sequence)
        if out is not None and out > self.high:
            self.high, self.high_at = out, now
            self.source_high = max(self.source_high, sequence)
            self.high_timestamp = (packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF
            self._body = packet.body
        return out

    def _older(self, sequence: int) -> int | None:
        for pivot, offset in reversed(self._offsets):
            if sequence >= pivot:
                return sequence + offset
        return None

    def skip(self, sequence: int) -> None:
        """Leave this packet out and close the gap if it is the newest; receivers would ask for it for ever."""
        if sequence < self.pivot or sequence <= self.source_high:
            return
        self._offsets.append((self.pivot, self.offset))
        self.pivot, self.offset, self.source_high = sequence + 1, self.offset - 1, sequence

    def rewrite(self, body: bytes) -> bytes:
        """The payload with its VP8 numbering continued; the very same object while nothing was spliced."""
        if not self.spliced or not self._keyframes:
            return body
        found = vp8_descriptor(body)
        if not found.picture_id_bits and found.tl0_at < 0:
            return body
        return renumber_vp8(body, found, self.picture_offset, self.tl0_offset)

    def resume_after(self, other: Rewriter) -> None:
        """Begin where another rewriter of the same outgoing stream stopped, as a source yet to come."""
        self.resumed = True
        self.high, self.high_timestamp, self.high_at = other.high, other.high_timestamp, other.high_at
        self.picture_offset, self.tl0_offset = other.picture_offset, other.tl0_offset
        self.spliced, self._body = other.spliced, other._body


class Fanout:
    """One outgoing stream in one format, and everyone who receives these very bytes.

    ssrc: of the outgoing stream. receivers: functions that encrypt and send.
    cached: whether sent packets are kept for retransmission.
    """

    __slots__ = ("_level", "_stamp", "cache", "format", "octets", "packets", "receivers", "rewriter", "ssrc")

    def __init__(self, ssrc: int, wanted: Format, rewriter: Rewriter, cached: bool) -> None:
        self.ssrc, self.format, self.rewriter = ssrc, wanted, rewriter
        self._stamp = (wanted.send_time_id << 4 | 2) << 24  # three octets of time follow
        self._level = wanted.level_id << 4
        self.receivers: list[Callable[[bytes], None]] = []
        self.cache: list[tuple[int, bytes] | None] | None = [None] * CACHE_SIZE if cached else None
        self.packets = self.octets = 0

    def write(self, source: object, packet: Packet, now: float, send_time: int) -> bool:
        """Number, build and send one packet.

        now: monotonic seconds. send_time: 24-bit absolute send time (6.18 fixed point seconds).
        Returns False when a key frame is needed before anything of this source can be sent.
        """
        rewriter = self.rewriter
        if rewriter.source is not source and not rewriter.follow(source, packet, now):
            return False
        number = rewriter.number(packet, now)
        if number is None:
            return True
        body = rewriter.rewrite(packet.body) if rewriter.spliced else packet.body
        data = self._header(packet, number & 0xFFFF, rewriter.timestamp_offset, send_time) + body
        if self.cache is not None:
            self.cache[number & _MASK] = (number & 0xFFFF, data)
        self.packets += 1
        self.octets += len(body)
        for send in self.receivers:
            send(data)
        return True

    def _header(self, packet: Packet, number: int, timestamp_offset: int, send_time: int) -> bytes:
        first = 0x90 | packet.first & 0x20
        second = packet.second & 0x80 | self.format.payload_type
        timestamp = (packet.timestamp + timestamp_offset) & 0xFFFFFFFF
        stamp, level = self.format.send_time_id, packet.level
        if level is not None and self.format.level_id:
            head = self._level
            if stamp:
                return _STAMPED_LEVEL.pack(
                    first,
                    second,
                    number,
                    timestamp,
                    self.ssrc,
                    ONE_BYTE_PROFILE,
                    2,
                    self._stamp | send_time,
                    head,
                    level,
                    0,
                )
            return _LEVEL.pack(first, second, number, timestamp, self.ssrc, ONE_BYTE_PROFILE, 1, head, level, 0)
        if stamp:
            return _STAMPED.pack(
                first, second, number, timestamp, self.ssrc, ONE_BYTE_PROFILE, 1, self._stamp | send_time
            )
        return _PLAIN.pack(first, second, number, timestamp, self.ssrc, ONE_BYTE_PROFILE, 0)

    def sent(self, sequence: int) -> bytes | None:
        """The bytes sent under this 16-bit sequence number, while they are kept."""
        if self.cache is None:
            return None
        entry = self.cache[sequence & _MASK]
        return entry[1] if entry is not None and entry[0] == sequence else None

    def report(self, source: object, info: SenderInfo) -> SenderInfo | None:
        """A publisher's sender report as one of the outgoing stream, None when it is not of its present source.

        The wall clock stays the publisher's: lip-sync compares streams of one publisher (RFC 3550, section 6.4.1).
        """
        if self.rewriter.source is not source:
            return None
        rtp_time = (info.rtp_time + self.rewriter.timestamp_offset) & 0xFFFFFFFF
        return SenderInfo(self.ssrc, info.ntp, rtp_time, self.packets, self.octets)
