"""A network that can be cut: a SOCKS5 proxy (RFC 1928) on the loopback address, for one browser window."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator


class Network:
    """Carries connections until it is cut; then all end, and new ones fail, until it is mended."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._cut = False
        self.port = 0

    @property
    def proxy(self) -> dict[str, str]:
        """For Playwright's `new_context(proxy=...)`."""
        return {"server": f"socks5://127.0.0.1:{self.port}"}

    def cut(self) -> None:
        """Take the network away."""
        self._call(self._set(True))

    def mend(self) -> None:
        """Give it back."""
        self._call(self._set(False))

    async def _set(self, cut: bool) -> None:
        self._cut = cut
        for writer in list(self._open) if cut else ():
            writer.transport.abort()

    def _call(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            _version, methods = await reader.readexactly(2)
            await reader.readexactly(methods)
            writer.write(b"\x05\x00")
            host, port = await _wanted(reader)
            if self._cut:
                writer.transport.abort()
                return
            far_reader, far_writer = await asyncio.open_connection(host, port)
            self._open.add(far_writer)
            writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
            self._open.discard(far_writer)
        self._open.discard(writer)
        writer.close()

    async def _listen(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()

    def run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.create_task(self._listen(ready))
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def stop(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)


async def _wanted(reader: asyncio.StreamReader) -> tuple[str, int]:
    """The address of a CONNECT request (RFC 1928, 4)."""
    _version, _command, _reserved, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = ".".join(str(octet) for octet in await reader.readexactly(4))
    return host, int.from_bytes(await reader.readexactly(2), "big")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


@contextlib.contextmanager
def cuttable_network() -> Iterator[Network]:
    """A network of one's own for one window."""
    network, ready = Network(), threading.Event()
    thread = threading.Thread(target=network.run, args=(ready,))
    thread.start()
    ready.wait(10)
    try:
        yield network
    finally:
        network.stop()
        thread.join(10)
