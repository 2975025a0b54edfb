"""A real media server in a thread of the test's process, on ports of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from comity.media.server import MediaServer
from comity.media.settings import MediaSettings
from comity.rooms.tokens import MediaKey

KEY = MediaKey("comity-test", "a secret of at least thirty-two characters")


@dataclass(frozen=True, slots=True)
class Running:
    """url: as browsers and RoomService use it."""

    url: str
    media: MediaKey


@contextmanager
def media_server(media: MediaKey = KEY, webhook_url: str | None = None) -> Iterator[Running]:
    """The server, stopped at the end; what it still has to report is reported before."""
    settings = MediaSettings(key=media.key, secret=media.secret, http_port=0, webhook_url=webhook_url)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="media-server")
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(MediaServer.start(settings), loop).result(20)
        try:
            yield Running(f"ws://127.0.0.1:{server.http_port}", media)
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()
