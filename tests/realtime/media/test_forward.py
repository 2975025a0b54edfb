"""Rewriting: an outgoing stream is continuous, and no number of it ever stands for two byte strings."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.media.forward import CACHE_SIZE, Fanout, Format, Rewriter
from comity.media.rtcp import SenderInfo
from comity.media.rtp import AUDIO_LEVEL, vp8_descriptor

from .packets import MEANINGS, packet, payload_of, sequence_of, vp8

PLAIN = Format(96)


class Sink:
    """Everything that one fanout sent."""

    def __init__(self, wanted: Format = PLAIN, keyframes: bool = True, clock: int = 90000) -> None:
        self.sent: list[bytes] = []
        self.fanout = Fanout(7, wanted, Rewriter(clock, keyframes), True)
        self.fanout.receivers.append(self.sent.append)

    def numbers(self) -> list[int]:
        return [sequence_of(data)[1] for data in self.sent]


def test_passes_a_single_source_on_as_it_is() -> None:
    sink = Sink()
    for index in range(5):
        assert sink.fanout.write("a", packet(65536 + 65533 + index, index, vp8(index)), 0.0, 0)
    assert sink.numbers() == [65533, 65534, 65535, 0, 1]
    assert payload_of(sink.sent[0]) == vp8(0)


def test_continues_numbers_time_and_pictures_on_another_source() -> None:
    sink = Sink()
    sink.fanout.write("a", packet(70000, 9000, vp8(100, keyframe=True, tl0=5)), 10.0, 0)
    assert sink.fanout.write("b", packet(90123, 777, vp8(3, keyframe=True, tl0=200)), 10.1, 0)
    assert sink.numbers()[1] == (sink.numbers()[0] + 1) & 0xFFFF
    first, second = (vp8_descriptor(payload_of(data)) for data in sink.sent)
    assert second.picture_id == first.picture_id + 1
    assert payload_of(sink.sent[1])[4] == 6
    times = [int.from_bytes(data[4:8], "big") for data in sink.sent]
    assert times[1] - times[0] == 9000  # a tenth of a second at 90 kHz


def test_another_source_must_begin_with_a_key_frame() -> None:
    sink = Sink()
    sink.fanout.write("a", packet(70000, 0, vp8(1, keyframe=True)), 0.0, 0)
    assert not sink.fanout.write("b", packet(500, 0, vp8(9)), 0.1, 0)
    assert sink.fanout.write("a", packet(70001, 0, vp8(2)), 0.1, 0)
    assert len(sink.sent) == 2


def test_audio_follows_another_source_at_once() -> None:
    sink = Sink(Format(111), keyframes=False, clock=48000)
    sink.fanout.write("a", packet(70000, 960, b"one"), 0.0, 0)
    assert sink.fanout.write("b", packet(5, 0, b"two"), 0.02, 0)
    assert sink.numbers()[1] - sink.numbers()[0] == 1


def test_packets_from_before_a_change_of_source_are_dropped() -> None:
    sink = Sink()
    sink.fanout.write("a", packet(70000, 0, vp8(1, keyframe=True)), 0.0, 0)
    sink.fanout.write("b", packet(500, 0, vp8(1, keyframe=True)), 0.1, 0)
    assert sink.fanout.write("b", packet(499, 0, vp8(0)), 0.1, 0)
    assert len(sink.sent) == 2


def test_left_out_padding_leaves_no_gap_and_late_packets_keep_their_place() -> None:
    sink = Sink()
    write = sink.fanout.write
    write("a", packet(100, 0, vp8(1)), 0.0, 0)
    sink.fanout.rewriter.skip(102)  # 101 is late
    write("a", packet(103, 0, vp8(3)), 0.0, 0)
    write("a", packet(101, 0, vp8(2)), 0.0, 0)
    assert sink.numbers() == [100, 102, 101]
    sink.fanout.rewriter.skip(101)  # not the newest: too late to close a gap
    write("a", packet(104, 0, vp8(4)), 0.0, 0)
    assert sink.numbers()[-1] == 103


def test_writes_the_extensions_that_were_negotiated() -> None:
    sink = Sink(Format(111, send_time_id=2, level_id=1), keyframes=False)
    sink.fanout.write("a", packet(1, 0, b"x", level=0x9E), 0.0, 0x123456)
    level_only = Sink(Format(111, level_id=1), keyframes=False)
    level_only.fanout.write("a", packet(1, 0, b"x", level=0x9E), 0.0, 0)
    assert sink.sent[0][12:24] == b"\xbe\xde\x00\x02\x22\x12\x34\x56\x10\x9e\x00\x00"
    assert level_only.sent[0][12:20] == b"\xbe\xde\x00\x01\x10\x9e\x00\x00"
    assert MEANINGS[1] == AUDIO_LEVEL


def test_keeps_what_it_sent_for_a_while() -> None:
    sink = Sink()
    for index in range(CACHE_SIZE + 1):
        sink.fanout.write("a", packet(1000 + index, 0, vp8(index)), 0.0, 0)
    assert sink.fanout.sent(1001) == sink.sent[1]
    assert sink.fanout.sent(1000) is None  # overwritten
    assert sink.fanout.sent(1001 + CACHE_SIZE) is None  # not sent yet


def test_sender_reports_move_with_the_stream() -> None:
    sink = Sink()
    sink.fanout.write("a", packet(1, 9000, vp8(1, keyframe=True)), 0.0, 0)
    sink.fanout.write("b", packet(1, 500, vp8(1, keyframe=True)), 1.0, 0)
    offset = sink.fanout.rewriter.timestamp_offset
    report = sink.fanout.report("b", SenderInfo(99, 1 << 60, 700, 1000, 100_000))
    assert report is not None
    assert (report.ssrc, report.ntp, report.rtp_time) == (7, 1 << 60, (700 + offset) & 0xFFFFFFFF)
    assert (report.packets, report.octets) == (2, 2 * len(vp8(1)))
    assert sink.fanout.report("a", SenderInfo(99, 0, 0, 0, 0)) is None


Step = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.integers(-6, 4),  # how far from the newest packet of that source
    st.sampled_from(["media", "media", "media", "keyframe", "padding"]),
)


@settings(max_examples=300)
@given(st.lists(Step, max_size=120))
def test_a_number_never_stands_for_two_byte_strings(steps: list[tuple[str, int, str]]) -> None:
    """Three sources, reordering, gaps and padding in any order; each source packet comes at most once."""
    sink = Sink()
    newest = {"a": 65536, "b": 65536 + 40000, "c": 65536 * 2 - 3}
    seen: set[tuple[str, int]] = set()
    last_high = -1
    for count, (source, distance, kind) in enumerate(steps):
        number = newest[source] + distance
        if (source, number) in seen:
            continue
        seen.add((source, number))
        newest[source] = max(newest[source], number)
        rewriter = sink.fanout.rewriter
        if kind == "padding":
            if rewriter.source == source:
                rewriter.skip(number)
        else:
            body = vp8(number & 0x7FFF, keyframe=kind == "keyframe", rest=f"{source}{number}".encode())
            before = rewriter.source
            sink.fanout.write(source, packet(number, number * 3000, body), count / 30, 0)
            if before is not None and rewriter.source != before:
                assert rewriter.high == last_high + 1  # continuous across the change
        last_high = max(last_high, rewriter.high)
    by_number: dict[int, bytes] = {}
    for data in sink.sent:
        number = sequence_of(data)[1]
        assert by_number.setdefault(number, data) == data
    assert len(by_number) == len(sink.sent)


@given(st.lists(st.sampled_from(["media", "padding"]), min_size=1, max_size=200))
def test_in_order_without_loss_there_is_never_a_gap(kinds: list[str]) -> None:
    sink = Sink()
    for index, kind in enumerate(kinds):
        if kind == "media":
            sink.fanout.write("a", packet(70000 + index, index, vp8(index)), 0.0, 0)
        elif sink.fanout.rewriter.source == "a":
            sink.fanout.rewriter.skip(70000 + index)
    numbers = sink.numbers()
    assert all((after - before) & 0xFFFF == 1 for before, after in pairwise(numbers))
