"""Transport-wide congestion control feedback, so that publishers estimate their bandwidth. Pure.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

from __future__ import annotations

import struct

from .rtcp import FMT_TRANSPORT_CC, TRANSPORT_FEEDBACK

TICKS_PER_SECOND = 4000  # deltas count 250 microseconds
REFERENCE_TICKS = 256  # the reference time counts 64 milliseconds
MAX_RUN = 0x1FFF
MAX_SPAN = 1000  # packets one feedback covers; an older gap is given up

NOT_RECEIVED, SMALL_DELTA, LARGE_DELTA = 0, 1, 2


class ArrivalRecorder:
    """Collects arrival times of transport-wide sequence numbers and writes the feedback packets."""

    __slots__ = ("_arrivals", "_count", "_highest", "_next_base")

    def __init__(self) -> None:
        self._arrivals: dict[int, float] = {}
        self._next_base: int | None = None
        self._highest: int | None = None
        self._count = 0

    def add(self, sequence: int, now: float) -> None:
        """Note that the packet with this 16-bit transport-wide sequence number came at `now` (seconds)."""
        highest = self._highest
        if highest is None:
            full = self._highest = sequence + 0x10000
        else:
            step = (sequence - highest) & 0xFFFF
            full = highest + (step if step < 0x8000 else step - 0x10000)
            if full > highest:
                self._highest = full
        self._arrivals[full] = now

    def build(self, sender_ssrc: int, media_ssrc: int) -> bytes | None:
        """The feedback for everything since the last one, or None when nothing came."""
        arrivals = self._arrivals
        if not arrivals:
            return None
        first, last = min(arrivals), max(arrivals)
        base = self._next_base
        if base is None or first < base or last - base >= MAX_SPAN:
            base = max(first, last - MAX_SPAN + 1)
        reference = int(min(arrivals.values()) * TICKS_PER_SECOND) // REFERENCE_TICKS
        symbols, deltas = _encode_arrivals(arrivals, base, last, reference * REFERENCE_TICKS)
        body = struct.pack("!LLHH", sender_ssrc, media_ssrc, base & 0xFFFF, len(symbols))
        body += struct.pack("!L", (reference & 0xFFFFFF) << 8 | (self._count & 0xFF))
        body += _encode_chunks(symbols) + deltas
        self._count += 1
        self._next_base = last + 1
        self._arrivals = {}
        padding = -len(body) % 4
        if padding:
            body += bytes(padding - 1) + bytes((padding,))
        first_byte = 0x80 | (0x20 if padding else 0) | FMT_TRANSPORT_CC
        return struct.pack("!BBH", first_byte, TRANSPORT_FEEDBACK, len(body) // 4) + body


def _encode_arrivals(arrivals: dict[int, float], base: int, last: int, tick: int) -> tuple[list[int], bytes]:
    symbols: list[int] = []
    deltas = bytearray()
    for sequence in range(base, last + 1):
        arrived = arrivals.get(sequence)
        if arrived is None:
            symbols.append(NOT_RECEIVED)
            continue
        # what was sent is accumulated, not what was measured: a clamped delta must not shift those after it
        delta = max(-0x8000, min(0x7FFF, int(arrived * TICKS_PER_SECOND) - tick))
        tick += delta
        if 0 <= delta <= 255:
            symbols.append(SMALL_DELTA)
            deltas.append(delta)
        else:
            symbols.append(LARGE_DELTA)
            deltas += struct.pack("!h", delta)
    return symbols, bytes(deltas)


def _encode_chunks(symbols: list[int]) -> bytes:
    chunks = bytearray()
    index, count = 0, len(symbols)
    while index < count:
        symbol, run = symbols[index], 1
        while index + run < count and run < MAX_RUN and symbols[index + run] == symbol:
            run += 1
        if run >= 7 or index + run == count:
            chunks += struct.pack("!H", symbol << 13 | run)
            index += run
        else:
            vector = 0xC000
            for offset, value in enumerate(symbols[index : index + 7]):
                vector |= value << (12 - 2 * offset)
            chunks += struct.pack("!H", vector)
            index += 7
    return bytes(chunks)
