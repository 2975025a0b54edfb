"""A network that can be cut: a SOCKS5 proxy (RFC 1928) on the loopback address, for one browser window."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from typing import Any


class Network:
    """Carries connections until it is cut, and again once it is mended.

    `cut` is the cable that is pulled at this end: connections end, new ones fail. `hush` is the link that dies further
    away: nobody is told anything, and what is under way is held back, to arrive late.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._cut = False
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._ending = asyncio.Event()
        self.port = 0
        self.carried = 0
        """Bytes that went through, to see that a window really uses this network."""

    @property
    def proxy(self) -> dict[str, str]:
        """For Playwright's `new_context(proxy=...)`."""
        return {"server": f"socks5://127.0.0.1:{self.port}"}

    def cut(self) -> None:
        """End all connections, and refuse new ones."""
        self._call(self._set(cut=True, flowing=True))

    def hush(self) -> None:
        """Carry nothing more, and say nothing of it."""
        self._call(self._set(cut=False, flowing=False))

    def mend(self) -> None:
        """Carry everything again, what was held back too."""
        self._call(self._set(cut=False, flowing=True))

    def stop(self) -> None:
        """End everything. Browsers may still be knocking."""
        self._loop.call_soon_threadsafe(self._ending.set)

    def run(self, ready: threading.Event) -> None:
        """Serve until it is stopped; in a thread of its own."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._ending.wait()
        server.close()
        await asyncio.sleep(0)  # those that were accepted a moment ago get their task
        await self._set(cut=True, flowing=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _set(self, *, cut: bool, flowing: bool) -> None:
        self._cut = cut
        if flowing:
            self._flowing.set()
        else:
            self._flowing.clear()
        for writer in list(self._open) if cut else ():
            writer.transport.abort()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._connect(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _version, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        host, port = await _wanted(reader)
        await self._flowing.wait()
        if self._cut:
            return
        far_reader, far_writer = await asyncio.open_connection(host, port)
        self._open.add(far_writer)
        try:
            writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._open.discard(far_writer)
            far_writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while block := await reader.read(65536):
                await self._flowing.wait()
                self.carried += len(block)
                writer.write(block)
                await writer.drain()
        await self._flowing.wait()
        with contextlib.suppress(OSError):
            writer.close()


async def _wanted(reader: asyncio.StreamReader) -> tuple[str, int]:
    """The address of a CONNECT request (RFC 1928, 4)."""
    _version, _command, _reserved, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = ".".join(str(octet) for octet in await reader.readexactly(4))
    return host, int.from_bytes(await reader.readexactly(2), "big")


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
