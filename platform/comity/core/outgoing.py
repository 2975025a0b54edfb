"""The one way for outgoing HTTP to addresses that people configure.

A name is resolved once and the connection goes to the address that was judged (`addresses.py`): a second answer of the
name server changes nothing. No redirect is followed, no proxy of the environment used; size and time are bounded.
"""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpcore

from comity.core.addresses import IPAddress, RefusedAddress, as_address, checked_url, may_connect

SECONDS = 10.0
"""For the whole of one exchange, from the name to the last byte."""

MOST_BYTES = 512 * 1024

Resolve = Callable[[str, int], list[str]]


class Unreachable(Exception):
    """No usable answer came. The text says why and holds nothing that was sent or received."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. headers: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Unreachable for anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreachable("the answer is no JSON") from None
        if not isinstance(found, dict):
            raise Unreachable("the answer is no JSON object")
        return found


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("the name does not resolve") from None
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Fetches from addresses that people configured.

    loopback: whether this machine itself may be reached, and by http: for demonstration and tests. seconds: for a whole
    exchange. most: bytes of an answer's body. resolve: names to addresses. tls: who is trusted; the system's list when
    absent.
    """

    loopback: bool = False
    seconds: float = SECONDS
    most: int = MOST_BYTES
    resolve: Resolve = resolve
    tls: ssl.SSLContext | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch what must be there. Raises RefusedAddress, Unreachable for any status but 200."""
        answer = self.send("GET", url, headers)
        if answer.status != HTTPStatus.OK:
            raise Unreachable(f"answered with status {answer.status}")
        return answer

    def send(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """One exchange, whatever its status but a redirect. Raises RefusedAddress, Unreachable."""
        checked_url(url, loopback=self.loopback)
        deadline = time.monotonic() + self.seconds
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Comity", **(headers or {})}
        backend = _Backend(self, deadline)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls(), network_backend=backend, retries=0) as pool,
                pool.stream(method, url, headers=list(sent.items()), content=body) as response,
            ):
                return self._whole(response)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as problem:
            raise Unreachable(f"no answer ({type(problem).__name__})") from None

    def addresses(self, host: str, port: int) -> list[IPAddress]:
        """Where a connection may go. Raises RefusedAddress if any address of the name is not to be reached."""
        literal = as_address(host)
        found = [literal] if literal is not None else [as_address(each) for each in self.resolve(host, port)]
        known = [address for address in found if address is not None]
        if not known:
            raise Unreachable("the name does not resolve")
        if not all(may_connect(address, loopback=self.loopback) for address in known):
            raise RefusedAddress("the address is not a public one")
        return known

    def _whole(self, response: httpcore.Response) -> Answer:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if 300 <= response.status < 400:
            raise Unreachable("answered with a redirect, which is not followed")
        if headers.get("content-encoding", "identity") != "identity":
            raise Unreachable("the answer is compressed, which was not asked for")
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > self.most:
                raise Unreachable("the answer is too large")
        return Answer(response.status, headers, bytes(body))

    def _tls(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()


class _Backend(httpcore.SyncBackend):
    """Connects to judged addresses alone, within the time of the exchange."""

    def __init__(self, outgoing: Outgoing, deadline: float) -> None:
        self._outgoing, self._deadline = outgoing, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = Unreachable("the name does not resolve")
        for address in self._outgoing.addresses(host, port):
            try:
                stream = super().connect_tcp(str(address), port, _left(self._deadline), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Stream(stream, self._deadline)
        raise problem


class _Stream(httpcore.NetworkStream):
    """A connection whose every step has what is left of the time: a slow drip ends as a silence does."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    """Seconds left. Raises httpcore's timeout where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time of the exchange is over")
    return left
