"""A participant of a room: who it is, what it may, what it publishes, and its signalling socket."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from livekit.protocol import models, rtc

from .limits import DATA_BURST, DATA_PER_SECOND, MessageBudget
from .peer import Peer, Source
from .speakers import LevelMeter
from .tokens import Claims
from .uplink import UpTrack

MAX_METADATA = 16_384  # characters
MAX_ATTRIBUTES = 64
MAX_NAME = 256


def new_sid(prefix: str) -> str:
    """An identifier in LiveKit's form: PA_ for participants, TR_ for tracks, RM_ for rooms."""
    return prefix + secrets.token_hex(8)


class Socket(Protocol):
    """Where signal messages go."""

    def send(self, response: rtc.SignalResponse) -> None:
        """Queue a message."""

    def close(self) -> None:
        """Close once what is queued has gone."""


class Track:
    """A track that its publisher has announced; `up` is its media once that is negotiated."""

    def __init__(self, owner: Participant, request: rtc.AddTrackRequest) -> None:
        self.owner, self.cid = owner, request.cid
        video = request.type == models.TrackType.VIDEO
        self.kind = "video" if video else "audio"
        mime_type = "video/VP8" if video else "audio/opus"
        self.info = models.TrackInfo(
            sid=new_sid("TR_"),
            type=request.type,
            name=request.name[:MAX_NAME],
            muted=request.muted,
            width=request.width,
            height=request.height,
            disable_dtx=request.disable_dtx,
            source=request.source,
            stereo=request.stereo,
            disable_red=True,
            encryption=request.encryption,
            stream=request.stream[:MAX_NAME],
            mime_type=mime_type,
            layers=request.layers[:3],
            audio_features=request.audio_features,
        )
        if video:  # clients refuse a video track that names no codec
            self.info.codecs.append(
                models.SimulcastCodecInfo(mime_type=mime_type, cid=request.cid, layers=request.layers[:3])
            )
        self.meter = LevelMeter()
        self.up: UpTrack | None = None
        self.qualities_best = 2  # the best layer last asked of the publisher, -1 for none
        self.qualities_since = 0.0  # when that was last wanted

    @property
    def sid(self) -> str:
        """The track's identifier."""
        return self.info.sid

    def source(self) -> Source | None:
        """What others subscribe to, once there is media."""
        return Source(self.owner.sid, self.sid, self.up) if self.up is not None else None

    def layer_for(self, width: int, quality: int) -> int:
        """The best layer a subscriber needs: the smallest at least as wide as its picture, else by named quality."""
        widths = sorted(layer.width for layer in self.info.layers if layer.width)
        if width and widths:
            return min(sum(one < width for one in widths), len(widths) - 1)
        return max(0, min(int(quality), 2))


class Participant:
    """One identity in a room. Changes that others should see go through `changed`."""

    def __init__(self, claims: Claims, socket: Socket, auto_subscribe: bool, now: float) -> None:
        grants = claims.grants
        self.claims, self.identity, self.name = claims, claims.identity, claims.name
        self.sid, self.joined_at = new_sid("PA_"), now
        self.metadata, self.attributes = claims.metadata, dict(claims.attributes)
        self.permission = models.ParticipantPermission(
            can_subscribe=grants.can_subscribe,
            can_publish=grants.can_publish,
            can_publish_data=grants.can_publish_data,
            can_update_metadata=grants.can_update_own_metadata,
        )
        self.permission.can_publish_sources.extend(sorted(grants.publish_sources))  # type: ignore[arg-type]  # numbers
        self.socket: Socket | None = socket
        self.auto_subscribe = auto_subscribe
        self.state = models.ParticipantInfo.State.JOINED
        self.version = 1
        self.tracks: dict[str, Track] = {}  # published, by sid
        self.pending: dict[str, Track] = {}  # announced, by client id
        self.refused: set[str] = set()  # track sids this participant does not want
        self.wanted: set[str] = set()  # those it asked for, when it does not subscribe to all
        self.audience: rtc.SubscriptionPermission | None = None  # who may subscribe to its tracks; None: everyone
        self.peer: Peer | None = None
        self.last_sequence = 0  # of reliable data
        self.data_budget = MessageBudget(DATA_PER_SECOND, DATA_BURST)
        self.closed = False
        self.signal_lost_at: float | None = None
        self.reason = models.DisconnectReason.UNKNOWN_REASON

    def info(self) -> models.ParticipantInfo:
        """What everyone in the room may know."""
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            name=self.name,
            state=self.state,
            metadata=self.metadata,
            attributes=self.attributes,
            joined_at=int(self.joined_at),
            joined_at_ms=int(self.joined_at * 1000),
            version=self.version,
            permission=self.permission,
            is_publisher=bool(self.tracks),
            tracks=[track.info for track in self.tracks.values()],
            disconnect_reason=self.reason,
            kind=models.ParticipantInfo.Kind.STANDARD,
        )

    def changed(self) -> None:
        """Raise the version; clients ignore an update that does not."""
        self.version += 1

    def send(self, **message: Any) -> None:
        """Send a signal message, e.g. `send(pong=...)`; lost without a socket, for a resume repeats the state."""
        if self.socket is not None:
            self.socket.send(rtc.SignalResponse(**message))

    def wants(self, track: Track) -> bool:
        """Whether this participant is to receive a track, as far as it is its own choice."""
        if not self.permission.can_subscribe:
            return False
        return track.sid not in self.refused if self.auto_subscribe else track.sid in self.wanted

    def admits(self, subscriber: Participant, track: Track) -> bool:
        """Whether this participant lets `subscriber` have one of its tracks."""
        audience = self.audience
        if audience is None or audience.all_participants:
            return True
        for row in audience.track_permissions:
            if subscriber.sid == row.participant_sid or subscriber.identity == row.participant_identity:
                return row.all_tracks or track.sid in row.track_sids
        return False

    def find_track(self, sid: str) -> Track | None:
        """One of its tracks, published or announced."""
        return self.tracks.get(sid) or next((track for track in self.pending.values() if track.sid == sid), None)

    def take_pending(self, cid: str, kind: str) -> Track | None:
        """The announced track for a new media section; browsers that rewrite track ids get the first of the kind."""
        track = self.pending.get(cid)
        if track is None or track.kind != kind:
            track = next((one for one in self.pending.values() if one.kind == kind), None)
        if track is not None:
            del self.pending[track.cid]
        return track

    def update_profile(self, name: str, metadata: str, attributes: Mapping[str, str]) -> bool:
        """Take what is not empty; an empty attribute value removes it. False, and nothing changed: too much."""
        merged = {**self.attributes, **attributes}
        merged = {key: value for key, value in merged.items() if value}
        size = sum(len(key) + len(value) for key, value in merged.items())
        if len(name) > MAX_NAME or max(len(metadata), size) > MAX_METADATA or len(merged) > MAX_ATTRIBUTES:
            return False
        self.name, self.metadata, self.attributes = name or self.name, metadata or self.metadata, merged
        return True
