"""What one participant receives from us: its subscriptions, and its feedback about them. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import rtcp
from .bandwidth import Budget, Demand
from .forward import Fanout, Format
from .limits import KEYFRAME_BURST, KEYFRAMES_PER_SECOND, MessageBudget
from .receive import ReceiveStream
from .resend import ResendLimit
from .rtp import Packet, wrap_retransmission
from .uplink import UpTrack

Send = Callable[[bytes], None]

HIGHEST = 2
CONFIRM_INTERVAL = 0.5  # seconds between key frame requests until the receiver reports about a new stream


@dataclass(frozen=True, slots=True)
class Wire:
    """How to reach a subscriber: encrypt and send an RTP or an RTCP packet."""

    rtp: Send
    rtcp: Send


class DownTrack:
    """One subscription, on one media section of the subscriber.

    mid: of the subscriber's section. repair_type: payload type of retransmissions, None to resend as it was.
    `enabled` is the subscriber's wish, `attached` whether packets flow.
    """

    def __init__(self, mid: str, track: UpTrack, wanted: Format, repair_type: int | None, wire: Wire) -> None:
        self.mid, self.track, self.format, self._repair_type, self._wire = mid, track, wanted, repair_type, wire
        self.enabled, self.attached = True, False
        self.wanted_layer = self.layer = HIGHEST  # what the subscriber asks for, what the budget gives
        self.confirmed = False  # the receiver has reported about the stream
        self.target = next(iter(track.streams.values()))  # the layer that should be sent
        self._fanout: Fanout | None = None
        self._asked_at = 0.0
        self.keyframe_budget = MessageBudget(KEYFRAMES_PER_SECOND, KEYFRAME_BURST)
        self._resends = ResendLimit()
        self._repair_sequence = random.getrandbits(15)  # no secret: identifiers of streams  # nosec B311
        self.resent = 0
        self._octets_before, self.bitrate, self._measured_at = 0, 0.0, -1.0

    def attach(self, now: float) -> None:
        """Let packets flow; continues the numbering if they did before."""
        if self.attached:
            return
        self.attached = True
        if self._fanout is None:
            self._fanout = self._first_fanout()
        elif not self.track.simulcast:
            rewriter = self.track.new_rewriter()
            rewriter.resume_after(self._fanout.rewriter)
            self._fanout = self.track.add_fanout(self.format, rewriter)
        self._fanout.receivers.append(self._wire.rtp)
        self.track.receivers.append(self)
        self.retarget(now)
        self.ask_keyframe(now)

    def _first_fanout(self) -> Fanout:
        if self.track.simulcast:  # layers change per subscriber, so nothing is shared
            return Fanout(self.track.ssrc, self.format, self.track.new_rewriter(), True)
        return self.track.fanout(self.format)

    def detach(self) -> None:
        """Let no more packets flow."""
        if not self.attached or self._fanout is None:
            return
        self.attached = False
        self.track.receivers.remove(self)
        fanout = self._fanout
        fanout.receivers.remove(self._wire.rtp)
        if self.track.simulcast:
            fanout.rewriter.source = None  # whatever comes next is a new beginning
        elif not fanout.receivers:
            self.track.fanouts.remove(fanout)
        else:  # it runs on without us: keep our end of it
            rewriter = self.track.new_rewriter()
            rewriter.resume_after(fanout.rewriter)
            self._fanout = Fanout(self.track.ssrc, self.format, rewriter, False)

    def write(self, stream: ReceiveStream, packet: Packet, now: float, send_time: int) -> None:
        """Take a packet of any layer; only those of the present layer, or the start of the target, go out."""
        fanout = self._fanout
        if fanout is None or (stream.run is not fanout.rewriter.source and stream is not self.target):
            return
        if not fanout.write(stream.run, packet, now, send_time):
            self.track.ask_keyframe(stream, now)

    def skip(self, stream: ReceiveStream, sequence: int) -> None:
        """A packet of this layer carries nothing but padding."""
        if self._fanout is not None and self._fanout.rewriter.source is stream.run:
            self._fanout.rewriter.skip(sequence)

    def retarget(self, now: float) -> None:
        """Choose the layer to send: the best that is active and allowed, else the lowest."""
        if not self.track.simulcast:
            return
        active = self.track.active(now)
        limit = min(self.wanted_layer, self.layer)
        allowed = [stream for stream in active if self.track.rids.index(stream.rid) <= limit]
        before = self.target
        self.target = (allowed or active[:1] or [before])[-1]
        if self.target is not before and self.attached:
            self.ask_keyframe(now)

    def report(self, stream: ReceiveStream, info: rtcp.SenderInfo) -> None:
        """Pass a publisher's sender report on, if it is about what this subscription receives."""
        own = self._fanout.report(stream.run, info) if self._fanout is not None else None
        if own is not None:
            self._wire.rtcp(rtcp.sender_report(own))

    def ask_keyframe(self, now: float) -> None:
        """Ask the publisher for a key frame of the layer this subscription should get."""
        if self.track.video:
            self._asked_at = now
            self.track.ask_keyframe(self.target, now)

    def resend(self, numbers: Iterable[int], now: float) -> None:
        """Answer a NACK: as retransmission with an SSRC of its own, else with the very bytes sent before."""
        if self._fanout is None or not self.attached:
            return
        for number in numbers:
            packet = self._fanout.sent(number)
            if packet is None or not self._resends.allow(number, now):
                continue
            self.resent += 1
            if self._repair_type is None:
                self._wire.rtp(packet)
                continue
            self._repair_sequence = (self._repair_sequence + 1) & 0xFFFF
            self._wire.rtp(
                wrap_retransmission(packet, self._repair_type, self.track.repair_ssrc, self._repair_sequence)
            )

    def tick(self, now: float) -> None:
        """Work of every 50 ms: follow the publisher's layers, repeat the first key frame request until confirmed."""
        if not self.track.video or not self.attached:
            return
        self.retarget(now)
        if not self.confirmed and now - self._asked_at >= CONFIRM_INTERVAL:
            self.ask_keyframe(now)

    def measure(self, now: float) -> None:
        """Update the bitrate sent; call it about once a second."""
        octets = self._fanout.octets if self._fanout is not None and self.attached else 0
        if self._measured_at >= 0 and now > self._measured_at:
            self.bitrate = max(0, octets - self._octets_before) * 8 / (now - self._measured_at)
        self._octets_before, self._measured_at = octets, now


class Downlink:
    """All that one connection sends, by media section. `open` follows the transport."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.tracks: dict[str, DownTrack] = {}
        self._by_ssrc: dict[int, DownTrack] = {}
        self.budget = Budget()
        self.open = False

    def add(self, mid: str, track: UpTrack, wanted: Format, repair_type: int | None) -> DownTrack:
        """Subscribe this section to a track."""
        down = DownTrack(mid, track, wanted, repair_type, self._wire)
        self.tracks[mid] = down
        self._by_ssrc[track.ssrc] = down
        return down

    def remove(self, mid: str) -> None:
        """End the subscription on this section."""
        down = self.tracks.pop(mid, None)
        if down is not None:
            down.detach()
            if self._by_ssrc.get(down.track.ssrc) is down:
                del self._by_ssrc[down.track.ssrc]

    def refresh(self, down: DownTrack, now: float) -> None:
        """Attach or detach according to the transport and the subscriber's wish."""
        if self.open and down.enabled:
            down.attach(now)
        else:
            down.detach()

    def set_open(self, value: bool, now: float) -> None:
        """The transport came up or went down."""
        self.open = value
        for down in self.tracks.values():
            self.refresh(down, now)

    def receive_feedback(self, count: int, packet_type: int, packet: bytes, now: float) -> None:
        """Act on one RTCP packet from the subscriber; what does not parse is ignored."""
        if packet_type == rtcp.PAYLOAD_FEEDBACK:
            for ssrc in rtcp.keyframe_requests(count, packet):
                down = self._by_ssrc.get(ssrc)
                if down is not None and down.keyframe_budget.take(now):
                    down.ask_keyframe(now)
            estimate = rtcp.remb(packet) if count == rtcp.FMT_APPLICATION else None
            if estimate is not None:
                self.budget.note_remb(estimate, self.bitrate, now)
        elif packet_type == rtcp.TRANSPORT_FEEDBACK and count == rtcp.FMT_NACK:
            try:
                ssrc, numbers = rtcp.nacked(packet)
            except ValueError:
                return
            if down := self._by_ssrc.get(ssrc):
                down.resend(numbers, now)
        elif packet_type in (rtcp.SENDER_REPORT, rtcp.RECEIVER_REPORT):
            self._note_reports(rtcp.report_blocks(count, packet_type, packet), now)

    def _note_reports(self, blocks: list[rtcp.ReportBlock], now: float) -> None:
        worst = -1
        for block in blocks:
            if down := self._by_ssrc.get(block.ssrc):
                down.confirmed = True
                if down.attached:
                    worst = max(worst, block.fraction_lost)
        if worst >= 0:
            self.budget.note_loss(worst / 256, self.bitrate, now)

    @property
    def bitrate(self) -> float:
        """What is sent at present, bits per second."""
        return sum(down.bitrate for down in self.tracks.values())

    def tick(self, now: float) -> None:
        """Work of every 50 ms."""
        for down in self.tracks.values():
            down.tick(now)

    def allocate(self, now: float) -> None:
        """Share the budget among the subscriptions; call it about once a second."""
        layered = []
        fixed = 0.0
        for down in self.tracks.values():
            down.measure(now)
            if down.attached and down.track.simulcast:
                layered.append(down)
            else:
                fixed += down.bitrate
        demands = [Demand(_bitrates(down, now), down.wanted_layer) for down in layered]
        for down, layer in zip(layered, self.budget.allocate(demands, fixed, now), strict=True):
            down.layer = layer
            down.retarget(now)


def _bitrates(down: DownTrack, now: float) -> list[float]:
    """Bitrates by layer; one that is switched off at present costs what the one below it does."""
    active = {stream.rid for stream in down.track.active(now)}
    rates: list[float] = []
    for rid in down.track.rids:
        rates.append(down.track.streams[rid].bitrate if rid in active else (rates[-1] if rates else 0.0))
    return rates
