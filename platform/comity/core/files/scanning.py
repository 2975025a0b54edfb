"""A look for malware by clamd, where one is configured: its INSTREAM command (clamd(8)).

Fails closed: what could not be looked at is not taken.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterable
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from comity.core.errors import ComityError
from comity.core.files.kinds import Unacceptable
from comity.core.i18n import N_

log = logging.getLogger("comity.files")

_SECONDS = 60.0
_MOST_ANSWER = 4096


class ScannerDown(ComityError):
    """The scanner did not answer, or not with a verdict."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "scanner-down"
    message = N_("Files cannot be checked for malware at the moment. Please try again in a few minutes.")

    def __init__(self) -> None:
        super().__init__(field="files")


INFECTED = N_("“%(name)s” was not taken: it contains malware (%(found)s).")


class Scanner(Protocol):
    """Looks at a content."""

    def look(self, name: str, content: Iterable[bytes]) -> None:
        """Raises Unacceptable for malware, ScannerDown where nothing is known. name: for the message."""


class NoScanner:
    """Where none is configured."""

    def look(self, name: str, content: Iterable[bytes]) -> None:
        return None


class Clamd:
    """url: `unix:///PATH` or `tcp://HOST:PORT`."""

    def __init__(self, url: str, *, seconds: float = _SECONDS) -> None:
        self._parts, self._seconds = urlsplit(url), seconds

    def look(self, name: str, content: Iterable[bytes]) -> None:
        try:
            answer = self._ask(content)
        except OSError as error:
            log.error("clamd does not answer: %s", error)
            raise ScannerDown from None
        if answer == "stream: OK":
            return
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            found = answer.removeprefix("stream: ").removesuffix(" FOUND")
            raise Unacceptable(INFECTED, name=name, found=found)
        log.error("clamd gave no verdict: %s", answer[:200])
        raise ScannerDown

    def _ask(self, content: Iterable[bytes]) -> str:
        with self._connected() as connection:
            try:
                connection.sendall(b"zINSTREAM\0")
                for piece in content:
                    if piece:  # an empty one would end the stream
                        connection.sendall(struct.pack(">I", len(piece)) + piece)
                connection.sendall(struct.pack(">I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # over its limit clamd says so and hangs up: the answer tells
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _MOST_ANSWER:
                piece = connection.recv(_MOST_ANSWER)
                if not piece:
                    break
                answer += piece
        return answer.rstrip(b"\0\n").decode(errors="replace")

    def _connected(self) -> socket.socket:
        if self._parts.scheme == "tcp":
            host, port = self._parts.hostname or "", self._parts.port or 3310
            return socket.create_connection((host, port), timeout=self._seconds)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self._seconds)
        try:
            connection.connect(self._parts.path)
        except OSError:
            connection.close()
            raise
        return connection


def scanner_of(url: str | None) -> Scanner:
    """The scanner that the setting names."""
    return Clamd(url) if url else NoScanner()
