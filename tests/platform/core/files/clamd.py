"""A server that speaks clamd's INSTREAM command, for tests: finds what contains `VIRUS`."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    """limit: bytes of a stream that it takes. answer: what it says, whatever comes; a verdict where empty."""

    url: str
    limit: int = 10_000_000
    answer: bytes = b""
    seen: list[bytes] = field(default_factory=list)


@contextmanager
def clamd(path: str | None = None) -> Iterator[Server]:
    """path: of a Unix socket; a TCP port of the loopback address where absent."""
    listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listener.bind(path or ("127.0.0.1", 0))
    listener.listen()
    server = Server(f"unix://{path}" if path else f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    thread = threading.Thread(target=_serve, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _serve(listener: socket.socket, server: Server) -> None:
    while True:
        try:
            connection = listener.accept()[0]
        except OSError:
            return
        with connection, connection.makefile("rb") as reader:
            connection.sendall(_answer(reader, server))


def _answer(reader: object, server: Server) -> bytes:
    read = reader.read  # type: ignore[attr-defined]
    if read(10) != b"zINSTREAM\0":
        return b"UNKNOWN COMMAND\0"
    content = bytearray()
    while size := struct.unpack(">I", read(4))[0]:
        content += read(size)
        if len(content) > server.limit:
            return b"INSTREAM size limit exceeded. ERROR\0"
    server.seen.append(bytes(content))
    if server.answer:
        return server.answer
    return b"stream: Test.Virus FOUND\0" if b"VIRUS" in content else b"stream: OK\0"
