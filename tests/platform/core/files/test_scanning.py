"""Scanning by clamd's protocol, over TCP and over a Unix socket: fails closed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from comity.core.files.kinds import Unacceptable
from comity.core.files.scanning import Clamd, NoScanner, ScannerDown, scanner_of
from tests.platform.core.files.clamd import clamd

PIECES = [b"a" * 70_000, b"", b"b" * 70_000, b"c"]


def test_a_clean_content_passes_and_is_seen_as_a_whole() -> None:
    with clamd() as server:
        Clamd(server.url).look("a.pdf", PIECES)
        assert server.seen == [b"".join(PIECES)]


def test_malware_is_refused_by_its_name() -> None:
    with clamd() as server, pytest.raises(Unacceptable) as refused:
        Clamd(server.url).look("a.pdf", [b"x VIR", b"US x"])
    assert refused.value.parameters == {"name": "a.pdf", "found": "Test.Virus"}


def test_a_unix_socket_does_as_well(tmp_path: Path) -> None:
    with clamd(str(tmp_path / "clamd.sock")) as server:
        Clamd(server.url).look("a.pdf", PIECES)
        with pytest.raises(Unacceptable):
            Clamd(server.url).look("a.pdf", [b"VIRUS"])


@pytest.mark.parametrize("answer", [b"stream: x ERROR\0", b"nonsense\0", b"stream: OK and more\0", b"\0", b"\xff\0"])
def test_what_is_no_verdict_lets_nothing_through(answer: bytes) -> None:
    with clamd() as server:
        server.answer = answer
        with pytest.raises(ScannerDown):
            Clamd(server.url).look("a.pdf", [b"x"])


def test_beyond_the_scanners_limit_nothing_passes() -> None:
    with clamd() as server:
        server.limit = 100_000
        with pytest.raises(ScannerDown):
            Clamd(server.url).look("a.pdf", [b"a" * 65_536] * 300)


def test_no_scanner_there_lets_nothing_through(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    for url in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path / 'nothing.sock'}"):
        with pytest.raises(ScannerDown):
            Clamd(url).look("a.pdf", [b"x"])


def test_a_scanner_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ScannerDown):
        Clamd(f"tcp://127.0.0.1:{silent.getsockname()[1]}", seconds=0.2).look("a.pdf", [b"x"])


def test_the_setting_decides() -> None:
    assert isinstance(scanner_of(None), NoScanner)
    assert isinstance(scanner_of("unix:///run/clamd.sock"), Clamd)
