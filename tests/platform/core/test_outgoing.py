"""The guarded way out: to the address that was judged, within size and time, and nowhere else."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from comity.core.addresses import RefusedAddress
from comity.core.outgoing import Answer, Outgoing, Unreachable

HERE = Outgoing(loopback=True, seconds=2.0, most=10_000)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def _server(*pieces: bytes, hold: float = 0.0) -> Iterator[tuple[int, list[bytes]]]:
    """Answers one connection with these pieces. hold: seconds between them. Yields its port and what it was sent."""
    heard: list[bytes] = []
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)

        def serve() -> None:
            connection = None
            while connection is None and not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _address = listening.accept()
            if connection is None:
                return
            with connection, contextlib.suppress(OSError):
                heard.append(connection.recv(65536))
                for piece in pieces:
                    connection.sendall(piece)
                    stop.wait(hold)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], heard
        finally:
            stop.set()
            thread.join(5)


def test_an_answer_comes_whole() -> None:
    with _server(_OK + b'Content-Length: 9\r\n\r\n{"a": 1}\n') as (port, heard):
        answer = HERE.get(f"http://127.0.0.1:{port}/x", {"X-Own": "1"})
    assert (answer.status, answer.json_object()) == (200, {"a": 1})
    assert heard[0].startswith(b"GET /x HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}".encode() in heard[0]
    assert b"X-Own: 1" in heard[0]


def test_the_name_is_resolved_once_and_the_connection_goes_where_it_was_judged() -> None:
    asked: list[str] = []

    def names(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with _server(_OK + b"Content-Length: 2\r\n\r\n{}") as (port, heard):
        assert Outgoing(loopback=True, resolve=names).get(f"http://localhost:{port}/").json_object() == {}
    assert asked == ["localhost"]
    assert f"Host: localhost:{port}".encode() in heard[0]


@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:10.0.0.1"], ["169.254.169.254"]])
def test_a_name_with_one_address_that_is_not_public_is_refused(found: list[str]) -> None:
    with pytest.raises(RefusedAddress):
        Outgoing(resolve=lambda _host, _port: found).get("https://idp.example/")


def test_this_machine_is_refused_where_it_is_not_switched_on() -> None:
    with _server() as (port, heard):
        for url in (f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/"):
            with pytest.raises(RefusedAddress):
                Outgoing().get(url)
        with pytest.raises(RefusedAddress):
            Outgoing(resolve=lambda _host, _port: ["127.0.0.1"]).get(f"https://idp.example:{port}/")
    assert heard == []


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary", b"308 Permanent"])
def test_no_redirect_is_followed(status: bytes) -> None:
    with (
        _server(b"HTTP/1.1 " + status + b"\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") as (port, _),
        pytest.raises(Unreachable, match="redirect"),
    ):
        HERE.send("POST", f"http://127.0.0.1:{port}/")


def test_too_much_is_not_read() -> None:
    with (
        _server(_OK + b"\r\n", *[b"x" * 5000] * 10) as (port, _),
        pytest.raises(Unreachable, match="too large"),
    ):
        HERE.get(f"http://127.0.0.1:{port}/")


def test_compression_is_not_taken() -> None:
    with (
        _server(_OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx") as (port, heard),
        pytest.raises(Unreachable, match="compressed"),
    ):
        HERE.get(f"http://127.0.0.1:{port}/")
    assert b"Accept-Encoding: identity" in heard[0]


@pytest.mark.parametrize("head", [b"H", _OK])
def test_a_drip_ends_with_the_time_of_the_exchange(head: bytes) -> None:
    begun = time.monotonic()
    with (
        _server(head, *[b"X: y\r\n"] * 60, hold=0.1) as (port, _),
        pytest.raises(Unreachable),
    ):
        Outgoing(loopback=True, seconds=0.5).get(f"http://127.0.0.1:{port}/")
    assert time.monotonic() - begun < 3


def test_what_does_not_answer_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable):
        HERE.get(f"http://127.0.0.1:{port}/")
    with pytest.raises(Unreachable, match="resolve"):
        Outgoing(resolve=lambda _host, _port: []).get("https://idp.example/")
    with _server(b"SSH-2.0-server\r\n") as (port, _), pytest.raises(Unreachable):
        HERE.get(f"http://127.0.0.1:{port}/")


def test_another_status_is_no_answer_to_get_and_one_to_send() -> None:
    refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}"
    with _server(refusal) as (port, _), pytest.raises(Unreachable, match="400"):
        HERE.get(f"http://127.0.0.1:{port}/")
    with _server(refusal) as (port, _):
        assert HERE.send("POST", f"http://127.0.0.1:{port}/", body=b"x").status == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_no_answer(body: bytes) -> None:
    with pytest.raises(Unreachable):
        Answer(200, {}, body).json_object()


def test_tls_is_verified_for_the_name() -> None:
    with _server(b"") as (port, heard), pytest.raises(Unreachable):
        HERE.get(f"https://localhost:{port}/")
    assert heard[0][:1] == b"\x16", "a TLS handshake (RFC 8446, 5.1)"
    assert b"localhost" in heard[0], "the name, not the address"
