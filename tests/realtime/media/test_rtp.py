"""RTP parsing: what browsers send, and bytes that are no RTP."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.media.rtp import (
    AUDIO_LEVEL,
    MID,
    REPAIRED_RID,
    RID,
    TRANSPORT_SEQUENCE,
    BadPacket,
    parse,
    renumber_vp8,
    vp8_descriptor,
    wrap_retransmission,
)

from .packets import MEANINGS, payload_of, rtp, sequence_of, vp8


def test_reads_header_and_extensions() -> None:
    extensions = {
        AUDIO_LEVEL: b"\x9e",
        TRANSPORT_SEQUENCE: b"\x12\x34",
        MID: b"3",
        RID: b"q",
        REPAIRED_RID: b"h",
    }
    found = parse(rtp(65535, 7, b"body", ssrc=9, payload_type=0x80 | 111, extensions=extensions), MEANINGS)
    assert (found.sequence, found.timestamp, found.ssrc, found.payload_type) == (65535, 7, 9, 111)
    assert (found.level, found.transport_sequence) == (0x9E, 0x1234)
    assert (found.mid, found.rid, found.repaired_rid, found.body) == (b"3", b"q", b"h", b"body")


def test_reads_two_byte_extensions() -> None:
    block = b"\x04\x0215" + b"\x00" + b"\x03\x02\x00\x07" + b"\x00\x00\x00"
    data = struct.pack("!BBHLL", 0x90, 96, 1, 2, 3) + struct.pack("!HH", 0x1000, len(block) // 4) + block + b"x"
    found = parse(data, MEANINGS)
    assert (found.mid, found.transport_sequence, found.body) == (b"15", 7, b"x")


def test_ignores_extensions_that_were_not_negotiated() -> None:
    assert parse(rtp(1, 2, b"x", extensions={MID: b"3"}), [0] * 256).mid is None


def test_counts_padding() -> None:
    found = parse(rtp(1, 2, b"", padding=200), MEANINGS)
    assert found.padded == len(found.body) == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,
        struct.pack("!BBHLL", 0x90, 96, 1, 2, 3),
        struct.pack("!BBHLLHH", 0x90, 96, 1, 2, 3, 0xBEDE, 4) + bytes(8),
        struct.pack("!BBHLL", 0x8F, 96, 1, 2, 3),
        struct.pack("!BBHLL", 0xA0, 96, 1, 2, 3) + b"\x05",
        struct.pack("!BBHLL", 0xA0, 96, 1, 2, 3) + b"\x00",
    ],
)
def test_refuses_what_is_cut_off(data: bytes) -> None:
    with pytest.raises(BadPacket):
        parse(data, MEANINGS)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_packet_or_refused(data: bytes) -> None:
    try:
        found = parse(data, MEANINGS)
    except BadPacket:
        return
    assert data.endswith(found.body)
    assert found.padded <= len(found.body)


@given(st.binary(max_size=40))
def test_any_payload_has_a_descriptor_within_its_bounds(body: bytes) -> None:
    found = vp8_descriptor(body)
    assert max(found.picture_id_at, found.tl0_at) < len(body)
    assert len(renumber_vp8(body, found, 5, 7)) == len(body)


def test_recognises_key_frames_by_their_first_packet() -> None:
    assert vp8_descriptor(vp8(5, keyframe=True)).keyframe
    assert not vp8_descriptor(vp8(5, keyframe=True, start=False)).keyframe
    assert not vp8_descriptor(vp8(5)).keyframe
    assert vp8_descriptor(b"\x10\x00rest").keyframe  # without any extension


@given(st.integers(0, 0x7FFF), st.integers(-40000, 40000), st.integers(0, 255), st.integers(-300, 300))
def test_renumbers_modulo_the_size_of_each_field(picture: int, offset: int, tl0: int, tl0_offset: int) -> None:
    body = vp8(picture, tl0=tl0)
    changed = renumber_vp8(body, vp8_descriptor(body), offset, tl0_offset)
    assert vp8_descriptor(changed).picture_id == (picture + offset) & 0x7FFF
    assert changed[4] == (tl0 + tl0_offset) & 0xFF
    assert changed[5:] == body[5:]


def test_renumbers_a_seven_bit_picture_id_in_its_place() -> None:
    body = b"\x90\x80\x7f\x01rest"
    changed = renumber_vp8(body, vp8_descriptor(body), 2, 0)
    assert changed == b"\x90\x80\x01\x01rest"


def test_a_retransmission_keeps_all_but_number_and_source() -> None:
    sent = rtp(500, 7, b"body", ssrc=9, payload_type=0x80 | 96, extensions={MID: b"3"})
    again = wrap_retransmission(sent, 97, 10, 65537)
    assert sequence_of(again) == (10, 1)
    assert again[1] == 0x80 | 97
    assert payload_of(again) == struct.pack("!H", 500) + b"body"
    assert parse(again, MEANINGS).mid == b"3"
