"""One peer connection of the load generator: ICE, DTLS-SRTP, what it publishes and what it receives."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence

from tests.benchmarks.media import sdp
from tests.benchmarks.media.dtls import FINGERPRINT, SecureTransport
from tests.benchmarks.media.ice import IceAgent
from tests.benchmarks.media.samples import Samples
from tests.benchmarks.media.sink import Published, Sink
from tests.benchmarks.media.source import Source, Track

TRACKS = 2
"""Each publisher sends sound and picture."""
_REPORT_TICK = 0.1


class Peer:
    """A synthetic participant's connection.

    address: the address of this machine to send from. samples: what to publish. published: what may arrive.
    feedback: whether to take transport-wide sequence numbers and report on them, where the server sends them.
    sink counts what arrives, source is set once something is published.
    """

    def __init__(
        self, address: str, samples: Samples, published: Published, *, controlling: bool, feedback: bool
    ) -> None:
        self._samples, self._feedback = samples, feedback
        self._ice = IceAgent(address, self._media, controlling=controlling)
        self.transport = SecureTransport(self._ice)
        self.sink = Sink(self.transport, published)
        self.source: Source | None = None
        self.audio_ssrc, self.video_ssrc = random.getrandbits(31) | 1, random.getrandbits(31) | 1
        self._ssrc = random.getrandbits(31) | 1
        self._tasks: list[asyncio.Task[None]] = []
        self.connected = False

    def _credentials(self) -> sdp.Credentials:
        ice = self._ice
        return sdp.Credentials(ice.local_ufrag, ice.local_pwd, FINGERPRINT, ice.candidate)

    def offer(self, sections: Sequence[sdp.Wanted], version: int) -> str:
        """An offer of these sections. version: raised with each offer."""
        return sdp.offer(self._credentials(), sections, version, feedback=self._feedback)

    def answer(self, offered: sdp.Description) -> str:
        """The answer to a server's offer of media to receive."""
        return sdp.answer(self._credentials(), offered, feedback=self._feedback)

    def _media(self, datagram: bytes) -> None:
        self.sink.receive(datagram)

    async def connect(self, remote: sdp.Description) -> None:
        """Reach the server. Raises ConnectionError or TimeoutError when it cannot be reached."""
        await self._ice.connect(remote.ufrag, remote.pwd, remote.candidates)
        role = "server" if remote.setup == "active" else "client"
        await self.transport.start(role, remote.fingerprints)
        self.connected = True
        self._tasks.append(asyncio.create_task(self._reports()))

    def receive(self, remote: sdp.Description) -> None:
        """Take over the extension ids under which the server sends."""
        for section in remote.sections:
            identifier = section.extensions.get(sdp.EXTENSIONS[sdp.TRANSPORT])
            if identifier and self._feedback:
                self.sink.transport_extension = identifier

    def publish(self, remote: sdp.Description) -> None:
        """Begin to send, on the sections the server agreed to receive.

        Raises ValueError when it receives no Opus or no VP8.
        """
        accepted = [section for section in remote.sections if section.direction == "recvonly"]
        audio = next((section for section in accepted if section.kind == "audio"), None)
        video = next((section for section in accepted if section.kind == "video"), None)
        opus = audio and audio.payload_type("opus")
        vp8 = video and video.payload_type("VP8")
        if not (audio and video and opus and vp8):
            raise ValueError("the server takes no Opus or no VP8")
        tracks = Track(self.audio_ssrc, opus, audio.extensions), Track(self.video_ssrc, vp8, video.extensions)
        self.source = Source(self.transport, self._samples, *tracks)
        self._tasks.append(asyncio.create_task(self.source.run()))

    async def _reports(self) -> None:
        await asyncio.sleep(random.random() * _REPORT_TICK)
        while True:
            self.sink.report(self._ssrc, time.monotonic())
            await asyncio.sleep(_REPORT_TICK)

    async def close(self) -> None:
        """Stop sending and close the connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.transport.stop()
