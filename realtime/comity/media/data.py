"""Data channels of one participant: one reliable, one lossy, opened by the client (RFC 8831)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .dtls import DtlsTransport, SctpTransport

LABELS = {"_reliable": True, "_lossy": False}
MAX_MESSAGE = 65536  # octets
LOSSY_BACKLOG = 1 << 20  # octets a slow receiver may lag before lossy messages are dropped
RELIABLE_BACKLOG = 8 << 20  # beyond this the receiver is given up


class DataChannels:
    """The channels over one SCTP association.

    on_message: called with whether it came reliably, and the message.
    """

    def __init__(self, dtls: DtlsTransport, on_message: Callable[[bool, bytes], None]) -> None:
        self._sctp = SctpTransport(dtls)
        self._sctp.on("datachannel", self._opened)
        self._on_message = on_message
        self._channels: dict[bool, Any] = {}
        self._started = False
        self.dropped = 0

    async def start(self, port: int) -> None:
        """Begin the association with the client at this SCTP port."""
        self._started = True
        await self._sctp.begin(port)

    async def stop(self) -> None:
        """End the association."""
        if self._started:
            await self._sctp.stop()

    def _opened(self, channel: Any) -> None:
        reliable = LABELS.get(channel.label)
        if reliable is None:
            return
        self._channels[reliable] = channel

        def received(message: str | bytes) -> None:
            if isinstance(message, bytes) and len(message) <= MAX_MESSAGE:
                self._on_message(reliable, message)

        channel.on("message", received)

    def send(self, reliable: bool, message: bytes) -> bool:
        """Send a message if its channel is open. False: the receiver lags so far behind that it must be given up."""
        channel = self._channels.get(reliable)
        if channel is None or channel.readyState != "open":
            self.dropped += 1
            return True
        if channel.bufferedAmount > (RELIABLE_BACKLOG if reliable else LOSSY_BACKLOG):
            self.dropped += 1
            return not reliable
        channel.send(message)
        return True
