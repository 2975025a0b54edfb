"""One signalling WebSocket: what is sent goes out in order, and a slow client is cut off rather than waited for."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from livekit.protocol import rtc

log = logging.getLogger("comity.media")

BACKLOG = 1000  # messages
SEND_TIMEOUT = 10.0  # seconds


class SignalSocket:
    """The sending side of a WebSocket."""

    def __init__(self, websocket: web.WebSocketResponse) -> None:
        self._websocket = websocket
        self._queue: asyncio.Queue[rtc.SignalResponse | None] = asyncio.Queue(BACKLOG)
        self._task = asyncio.get_running_loop().create_task(self._write())
        self._closing = False

    def send(self, response: rtc.SignalResponse) -> None:
        """Queue a message; a socket with too many of them is closed, its client will resume."""
        if self._closing:
            return
        try:
            self._queue.put_nowait(response)
        except asyncio.QueueFull:
            log.warning("signal backlog of a slow client, socket closed")
            self._closing = True
            self._task.cancel()

    def close(self) -> None:
        """Close once what is queued has gone."""
        if not self._closing:
            self._closing = True
            if self._queue.full():
                self._queue.get_nowait()
            self._queue.put_nowait(None)

    async def wait_closed(self) -> None:
        """Wait until everything has been sent and the socket is closed."""
        await asyncio.wait([self._task])

    async def _write(self) -> None:
        try:
            while (response := await self._queue.get()) is not None:
                async with asyncio.timeout(SEND_TIMEOUT):
                    await self._websocket.send_bytes(response.SerializeToString())
        except (ConnectionError, TimeoutError, RuntimeError):
            log.debug("signal socket lost while sending")
        finally:
            self._closing = True
            await self._websocket.close()
