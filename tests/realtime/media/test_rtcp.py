"""RTCP: what we write is what others read, and any bytes are survived."""

from __future__ import annotations

import struct

import pytest
from aiortc import rtp as aiortc
from hypothesis import given
from hypothesis import strategies as st

from comity.media import rtcp
from comity.media.rtcp import ReportBlock, SenderInfo

U32 = st.integers(0, 0xFFFFFFFF)


@given(st.sets(st.integers(0, 0xFFFF), min_size=1, max_size=60))
def test_a_nack_asks_for_exactly_these(lost: set[int]) -> None:
    packet = rtcp.nack(1, 2, lost)
    media_ssrc, numbers = rtcp.nacked(packet)
    assert media_ssrc == 2
    assert sorted(numbers) == sorted(lost)
    [read] = aiortc.RtcpPacket.parse(packet)
    assert isinstance(read, aiortc.RtcpRtpfbPacket)
    assert (read.fmt, read.ssrc, read.media_ssrc, sorted(read.lost)) == (1, 1, 2, sorted(lost))


@given(
    st.lists(
        st.builds(ReportBlock, U32, st.integers(0, 255), st.integers(-0x800000, 0x7FFFFF), U32, U32, U32, U32),
        max_size=31,
    )
)
def test_receiver_reports_come_back_as_they_were(blocks: list[ReportBlock]) -> None:
    packet = rtcp.receiver_report(9, blocks)
    [(count, packet_type, whole)] = list(rtcp.split(packet))
    assert rtcp.report_blocks(count, packet_type, whole) == blocks
    [read] = aiortc.RtcpPacket.parse(packet)
    assert isinstance(read, aiortc.RtcpRrPacket)
    assert [report.packets_lost for report in read.reports] == [block.packets_lost for block in blocks]


def test_a_report_of_more_than_31_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match="31"):
        rtcp.receiver_report(1, [ReportBlock(1, 0, 0, 0, 0, 0, 0)] * 32)


@given(st.builds(SenderInfo, U32, st.integers(0, (1 << 64) - 1), U32, U32, U32))
def test_sender_reports_come_back_as_they_were(info: SenderInfo) -> None:
    assert rtcp.sender_info(rtcp.sender_report(info)) == info


def test_reads_key_frame_requests_of_both_kinds() -> None:
    [(fmt, packet_type, pli)] = list(rtcp.split(rtcp.picture_loss(1, 77)))
    assert packet_type == rtcp.PAYLOAD_FEEDBACK
    assert rtcp.keyframe_requests(fmt, pli) == [77]
    fir = struct.pack("!BBHLLLLLL", 0x84, 206, 6, 1, 0, 78, 0, 79, 0)
    assert rtcp.keyframe_requests(4, fir) == [78, 79]
    assert rtcp.keyframe_requests(2, fir) == []


def test_reads_the_estimate_of_a_receiver() -> None:
    packet = bytes(aiortc.RtcpPsfbPacket(15, 1, 0, aiortc.pack_remb_fci(1_500_000, [5])))
    assert rtcp.remb(packet) == 1_500_000
    assert rtcp.remb(rtcp.picture_loss(1, 2)) is None


def test_splits_compounds_and_stops_at_nonsense() -> None:
    good = rtcp.picture_loss(1, 2)
    assert len(list(rtcp.split(good + good))) == 2
    assert len(list(rtcp.split(good + b"\x00\x00\x00\x00"))) == 1
    assert len(list(rtcp.split(good + good[:-1]))) == 1


@given(st.binary(max_size=120))
def test_any_bytes_are_survived(data: bytes) -> None:
    for count, packet_type, packet in rtcp.split(data):
        assert len(packet) >= 4
        rtcp.report_blocks(count, packet_type, packet)
        rtcp.keyframe_requests(count, packet)
        rtcp.remb(packet)
        for read in (rtcp.nacked, rtcp.sender_info):
            try:
                read(packet)
            except ValueError:
                assert len(packet) < 28
