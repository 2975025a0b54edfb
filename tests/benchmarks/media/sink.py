"""The receiving half of a peer: authenticates every packet, compares it with what was published, and counts."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks.media.dtls import SecureTransport
from tests.benchmarks.media.feedback import Arrivals, Reception, receiver_report
from tests.benchmarks.media.samples import Samples

DESCRIPTOR = 4
"""Length in bytes of the VP8 payload descriptor that is published: X, I, a picture id of 15 bits (RFC 7741, 4.2)."""
TRAILER = struct.Struct("!d")
"""Appended to each payload: the monotonic time of sending, in seconds."""
_REPORT_INTERVAL, _FEEDBACK_INTERVAL = 1.0, 0.1
_EVERY = 8


@dataclass(slots=True)
class Counts:
    """Totals of sinks at one moment.

    foreign: packets that are authentic, and yet not what was published. forged: failed authentication.
    feedback: transport-wide feedback messages that sinks sent.
    """

    packets: int = 0
    octets: int = 0
    foreign: int = 0
    forged: int = 0
    expected: int = 0
    streams: int = 0
    feedback: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) - getattr(other, name) for name in self.__slots__))


@dataclass(slots=True)
class Published:
    """Payloads that may arrive, without descriptor and trailer."""

    video: frozenset[bytes]
    audio: frozenset[bytes]

    @classmethod
    def of(cls, samples: Samples) -> Published:
        """All payloads of the samples."""
        return cls(frozenset(part for frame in samples.video for part in frame), frozenset(samples.audio))


@dataclass(slots=True)
class Sink:
    """Counts what one peer receives. transport_extension: id of the transport-wide sequence number, if negotiated."""

    transport: SecureTransport
    published: Published
    transport_extension: int | None = None
    now: Callable[[], float] = time.monotonic
    delays: list[float] = field(default_factory=list)
    _receptions: dict[int, Reception] = field(default_factory=dict)
    _arrivals: Arrivals = field(default_factory=Arrivals)
    _totals: Counts = field(default_factory=Counts)
    _last_report: float = 0.0
    _last_feedback: float = 0.0

    def counts(self) -> Counts:
        """Totals up to now."""
        expected = sum(reception.expected for reception in self._receptions.values())
        forged = self.transport.errors
        t = self._totals
        return Counts(t.packets, t.octets, t.foreign, forged, expected, len(self._receptions), t.feedback)

    def receive(self, datagram: bytes) -> None:
        """Take an SRTP or SRTCP datagram from the network."""
        if 192 <= datagram[1] <= 223:
            self.transport.open_rtcp(datagram)
            return
        packet = self.transport.open_rtp(datagram)
        if packet is None:
            return
        totals = self._totals
        totals.packets += 1
        totals.octets += len(packet)
        sequence, _, ssrc = struct.unpack_from("!HLL", packet, 2)
        reception = self._receptions.get(ssrc)
        if reception is None:
            reception = self._receptions[ssrc] = Reception(sequence, sequence)
        reception.add(sequence)
        start = 12 + (packet[0] & 15) * 4
        if packet[0] & 0x10:
            start = self._extensions(packet, start)
        if not self._genuine(packet, start):
            totals.foreign += 1
        elif totals.packets % _EVERY == 0:
            self.delays.append(self.now() - TRAILER.unpack_from(packet, len(packet) - TRAILER.size)[0])

    def _genuine(self, packet: bytes, start: int) -> bool:
        end = len(packet) - TRAILER.size
        if packet[start:end] in self.published.audio:
            return True
        return packet[start + DESCRIPTOR : end] in self.published.video

    def _extensions(self, packet: bytes, at: int) -> int:
        length = packet[at + 2] << 8 | packet[at + 3]
        at += 4
        end = at + length * 4
        wanted = self.transport_extension
        if wanted is not None:
            while at < end:
                identifier, size = packet[at] >> 4, (packet[at] & 15) + 1
                if identifier == wanted:
                    self._arrivals.add(packet[at + 1] << 8 | packet[at + 2], self.now())
                    break
                at += 1 if identifier == 0 else 1 + size
        return end

    def report(self, own_ssrc: int, now: float) -> None:
        """Send the reports and feedback that are due."""
        if now - self._last_report >= _REPORT_INTERVAL and self._receptions:
            self._last_report = now
            self.transport.send_rtcp(receiver_report(own_ssrc, self._receptions))
        if now - self._last_feedback >= _FEEDBACK_INTERVAL and self._receptions:
            self._last_feedback = now
            message = self._arrivals.feedback(own_ssrc, next(iter(self._receptions)))
            if message:
                self._totals.feedback += 1
                self.transport.send_rtcp(message)
