"""What is measured: calls of a shape, on either server, through the same few verbs."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from tests.benchmarks.media.comity_client import ComityParticipant, token
from tests.benchmarks.media.janus_client import JanusParticipant, JanusSession, create_room
from tests.benchmarks.media.peer import TRACKS, Peer
from tests.benchmarks.media.samples import Samples
from tests.benchmarks.media.sink import Published


@dataclass(frozen=True, slots=True)
class Scenario:
    """Rooms of one shape. In a mutual one each of `publishers` receives all the others, and `subscribers` is 0."""

    name: str
    rooms: int
    publishers: int
    subscribers: int = 0
    mutual: bool = False

    @property
    def fan_out(self) -> int:
        """How many sinks each published packet goes to."""
        return self.publishers - 1 if self.mutual else self.subscribers

    @property
    def streams(self) -> int:
        """Streams that all sinks receive together."""
        return self.rooms * self.publishers * self.fan_out * TRACKS


SCENARIOS = (
    Scenario("2 publishers to 20 subscribers", rooms=1, publishers=2, subscribers=20),
    Scenario("16 rooms of two", rooms=16, publishers=2, mutual=True),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A server to load. kind: "Janus" or "Comity"; the rest as in `servers.Server`.

    feedback: whether sinks take part in transport-wide congestion control where the server does. Janus numbers each
    packet to a subscriber for it and Comity does not; without it both do the same work.
    """

    kind: str
    url: str
    address: str
    pid: int
    key: str = ""
    secret: str = ""
    feedback: bool = False


class Participant(Protocol):
    """What the two clients have in common. feed: what others name to receive this one."""

    feed: int
    peers: list[Peer]

    async def publish(self) -> None:
        """Begin to send."""

    async def receive(self, feeds: Sequence[int]) -> None:
        """Subscribe to all streams of others, and wait until the subscription stands."""

    async def close(self) -> None:
        """Leave."""


class Room(Protocol):
    """A room of one server."""

    async def join(self, *, receives: bool) -> Participant:
        """Add a participant."""

    async def close(self) -> None:
        """Free what the room holds beside its participants."""


@dataclass(slots=True)
class Load:
    """Participants of one scenario on one server."""

    client: aiohttp.ClientSession
    target: Target
    samples: Samples
    published: Published
    rooms: list[Room] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)

    @property
    def peers(self) -> list[Peer]:
        """All connections."""
        return list(itertools.chain.from_iterable(participant.peers for participant in self.participants))

    async def populate(self, scenario: Scenario) -> None:
        """Open the rooms and let everybody join, publish and subscribe."""
        for _ in range(scenario.rooms):
            room = await self._room()
            self.rooms.append(room)
            publishers = [await self._join(room, receives=scenario.mutual) for _ in range(scenario.publishers)]
            for publisher in publishers:
                await publisher.publish()
            if scenario.mutual:
                for person in publishers:
                    await person.receive([other.feed for other in publishers if other is not person])
            for _ in range(scenario.subscribers):
                subscriber = await self._join(room, receives=True)
                await subscriber.receive([publisher.feed for publisher in publishers])

    async def _join(self, room: Room, *, receives: bool) -> Participant:
        participant = await room.join(receives=receives)
        self.participants.append(participant)
        return participant

    async def _room(self) -> Room:
        if self.target.kind == "Janus":
            return await _JanusRoom.create(self)
        return _ComityRoom(self)

    def peer(self, *, controlling: bool) -> Peer:
        """A connection that is not yet connected."""
        target = self.target
        return Peer(target.address, self.samples, self.published, controlling=controlling, feedback=target.feedback)

    async def close(self) -> None:
        """Everybody leaves."""
        await asyncio.gather(*(participant.close() for participant in self.participants))
        for room in self.rooms:
            await room.close()


class _JanusRoom:
    def __init__(self, load: Load, owner: JanusSession, number: int) -> None:
        self._load, self._owner, self._number = load, owner, number

    @classmethod
    async def create(cls, load: Load) -> _JanusRoom:
        owner, number = await JanusSession.open(load.client, load.target.url), secrets.randbelow(1 << 30) + 1
        await create_room(owner, number)
        return cls(load, owner, number)

    async def join(self, *, receives: bool) -> JanusParticipant:
        session = await JanusSession.open(self._load.client, self._load.target.url)
        return JanusParticipant(session, self._number, self._load.peer)

    async def close(self) -> None:
        await self._owner.close()


class _ComityRoom:
    def __init__(self, load: Load) -> None:
        self._load, self._name = load, f"load-{secrets.token_hex(4)}"

    async def join(self, *, receives: bool) -> ComityParticipant:
        load = self._load
        access = token(load.target.key, load.target.secret, self._name, secrets.token_hex(4))
        peer = load.peer(controlling=True)
        return await ComityParticipant.join(load.client, load.target.url, access, peer, receives=receives)

    async def close(self) -> None:
        """The server ends a room with its last participant."""
