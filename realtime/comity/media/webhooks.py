"""Events of rooms, posted to the web application in order, each signed (LiveKit's webhooks)."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import aiohttp
from google.protobuf.json_format import MessageToJson
from livekit.protocol import webhook

from .participant import new_sid
from .settings import MediaSettings
from .tokens import sign_body

log = logging.getLogger("comity.media")

BACKLOG = 1000
TIMEOUT = aiohttp.ClientTimeout(total=5)
RETRY_DELAYS = (0.5, 2.0, 5.0)  # seconds


class Webhooks:
    """A queue of events and the task that posts them."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self.dropped = 0

    def notify(self, event: str, **details: Any) -> None:
        """Queue an event; details are the room, participant and track it is about. Never waits."""
        if self._settings.webhook_url is None:
            return
        message = webhook.WebhookEvent(event=event, id=new_sid("EV_"), created_at=int(time.time()), **details)
        try:
            self._queue.put_nowait(MessageToJson(message).encode())
        except asyncio.QueueFull:
            self.dropped += 1

    async def run(self) -> None:
        """Post what is queued, for ever."""
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                body = await self._queue.get()
                try:
                    await self._deliver(session, body)
                finally:
                    self._queue.task_done()

    async def drain(self, seconds: float) -> None:
        """Wait until everything queued has been posted or given up, at most `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            log.warning("webhook events left undelivered")

    async def _deliver(self, session: aiohttp.ClientSession, body: bytes) -> None:
        for delay in (*RETRY_DELAYS, None):
            if await self._post(session, body):
                return
            if delay is not None:
                await asyncio.sleep(delay)
        self.dropped += 1
        log.warning("webhook event given up")

    async def _post(self, session: aiohttp.ClientSession, body: bytes) -> bool:
        """Post once. True: taken, or refused in a way that another try would not change."""
        settings = self._settings
        headers = {
            "Authorization": sign_body(body, settings.key, settings.secret, time.time()),
            "Content-Type": "application/webhook+json",
        }
        try:
            async with session.post(str(settings.webhook_url), data=body, headers=headers) as response:
                return response.status < 500
        except (aiohttp.ClientError, TimeoutError) as error:
            log.debug("webhook not delivered: %s", type(error).__name__)
            return False
