"""A room: who is in it, who receives what from whom."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from livekit.protocol import models, rtc

from .access import check_participant, may_publish_source
from .errors import AccessDenied
from .participant import Participant, Track, new_sid
from .sdp import Section
from .speakers import SpeakerBoard
from .uplink import UpTrack

log = logging.getLogger("comity.media")

# what a client may put into a data packet; the rest only the server says
CLIENT_DATA = frozenset(
    {
        "user",
        "chat_message",
        "transcription",
        "sip_dtmf",
        "metrics",
        "rpc_request",
        "rpc_ack",
        "rpc_response",
        "stream_header",
        "stream_chunk",
        "stream_trailer",
        "encrypted_packet",
    }
)
Notify = Callable[..., None]


class Room:
    """A named meeting place. It exists while someone is in it, and a little longer.

    notify: posts a webhook event. now: seconds since 1970.
    """

    def __init__(self, name: str, notify: Notify, now: float) -> None:
        self.name, self._notify, self.created = name, notify, now
        self.sid = new_sid("RM_")
        self.metadata = ""
        self.max_participants = 0  # 0: the server's limit
        self.empty_timeout: float | None = None  # None: the server's setting
        self.departure_timeout: float | None = None
        self.participants: dict[str, Participant] = {}  # by identity
        self.empty_since: float | None = now
        self.ever_joined = False
        self.board = SpeakerBoard()

    def info(self) -> models.Room:
        """The room as clients and the API see it."""
        return models.Room(
            sid=self.sid,
            name=self.name,
            metadata=self.metadata,
            creation_time=int(self.created),
            creation_time_ms=int(self.created * 1000),
            max_participants=self.max_participants,
            empty_timeout=int(self.empty_timeout or 0),
            departure_timeout=int(self.departure_timeout or 0),
            num_participants=len(self.participants),
            num_publishers=sum(bool(p.tracks) for p in self.participants.values()),
        )

    def notify(self, event: str, participant: Participant | None = None, track: Track | None = None) -> None:
        """Post a webhook event about this room."""
        details: dict[str, Any] = {"room": self.info()}
        if participant is not None:
            details["participant"] = participant.info()
        if track is not None:
            details["track"] = track.info
        self._notify(event, **details)

    def send_all(self, besides: Participant | None = None, **message: Any) -> None:
        """Send a signal message to everyone."""
        for participant in list(self.participants.values()):
            if participant is not besides:
                participant.send(**message)

    def announce(self, participant: Participant, besides: Participant | None = None) -> None:
        """Tell everyone how a participant is now."""
        self.send_all(besides, update=rtc.ParticipantUpdate(participants=[participant.info()]))

    def tracks(self) -> list[Track]:
        """Everything published here."""
        return [track for participant in self.participants.values() for track in participant.tracks.values()]

    # -- publishing --------------------------------------------------------------------------------------------------

    def publish(self, participant: Participant, section: Section, up: UpTrack) -> bool:
        """A participant's new section would send media: attach it to the track announced for it."""
        cid = section.msid.split()[-1] if section.msid else ""
        track = participant.take_pending(cid, section.kind)
        if track is None or not may_publish_source(participant.permission, track.info.source):
            log.info("%s: nothing it may publish was announced for section %s", participant.sid, section.mid)
            return False
        track.up, track.info.mid = up, section.mid
        track.info.simulcast = bool(section.rids)
        for codec in track.info.codecs:
            codec.mid = section.mid
        up.on_level = track.meter.note
        participant.tracks[track.sid] = track
        participant.changed()
        self.notify("track_published", participant, track)
        return True

    def unpublish(self, participant: Participant, track: Track) -> None:
        """A track ends: by its publisher, or because it may no longer be published."""
        if participant.tracks.pop(track.sid, None) is None:
            return
        up, track.up = track.up, None
        if up is not None and participant.peer is not None:
            participant.peer.uplink.remove(up.mid)
        participant.changed()
        self.announce(participant)
        participant.send(track_unpublished=rtc.TrackUnpublishedResponse(track_sid=track.sid))
        self.sync_all()
        self.notify("track_unpublished", participant, track)

    def unpublish_forbidden(self, participant: Participant) -> None:
        """End what a changed permission no longer allows."""
        for track in list(participant.tracks.values()):
            if not may_publish_source(participant.permission, track.info.source):
                self.unpublish(participant, track)
        for cid, track in list(participant.pending.items()):
            if not may_publish_source(participant.permission, track.info.source):
                del participant.pending[cid]

    # -- subscribing -------------------------------------------------------------------------------------------------

    def sync(self, subscriber: Participant) -> None:
        """Bring what a participant receives in line with what there is, what it wants and what it may have."""
        peer = subscriber.peer
        if peer is None or subscriber.closed:
            return
        wanted = {
            track.sid: track
            for track in self.tracks()
            if track.owner is not subscriber
            and track.up is not None
            and subscriber.wants(track)
            and track.owner.admits(subscriber, track)
        }
        ended = [sid for sid in peer.subscriptions if sid not in wanted]
        for sid in ended:
            peer.unsubscribe(sid)
        for sid, track in wanted.items():
            source = track.source()
            if sid not in peer.subscriptions and source is not None:
                peer.subscribe(source)
                track.owner.send(track_subscribed=rtc.TrackSubscribed(track_sid=sid))
        self.request_sections(subscriber, bool(ended))

    def request_sections(self, subscriber: Participant, changed: bool = False) -> None:
        """Ask a client for a new offer when something waits for a section, or when one should close."""
        peer = subscriber.peer
        if peer is None or not peer.negotiated:
            return
        needed = peer.sections_needed() or ((0, 0) if changed else None)
        if needed is not None:
            requirement = rtc.MediaSectionsRequirement(num_audios=needed[0], num_videos=needed[1])
            subscriber.send(media_sections_requirement=requirement)

    def sync_all(self) -> None:
        """Bring everyone's subscriptions in line."""
        for participant in list(self.participants.values()):
            self.sync(participant)

    def set_audience(self, publisher: Participant, audience: rtc.SubscriptionPermission) -> None:
        """A publisher says who may subscribe to its tracks."""
        before = {
            (p.sid, t.sid): publisher.admits(p, t)
            for p in self.participants.values()
            for t in publisher.tracks.values()
        }
        publisher.audience = audience
        for participant in self.participants.values():
            for track in publisher.tracks.values():
                allowed = publisher.admits(participant, track)
                if participant is not publisher and before[participant.sid, track.sid] != allowed:
                    participant.send(
                        subscription_permission_update=rtc.SubscriptionPermissionUpdate(
                            participant_sid=publisher.sid, track_sid=track.sid, allowed=allowed
                        )
                    )
        self.sync_all()

    # -- data --------------------------------------------------------------------------------------------------------

    def route_data(self, sender: Participant, reliable: bool, message: bytes) -> None:
        """Pass a data packet on, under its sender's true name and once."""
        if not sender.data_budget.take(time.monotonic()):
            return
        try:
            check_participant("data:reliable" if reliable else "data:lossy", sender.permission)
            packet = models.DataPacket.FromString(message)
        except (AccessDenied, ValueError):
            return
        if packet.WhichOneof("value") not in CLIENT_DATA:
            return
        if reliable and packet.sequence:
            if packet.sequence <= sender.last_sequence:
                return  # sent again after a resume
            sender.last_sequence = packet.sequence
        packet.participant_sid, packet.participant_identity = sender.sid, sender.identity
        wanted = set(packet.destination_identities)
        if packet.HasField("user"):
            packet.user.participant_sid, packet.user.participant_identity = sender.sid, sender.identity
            wanted |= set(packet.user.destination_identities)
        self.deliver_data(reliable, packet, wanted, besides=sender)

    def deliver_data(
        self, reliable: bool, packet: models.DataPacket, wanted: set[str], besides: Participant | None = None
    ) -> None:
        """Send a data packet to these identities, to everyone when the set is empty."""
        message = packet.SerializeToString()
        for participant in list(self.participants.values()):
            if participant is not besides and participant.peer and (not wanted or participant.identity in wanted):
                participant.peer.send_data(reliable, message)

    # -- speakers ----------------------------------------------------------------------------------------------------

    def update_speakers(self, now: float) -> None:
        """Tell everyone who began or stopped to speak. now: monotonic seconds."""
        levels = {}
        for participant in self.participants.values():
            meters = [t.meter for t in participant.tracks.values() if t.kind == "audio" and not t.info.muted]
            if meters:
                levels[participant.sid] = max(meter.read(now) for meter in meters)
        changes = self.board.update(levels)
        if changes:
            speakers = [models.SpeakerInfo(sid=c.sid, level=c.level, active=c.active) for c in changes]
            self.send_all(speakers_changed=rtc.SpeakersChanged(speakers=speakers))
