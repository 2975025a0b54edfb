"""Transport-wide feedback, read back by a decoder written from the draft."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.media.feedback import MAX_SPAN, ArrivalRecorder


def decode(packet: bytes) -> tuple[int, dict[int, float], int]:
    """Count, arrivals by 16-bit number, and base. draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1."""
    first, packet_type, words = struct.unpack_from("!BBH", packet)
    assert (first & 0xC0, first & 31, packet_type, (words + 1) * 4) == (0x80, 15, 205, len(packet))
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    base, total, word = struct.unpack_from("!HHL", packet, 12)
    symbols: list[int] = []
    position = 20
    while len(symbols) < total:
        (chunk,) = struct.unpack_from("!H", packet, position)
        position += 2
        if chunk & 0x8000:
            assert chunk & 0x4000, "only vectors of two-bit symbols are written"
            symbols += [chunk >> (12 - 2 * i) & 3 for i in range(7)]
        else:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
    time, arrivals = (word >> 8) * 0.064, {}
    for index, symbol in enumerate(symbols[:total]):
        if symbol == 0:
            continue
        if symbol == 1:
            delta, position = packet[position], position + 1
        else:
            (delta,), position = struct.unpack_from("!h", packet, position), position + 2
        time += delta * 0.00025
        arrivals[(base + index) & 0xFFFF] = time
    assert position == end
    return word & 0xFF, arrivals, base


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(1, 12), st.floats(-0.03, 0.2)), min_size=1, max_size=60),
)
def test_says_what_came_and_when(first: int, steps: list[tuple[int, float]]) -> None:
    recorder, expected = ArrivalRecorder(), {}
    number, now = first, 100.0
    for step, pause in steps:
        number, now = number + step, now + pause
        recorder.add(number & 0xFFFF, now)
        expected[number & 0xFFFF] = now
    packet = recorder.build(1, 2)
    assert packet is not None
    _count, arrivals, _base = decode(packet)
    assert arrivals.keys() == expected.keys()
    for key, when in expected.items():
        assert arrivals[key] == pytest.approx(when, abs=0.001)


def test_goes_on_where_the_last_one_ended_and_counts() -> None:
    recorder = ArrivalRecorder()
    recorder.add(10, 1.0)
    first = recorder.build(1, 2)
    assert recorder.build(1, 2) is None
    recorder.add(13, 1.1)
    second = recorder.build(1, 2)
    assert first is not None
    assert second is not None
    assert decode(first)[0] == 0
    count, arrivals, base = decode(second)
    assert (count, base, list(arrivals)) == (1, 11, [13])  # 11 and 12 are said to be missing


def test_a_long_gap_is_given_up() -> None:
    recorder = ArrivalRecorder()
    recorder.add(10, 1.0)
    recorder.build(1, 2)
    recorder.add(10 + 20 * MAX_SPAN, 1.1)
    packet = recorder.build(1, 2)
    assert packet is not None
    assert len(packet) < 60


def test_a_pause_that_no_delta_can_hold_does_not_shift_what_follows() -> None:
    recorder = ArrivalRecorder()
    for number, when in ((1, 1.0), (2, 30.0), (3, 30.001)):
        recorder.add(number, when)
    packet = recorder.build(1, 2)
    assert packet is not None
    assert list(decode(packet)[1]) == [1, 2, 3]
