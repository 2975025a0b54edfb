"""The receive side: duplicates, gaps, what is asked for again, and the figures reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.media.receive import NACK_TRIES, WINDOW, ReceiveStream
from comity.media.rtcp import SenderInfo


def stream(nack: bool = True) -> ReceiveStream:
    made = ReceiveStream("", 90000, nack)
    made.bind(5)
    return made


def test_extends_numbers_over_the_wrap() -> None:
    one = stream()
    numbers = [one.receive(n & 0xFFFF, 0, 100, 0.0) for n in range(65530, 65545)]
    assert numbers == list(range(65536 + 65530, 65536 + 65545))


def test_recognises_duplicates_and_what_is_too_old() -> None:
    one = stream()
    for number in range(100, 100 + WINDOW + 10):
        assert one.receive(number, 0, 100, 0.0) is not None
    assert one.receive(105 + WINDOW, 0, 100, 0.0) is None
    assert one.receive(105, 0, 100, 0.0) is None


def test_asks_for_gaps_again_a_few_times_and_then_gives_up() -> None:
    one = stream()
    one.receive(10, 0, 100, 0.0)
    one.receive(14, 0, 100, 0.0)
    assert one.wanted(0.01) == []  # perhaps merely late
    assert one.wanted(0.05) == [11, 12, 13]
    assert one.wanted(0.06) == []
    one.receive(12, 0, 100, 0.1)
    asked = sum(11 in one.wanted(0.1 + tick * 0.05) for tick in range(60))
    assert asked == NACK_TRIES - 1
    assert not one.is_missing(11)


def test_asks_for_nothing_after_a_jump_nor_for_audio() -> None:
    one, audio = stream(), stream(nack=False)
    for number in (10, 5000):
        one.receive(number, 0, 100, 0.0)
        audio.receive(number, 0, 100, 0.0)
    audio.receive(5003, 0, 100, 0.0)
    assert one.wanted(1.0) == audio.wanted(1.0) == []


def test_knows_what_a_retransmission_would_fill() -> None:
    one = stream()
    assert not one.is_missing(11)
    one.receive(65534, 0, 100, 0.0)
    one.receive(1, 0, 100, 0.0)
    assert [number for number in (65533, 65534, 65535, 0, 1, 2) if one.is_missing(number)] == [65535, 0]


def test_reports_losses_and_the_last_sender_report() -> None:
    one = stream()
    assert one.report(0.0) is None
    for number in (1, 2, 3, 4, 6, 7, 9, 10):
        one.receive(number, 0, 100, 0.0)
    one.note_sender_report(SenderInfo(5, 0x1234_5678_9ABC_DEF0, 0, 0, 0), 1.0)
    block = one.report(2.0)
    assert block is not None
    assert (block.fraction_lost, block.packets_lost, block.highest_sequence) == (2 * 256 // 10, 2, 10)
    assert (block.lsr, block.dlsr) == (0x5678_9ABC, 65536)
    one.receive(11, 0, 100, 2.0)
    later = one.report(3.0)
    assert later is not None
    assert (later.fraction_lost, later.packets_lost) == (0, 2)


def test_measures_bitrate_and_jitter() -> None:
    one = stream()
    one.measure(0.0)
    for number in range(100):
        one.receive(number, number * 900, 125, number * 0.01 + (number % 2) * 0.004)
    one.measure(1.0)
    block = one.report(1.0)
    assert one.bitrate == pytest.approx(100_000)
    assert block is not None
    assert 100 < block.jitter < 360  # 4 ms are 360 ticks


def test_a_restarted_publisher_is_counted_anew() -> None:
    one = stream()
    one.receive(60000, 0, 100, 0.0)
    one.bind(6)
    assert one.receive(5, 0, 100, 0.0) == 65536 + 5
    assert one.lost == 0


@given(st.lists(st.integers(0, 300), max_size=300))
def test_each_packet_counts_once_whatever_the_order(arrivals: list[int]) -> None:
    one = stream()
    accepted = [n for number in arrivals if (n := one.receive((65400 + number) & 0xFFFF, 0, 100, 0.0)) is not None]
    assert len(accepted) == len(set(accepted))
    assert {n & 0xFFFF for n in accepted} <= {(65400 + number) & 0xFFFF for number in arrivals}
    assert one.lost >= 0
