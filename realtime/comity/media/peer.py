"""One participant's connection: ICE, DTLS, media both ways and data channels, negotiated by the client's offers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from dataclasses import dataclass
from typing import Any, Protocol

from . import rtcp, sdp
from .answer import INACTIVE, Local, Reply, acceptable, build_answer
from .data import DataChannels
from .downlink import Downlink, DownTrack, Wire
from .dtls import DtlsTransport, fingerprint
from .forward import Format
from .icelite import IceMux
from .rtp import ABS_SEND_TIME, AUDIO_LEVEL, BadPacket, parse
from .uplink import Uplink, UpTrack

log = logging.getLogger("comity.media")

CONNECT_TIMEOUT = 60.0  # seconds for ICE and DTLS together
SEND_TIME_UNIT = 1 << 18  # abs-send-time counts 2^-18 seconds, 24 bits of it


class PeerOwner(Protocol):
    """The participant, as its connection sees it."""

    def publish(self, section: sdp.Section, track: UpTrack) -> bool:
        """A new section would send media. False: nothing was announced for it, or it is not allowed."""

    def unpublished(self, track: UpTrack) -> None:
        """A section no longer sends."""

    def receive_data(self, reliable: bool, message: bytes) -> None:
        """A data channel message came."""

    def transport_failed(self, reason: str) -> None:
        """The connection cannot be used any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """A published track that others subscribe to."""

    participant_sid: str
    track_sid: str
    track: UpTrack


@dataclass(slots=True)
class Subscription:
    """A source on its way to a section of this client (down is None), or on one."""

    source: Source
    down: DownTrack | None = None
    enabled: bool = True
    layer: int = 2


class Peer:
    """The transport of one participant and everything on it.

    mux: the server's socket. certificate: the server's. owner: is told what happens.
    """

    def __init__(self, mux: IceMux, certificate: Any, owner: PeerOwner) -> None:
        self._owner, self._certificate = owner, certificate
        self.ice = mux.create()
        self._dtls = DtlsTransport(self.ice, certificate, self._on_rtp, self._on_rtcp)
        self._channels = DataChannels(self._dtls, owner.receive_data)
        self.uplink = Uplink(self._send_rtcp)
        self.downlink = Downlink(Wire(self._dtls.send_rtp, self._send_rtcp))
        self.subscriptions: dict[str, Subscription] = {}  # by track sid
        self._meanings = [0] * 256
        self._remote_ufrag = ""
        self._session_id, self._version = secrets.randbits(60), 0
        self._idle = {"audio": 0, "video": 0}  # sections the client opened for us that carry nothing
        self._requested = {"audio": 0, "video": 0}  # sections asked for since its last offer
        self._task: asyncio.Task[None] | None = None
        self.open = self.closed = False
        self.unclaimed = False  # the last offer had a section that would send what nobody announced
        self.malformed = 0
        self.loss_up = 0.0

    # -- negotiation -------------------------------------------------------------------------------------------------

    @property
    def negotiated(self) -> bool:
        """Whether the client has made an offer yet."""
        return bool(self._remote_ufrag)

    def negotiate(self, text: str) -> tuple[str, dict[str, str]]:
        """Answer an offer. Returns the answer, and the track sid by mid of what is sent. Raises BadOffer."""
        offer = sdp.parse_offer(text)
        self._note_transport(offer)
        self._meanings = offer.extension_meanings()
        self._idle = {"audio": 0, "video": 0}
        self._requested = {"audio": 0, "video": 0}
        self.unclaimed = False
        usable = {section.mid: section for section in offer.sections if acceptable(section)}
        self._drop_gone(usable)
        replies = {mid: self._reply(section) for mid, section in usable.items() if section.kind != "application"}
        self._version += 1
        local = Local(
            self.ice.ufrag,
            self.ice.password,
            fingerprint(self._certificate),
            self.ice.mux.candidates(),
            self._session_id,
            self._version,
        )
        sids = {s.down.mid: sid for sid, s in self.subscriptions.items() if s.down is not None}
        return build_answer(offer, replies, local), sids

    def _note_transport(self, offer: sdp.Offer) -> None:
        if not self._remote_ufrag:
            self._task = asyncio.create_task(self._run(list(offer.fingerprints), offer.sctp_port))
        elif offer.ufrag != self._remote_ufrag:
            self.ice.new_credentials()
            log.info("client restarts ICE")
        self._remote_ufrag = offer.ufrag

    def _drop_gone(self, usable: dict[str, sdp.Section]) -> None:
        for mid in list(self.uplink.tracks):
            section = usable.get(mid)
            if section is None or not section.sends:
                track = self.uplink.remove(mid)
                if track is not None:
                    self._owner.unpublished(track)
        for subscription in self.subscriptions.values():
            if subscription.down is not None:
                section = usable.get(subscription.down.mid)
                if section is None or section.direction != "recvonly":
                    self.downlink.remove(subscription.down.mid)
                    subscription.down = None  # it waits for another section

    def _reply(self, section: sdp.Section) -> Reply:
        if section.sends:
            if self._published(section):
                return Reply("recvonly")
            self.unclaimed = True
            return INACTIVE
        if section.direction != "recvonly":
            return INACTIVE
        subscription = self._subscription_for(section)
        if subscription is None:
            self._idle[section.kind] += 1
            return INACTIVE
        source = subscription.source
        stream = (f"{source.participant_sid}|{source.track_sid}", source.track_sid)
        return Reply("sendonly", stream, source.track.ssrc, source.track.repair_ssrc)

    def _published(self, section: sdp.Section) -> bool:
        if section.mid in self.uplink.tracks:
            return True
        if section.payload_type is None:
            return False
        track = UpTrack(section, section.payload_type, section.repair_type)
        if not self._owner.publish(section, track):
            return False
        self.uplink.add(section, track)
        return True

    def _subscription_for(self, section: sdp.Section) -> Subscription | None:
        """What this section carries: what it did before, or the first that waits for a section of its kind."""
        known = [s for s in self.subscriptions.values() if s.down is not None and s.down.mid == section.mid]
        if known:
            return known[0]
        waiting = [s for s in self.subscriptions.values() if s.down is None and s.source.track.kind == section.kind]
        if not waiting or section.payload_type is None:
            return None
        subscription = waiting[0]
        extensions = section.accepted_extensions
        wanted = Format(section.payload_type, extensions.get(ABS_SEND_TIME, 0), extensions.get(AUDIO_LEVEL, 0))
        down = self.downlink.add(section.mid, subscription.source.track, wanted, section.repair_type)
        down.enabled, down.wanted_layer = subscription.enabled, subscription.layer
        subscription.down = down
        self.downlink.refresh(down, time.monotonic())
        return subscription

    def sections_needed(self) -> tuple[int, int] | None:
        """Audio and video sections to ask the client for; None when nothing waits for a section."""
        waiting = [s.source.track.kind for s in self.subscriptions.values() if s.down is None]
        if not waiting or not self.negotiated:
            return None
        needed = {}
        for kind in self._idle:
            needed[kind] = max(0, waiting.count(kind) - self._idle[kind] - self._requested[kind])
            self._requested[kind] += needed[kind]
        return needed["audio"], needed["video"]

    # -- subscriptions -----------------------------------------------------------------------------------------------

    def subscribe(self, source: Source) -> None:
        """Send this source as soon as the client has a section for it."""
        self.subscriptions.setdefault(source.track_sid, Subscription(source))

    def unsubscribe(self, track_sid: str) -> None:
        """Send this source no more."""
        subscription = self.subscriptions.pop(track_sid, None)
        if subscription is not None and subscription.down is not None:
            self.downlink.remove(subscription.down.mid)
            self._idle[subscription.source.track.kind] += 1

    def prefer(self, track_sid: str, enabled: bool, layer: int) -> None:
        """The subscriber's wish for one track: whether it wants it now, and its best layer."""
        subscription = self.subscriptions.get(track_sid)
        if subscription is None:
            return
        subscription.enabled, subscription.layer = enabled, layer
        if subscription.down is not None:
            now = time.monotonic()
            subscription.down.enabled, subscription.down.wanted_layer = enabled, layer
            self.downlink.refresh(subscription.down, now)
            subscription.down.retarget(now)

    # -- transport ---------------------------------------------------------------------------------------------------

    async def _run(self, fingerprints: list[tuple[str, str]], sctp_port: int | None) -> None:
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self.ice.connected.wait()
                await self._dtls.connect(fingerprints)
            self.open = True
            if sctp_port is not None:
                await self._channels.start(sctp_port)
            self.downlink.set_open(True, time.monotonic())
        except (ConnectionError, TimeoutError) as error:
            self._owner.transport_failed(str(error) or "no connection in time")
        except Exception:
            log.exception("handshake failed")
            self._owner.transport_failed("handshake failed")

    def _on_rtp(self, data: bytes, size: int) -> None:
        try:
            packet = parse(data, self._meanings)
        except BadPacket:
            self.malformed += 1
            return
        self.uplink.receive(packet, size, time.monotonic(), int(time.time() * SEND_TIME_UNIT) & 0xFFFFFF)

    def _on_rtcp(self, data: bytes) -> None:
        now = time.monotonic()
        for count, packet_type, packet in rtcp.split(data):
            if packet_type == rtcp.SENDER_REPORT:
                self.uplink.receive_report(packet, now)
            self.downlink.receive_feedback(count, packet_type, packet, now)

    def _send_rtcp(self, packet: bytes) -> None:
        if self.open:
            self._dtls.send_rtcp(packet)

    def send_data(self, reliable: bool, message: bytes) -> None:
        """Send on a data channel, when it is open."""
        if not self._channels.send(reliable, message):
            self._owner.transport_failed("data channel backlog")

    def tick(self, now: float) -> None:
        """Work of every 50 ms."""
        if self.open:
            self.uplink.feedback(now)
            self.downlink.tick(now)

    def second(self, now: float) -> None:
        """Work of every second."""
        if self.open:
            blocks = self.uplink.report(now)
            worst = max((block.fraction_lost for block in blocks), default=0) / 256
            self.loss_up += (worst - self.loss_up) * 0.5
            self.downlink.allocate(now)

    async def close(self) -> None:
        """Stop everything; subscriptions of others to our tracks are the owner's business."""
        if self.closed:
            return
        self.closed = True
        self.downlink.set_open(False, time.monotonic())
        self.open = False
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        with contextlib.suppress(ConnectionError):  # the other side may be gone already
            await self._channels.stop()
            await self._dtls.stop()
        self.ice.close()
