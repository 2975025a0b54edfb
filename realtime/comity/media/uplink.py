"""What one participant sends us: its streams by SSRC, feedback to it, the way of each packet to the fanouts. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from . import rtcp
from .feedback import ArrivalRecorder
from .forward import Fanout, Format, Rewriter
from .receive import ReceiveStream
from .rtp import Packet
from .sdp import VIDEO_CLOCK, Section

LAYER_SILENCE = 1.5  # seconds after which a simulcast layer counts as switched off
AUDIO_CLOCK = 48000
MAX_AUDIO_LEVEL = 127


def new_ssrc() -> int:
    """A random synchronisation source, never 0."""
    return random.getrandbits(32) or 1  # no secret: identifiers of streams  # nosec B311


class Receiver(Protocol):
    """A subscription, as the track it hangs on sees it."""

    def write(self, stream: ReceiveStream, packet: Packet, now: float, send_time: int) -> None:
        """Take a packet of any layer."""

    def skip(self, stream: ReceiveStream, sequence: int) -> None:
        """A packet of this layer carries nothing but padding."""

    def report(self, stream: ReceiveStream, info: rtcp.SenderInfo) -> None:
        """Pass a sender report of this layer on."""


class UpTrack:
    """One published media section and the outgoing streams made of it.

    mid: of the publisher's section. rids: simulcast layers from low to high, empty for a single encoding.
    on_level: called with the audio level (-dBov) of each packet that carries one, and the time.
    """

    def __init__(self, section: Section, payload_type: int, repair_type: int | None) -> None:
        self.mid, self.kind, self.rids = section.mid, section.kind, section.rids
        self.payload_type, self.repair_type = payload_type, repair_type
        self.video = section.kind == "video"
        self.clock_rate = VIDEO_CLOCK if self.video else AUDIO_CLOCK
        self.ssrc, self.repair_ssrc = new_ssrc(), new_ssrc()
        self.streams = {rid: ReceiveStream(rid, self.clock_rate, self.video) for rid in (section.rids or ("",))}
        self.fanouts: list[Fanout] = []
        self.receivers: list[Receiver] = []  # each attached subscription
        self.on_level: Callable[[int, float], None] | None = None
        self.uplink: Uplink | None = None  # None once it is no longer published

    @property
    def simulcast(self) -> bool:
        """Whether the publisher sends several layers."""
        return bool(self.rids)

    def new_rewriter(self) -> Rewriter:
        """A rewriter for an outgoing stream of this track."""
        return Rewriter(self.clock_rate, self.video)

    def fanout(self, wanted: Format) -> Fanout:
        """The fanout that those who never paused share, made when first asked for."""
        for fanout in self.fanouts:
            if fanout.format == wanted and not fanout.rewriter.resumed:
                return fanout
        return self.add_fanout(wanted, self.new_rewriter())

    def add_fanout(self, wanted: Format, rewriter: Rewriter) -> Fanout:
        """A fanout of its own, for one receiver that continues where it stopped."""
        fanout = Fanout(self.ssrc, wanted, rewriter, self.video)
        self.fanouts.append(fanout)
        return fanout

    def ask_keyframe(self, stream: ReceiveStream, now: float) -> None:
        """Ask the publisher for a key frame of one of this track's streams."""
        if self.uplink is not None:
            self.uplink.request_keyframe(stream, now)

    def active(self, now: float) -> list[ReceiveStream]:
        """The simulcast layers that carry packets, from low to high."""
        return [s for rid in self.rids if now - (s := self.streams[rid]).last_seen < LAYER_SILENCE]


class Uplink:
    """All that one connection receives.

    send: encrypts and sends one RTCP packet to the publisher.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self.ssrc = new_ssrc()  # names us as sender of feedback
        self.tracks: dict[str, UpTrack] = {}
        self._by_ssrc: dict[int, tuple[UpTrack, ReceiveStream]] = {}
        self._by_repair_ssrc: dict[int, tuple[UpTrack, ReceiveStream]] = {}
        self._arrivals = ArrivalRecorder()
        self.unknown = 0

    def add(self, section: Section, track: UpTrack) -> None:
        """Take a published section in; SSRCs it announces are bound at once (RFC 8843, section 9.2)."""
        self.tracks[track.mid] = track
        track.uplink = self
        if section.ssrcs and not track.simulcast:
            stream = track.streams[""]
            stream.bind(section.ssrcs[0])
            self._by_ssrc[stream.ssrc] = (track, stream)
            repair = section.repairs.get(stream.ssrc)
            if repair:
                self._bind_repair(track, stream, repair)

    def remove(self, mid: str) -> UpTrack | None:
        """Drop a section that is no longer published."""
        track = self.tracks.pop(mid, None)
        if track is not None:
            track.uplink = None
            for stream in track.streams.values():
                self._by_ssrc.pop(stream.ssrc, None)
                self._by_repair_ssrc.pop(stream.repair_ssrc, None)
        return track

    def receive(self, packet: Packet, size: int, now: float, send_time: int) -> None:
        """Take a decrypted packet and forward it. size: octets on the wire. now: monotonic seconds."""
        if packet.transport_sequence is not None:
            self._arrivals.add(packet.transport_sequence, now)
        found = self._by_ssrc.get(packet.ssrc)
        if found is None:
            repaired = self._by_repair_ssrc.get(packet.ssrc) or self._bind(packet)
            if repaired is None:
                self.unknown += 1
                return
            found = repaired
            if packet.ssrc == found[1].repair_ssrc and not _unwrap(packet, found[1]):
                return
        track, stream = found
        sequence = stream.receive(packet.sequence, packet.timestamp, size, now)
        if sequence is None:
            return
        packet.sequence = sequence
        if track.video and len(packet.body) == packet.padded:
            self._skip(track, stream, sequence)
            return
        if packet.level is not None and track.on_level is not None:
            track.on_level(packet.level & MAX_AUDIO_LEVEL, now)
        if track.rids:
            for receiver in track.receivers:
                receiver.write(stream, packet, now, send_time)
            return
        for fanout in track.fanouts:
            if not fanout.write(stream.run, packet, now, send_time):
                self.request_keyframe(stream, now)

    def _skip(self, track: UpTrack, stream: ReceiveStream, sequence: int) -> None:
        if track.rids:
            for receiver in track.receivers:
                receiver.skip(stream, sequence)
        for fanout in track.fanouts:
            if fanout.rewriter.source is stream.run:
                fanout.rewriter.skip(sequence)

    def _bind(self, packet: Packet) -> tuple[UpTrack, ReceiveStream] | None:
        """Find the stream of a new SSRC by MID and RID, for simulcast announces none (RFC 8852, section 3)."""
        track = self.tracks.get(packet.mid.decode("ascii", "replace")) if packet.mid is not None else None
        if track is None:
            return None
        repair = track.repair_type is not None and packet.payload_type == track.repair_type
        name = packet.repaired_rid if repair else packet.rid
        stream = track.streams.get(name.decode("ascii", "replace") if name is not None else "")
        if stream is None:
            return None
        if repair:
            self._bind_repair(track, stream, packet.ssrc)
        elif packet.payload_type == track.payload_type:
            self._by_ssrc.pop(stream.ssrc, None)  # a restarted publisher comes back under another SSRC
            stream.bind(packet.ssrc)
            self._by_ssrc[packet.ssrc] = (track, stream)
        else:
            return None
        return track, stream

    def _bind_repair(self, track: UpTrack, stream: ReceiveStream, ssrc: int) -> None:
        self._by_repair_ssrc.pop(stream.repair_ssrc, None)
        stream.repair_ssrc = ssrc
        self._by_repair_ssrc[ssrc] = (track, stream)

    def receive_report(self, packet: bytes, now: float) -> None:
        """Take a sender report: remember it, and pass it on to whoever receives that stream."""
        try:
            info = rtcp.sender_info(packet)
        except ValueError:
            return
        found = self._by_ssrc.get(info.ssrc)
        if found is None:
            return
        track, stream = found
        stream.note_sender_report(info, now)
        for receiver in track.receivers:
            receiver.report(stream, info)

    def request_keyframe(self, stream: ReceiveStream, now: float) -> None:
        """Ask the publisher for a key frame of this stream, at most twice a second."""
        if stream.ssrc and stream.keyframes.ask(now):
            self._send(rtcp.picture_loss(self.ssrc, stream.ssrc))

    def feedback(self, now: float) -> None:
        """Send what is due every 50 ms: transport-wide feedback, requests for lost packets and key frames."""
        packet = self._arrivals.build(self.ssrc, next(iter(self._by_ssrc), 0))
        if packet is not None:
            self._send(packet)
        for _track, stream in self._by_ssrc.values():
            lost = stream.wanted(now)
            if lost:
                self._send(rtcp.nack(self.ssrc, stream.ssrc, lost))
            if stream.keyframes.due(now):
                self._send(rtcp.picture_loss(self.ssrc, stream.ssrc))

    def report(self, now: float) -> list[rtcp.ReportBlock]:
        """Send the reception reports of the last second and return them."""
        blocks = []
        for _track, stream in self._by_ssrc.values():
            stream.measure(now)
            block = stream.report(now)
            if block is not None:
                blocks.append(block)
        for start in range(0, len(blocks), rtcp.MAX_REPORTS):
            self._send(rtcp.receiver_report(self.ssrc, blocks[start : start + rtcp.MAX_REPORTS]))
        return blocks


def _unwrap(packet: Packet, stream: ReceiveStream) -> bool:
    """Turn a retransmission into the packet it repeats (RFC 4588, section 4). False: padding, or not asked for."""
    if len(packet.body) - packet.padded <= 2:
        return False
    original = packet.body[0] << 8 | packet.body[1]
    if not stream.is_missing(original):
        return False
    packet.sequence, packet.ssrc, packet.body = original, stream.ssrc, packet.body[2:]
    return True
