"""RTCP on bytes: reports, negative acknowledgements, picture loss, transport-wide feedback. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SENDER_REPORT = 200  # RFC 3550, section 6.4.1
RECEIVER_REPORT = 201  # RFC 3550, section 6.4.2
TRANSPORT_FEEDBACK = 205  # RFC 4585, section 6.2
PAYLOAD_FEEDBACK = 206  # RFC 4585, section 6.3
FMT_NACK = 1  # RFC 4585, section 6.2.1
FMT_TRANSPORT_CC = 15  # draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1
FMT_PLI = 1  # RFC 4585, section 6.3.1
FMT_FIR = 4  # RFC 5104, section 4.3.1
FMT_APPLICATION = 15  # draft-alvestrand-rmcat-remb-03, section 2.2
MAX_REPORTS = 31

_HEADER = struct.Struct("!BBH")
_TWO_WORDS = struct.Struct("!LL")
_REPORT = struct.Struct("!LLLLLL")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """One reception report (RFC 3550, section 6.4.1). fraction_lost is in 256ths; dlsr in 65536ths of a second."""

    ssrc: int
    fraction_lost: int
    packets_lost: int
    highest_sequence: int
    jitter: int
    lsr: int
    dlsr: int


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """The sender part of a sender report: NTP time (64 bits, as sent), RTP time, counts."""

    ssrc: int
    ntp: int
    rtp_time: int
    packets: int
    octets: int


def split(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (count or format, packet type, whole packet) of a compound packet, up to the first that does not parse."""
    position, size = 0, len(data)
    while position + 4 <= size:
        first, packet_type, words = _HEADER.unpack_from(data, position)
        end = position + 4 + words * 4
        if first >> 6 != 2 or end > size:
            return
        yield first & 31, packet_type, data[position:end]
        position = end


def picture_loss(sender_ssrc: int, media_ssrc: int) -> bytes:
    """A picture loss indication: please send a key frame."""
    return struct.pack("!BBHLL", 0x80 | FMT_PLI, PAYLOAD_FEEDBACK, 2, sender_ssrc, media_ssrc)


def nack(sender_ssrc: int, media_ssrc: int, lost: Iterable[int]) -> bytes:
    """Ask again for the 16-bit sequence numbers in `lost` (RFC 4585, section 6.2.1)."""
    numbers = sorted({number & 0xFFFF for number in lost})
    items = b""
    index = 0
    while index < len(numbers):
        first, mask = numbers[index], 0
        index += 1
        while index < len(numbers) and numbers[index] - first <= 16:
            mask |= 1 << (numbers[index] - first - 1)
            index += 1
        items += struct.pack("!HH", first, mask)
    header = struct.pack("!BBHLL", 0x80 | FMT_NACK, TRANSPORT_FEEDBACK, 2 + len(items) // 4, sender_ssrc, media_ssrc)
    return header + items


def nacked(packet: bytes) -> tuple[int, list[int]]:
    """The media SSRC and sequence numbers a NACK packet asks for. Raises ValueError when too short."""
    if len(packet) < 16:
        raise ValueError("NACK without an item")
    (media_ssrc,) = struct.unpack_from("!L", packet, 8)
    numbers = []
    for position in range(12, len(packet) - 3, 4):
        first, mask = struct.unpack_from("!HH", packet, position)
        numbers.append(first)
        numbers.extend((first + bit + 1) & 0xFFFF for bit in range(16) if (mask >> bit) & 1)
    return media_ssrc, numbers


def keyframe_requests(fmt: int, packet: bytes) -> list[int]:
    """The media SSRCs for which a PLI or FIR asks a key frame; empty for other payload feedback."""
    if fmt == FMT_PLI and len(packet) >= 12:
        return [struct.unpack_from("!L", packet, 8)[0]]
    if fmt == FMT_FIR:
        return [struct.unpack_from("!L", packet, position)[0] for position in range(12, len(packet) - 7, 8)]
    return []


def remb(packet: bytes) -> int | None:
    """The receiver's bandwidth estimate in bits per second, or None when this is no REMB packet."""
    if len(packet) < 20 or packet[12:16] != b"REMB":
        return None
    exponent, mantissa = packet[17] >> 2, (packet[17] & 3) << 16 | packet[18] << 8 | packet[19]
    return mantissa << exponent


def receiver_report(sender_ssrc: int, blocks: list[ReportBlock]) -> bytes:
    """A receiver report of at most 31 blocks. Raises ValueError for more."""
    if len(blocks) > MAX_REPORTS:
        raise ValueError("a receiver report holds 31 blocks")
    data = struct.pack("!BBHL", 0x80 | len(blocks), RECEIVER_REPORT, 1 + 6 * len(blocks), sender_ssrc)
    for block in blocks:
        lost = max(-0x800000, min(block.packets_lost, 0x7FFFFF)) & 0xFFFFFF
        data += _REPORT.pack(
            block.ssrc,
            (block.fraction_lost & 255) << 24 | lost,
            block.highest_sequence & 0xFFFFFFFF,
            block.jitter & 0xFFFFFFFF,
            block.lsr & 0xFFFFFFFF,
            block.dlsr & 0xFFFFFFFF,
        )
    return data


def report_blocks(count: int, packet_type: int, packet: bytes) -> list[ReportBlock]:
    """The reception reports in a sender or receiver report; cut short when the packet is."""
    start = 28 if packet_type == SENDER_REPORT else 8
    blocks = []
    for index in range(count):
        position = start + 24 * index
        if position + 24 > len(packet):
            break
        ssrc, loss, highest, jitter, lsr, dlsr = _REPORT.unpack_from(packet, position)
        lost = loss & 0xFFFFFF
        blocks.append(
            ReportBlock(ssrc, loss >> 24, lost - 0x1000000 if lost & 0x800000 else lost, highest, jitter, lsr, dlsr)
        )
    return blocks


def sender_info(packet: bytes) -> SenderInfo:
    """The sender part of a sender report. Raises ValueError when too short."""
    if len(packet) < 28:
        raise ValueError("short sender report")
    return SenderInfo(*struct.unpack_from("!LQLLL", packet, 4))


def sender_report(info: SenderInfo) -> bytes:
    """A sender report without reception blocks."""
    return struct.pack(
        "!BBHLQLLL",
        0x80,
        SENDER_REPORT,
        6,
        info.ssrc,
        info.ntp,
        info.rtp_time & 0xFFFFFFFF,
        info.packets & 0xFFFFFFFF,
        info.octets & 0xFFFFFFFF,
    )
