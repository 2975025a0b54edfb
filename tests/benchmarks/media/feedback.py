"""RTCP of the load generator: receiver reports, sender reports and transport-wide feedback, as a browser sends them.

Pure: bytes out, times passed in. RFC 3550, 6.4; draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

_TICK = 0.00025
_NTP_EPOCH = 2208988800


@dataclass(slots=True)
class Reception:
    """What was received of one SSRC (RFC 3550, A.3).

    received counts packets, `highest` is the extended highest sequence number.
    """

    base: int
    highest: int
    received: int = 0
    reported_expected: int = 0
    reported_received: int = 0

    @property
    def expected(self) -> int:
        """Packets the sender sent, by its sequence numbers."""
        return self.highest - self.base + 1

    def add(self, sequence: int) -> None:
        """Count a packet; sequence: 16 bits."""
        ahead = (sequence - self.highest) & 0xFFFF
        if ahead < 0x8000:
            self.highest += ahead
        self.received += 1

    def report(self, ssrc: int) -> bytes:
        """A reception report block since the last one."""
        expected, received = self.expected - self.reported_expected, self.received - self.reported_received
        self.reported_expected, self.reported_received = self.expected, self.received
        lost = max(0, expected - received)
        fraction = min(255, (lost << 8) // expected) if expected > 0 else 0
        total = min(0x7FFFFF, max(0, self.expected - self.received))
        return struct.pack("!LLLLLL", ssrc, fraction << 24 | total, self.highest & 0xFFFFFFFF, 0, 0, 0)


def receiver_report(sender: int, receptions: dict[int, Reception]) -> bytes:
    """A receiver report on all streams of a peer, at most 31 of them (RFC 3550, 6.4.2)."""
    blocks = [reception.report(ssrc) for ssrc, reception in list(receptions.items())[:31]]
    return struct.pack("!BBHL", 0x80 | len(blocks), 201, 1 + 6 * len(blocks), sender) + b"".join(blocks)


def sender_report(ssrc: int, timestamp: int, wall: float, packets: int, octets: int) -> bytes:
    """A sender report (RFC 3550, 6.4.1).

    timestamp: RTP timestamp at `wall`, seconds since 1970.
    """
    ntp = int((wall + _NTP_EPOCH) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
    counts = (timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return struct.pack("!BBHLQLLL", 0x80, 200, 6, ssrc, ntp, *counts)


@dataclass(slots=True)
class Arrivals:
    """Arrivals by transport-wide sequence number since the last feedback."""

    _seen: list[tuple[int, float]] = field(default_factory=list)
    _count: int = 0

    def add(self, sequence: int, now: float) -> None:
        """Note an arrival; sequence: 16 bits, now: monotonic seconds."""
        self._seen.append((sequence, now))

    def feedback(self, sender: int, media: int) -> bytes | None:
        """The feedback message on what was noted, None when nothing was."""
        if not self._seen:
            return None
        base = self._seen[0][0]
        arrived = {(sequence - base) & 0xFFFF: now for sequence, now in self._seen}
        arrived = {offset: now for offset, now in arrived.items() if offset < 0x4000}
        reference = int(self._seen[0][1] / 0.064)
        symbols, deltas = _deltas(arrived, reference)
        self._seen.clear()
        self._count += 1
        head = struct.pack("!LLHHL", sender, media, base, len(symbols), (reference & 0xFFFFFF) << 8 | self._count & 255)
        body = head + _runs(symbols) + deltas
        padding = -len(body) % 4
        if padding:
            body += bytes(padding - 1) + bytes([padding])
        return struct.pack("!BBH", 0x8F | (0x20 if padding else 0), 205, len(body) // 4) + body


def _deltas(arrived: dict[int, float], reference: int) -> tuple[list[int], bytes]:
    symbols, deltas, last = [], bytearray(), reference * 256
    for offset in range(max(arrived) + 1):
        now = arrived.get(offset)
        if now is None:
            symbols.append(0)
            continue
        ticks = int(now / _TICK)
        delta, last = ticks - last, ticks
        small = 0 <= delta <= 255
        symbols.append(1 if small else 2)
        deltas += struct.pack("!B", delta) if small else struct.pack("!h", max(-0x8000, min(0x7FFF, delta)))
    return symbols, bytes(deltas)


def _runs(symbols: Sequence[int]) -> bytes:
    out, at = bytearray(), 0
    while at < len(symbols):
        end = at
        while end < len(symbols) and symbols[end] == symbols[at] and end - at < 0x1FFF:
            end += 1
        out += struct.pack("!H", symbols[at] << 13 | (end - at))
        at = end
    return bytes(out)
