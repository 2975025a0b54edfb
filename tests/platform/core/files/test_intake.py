"""What comes in is measured, judged, scanned and sealed; what is refused leaves nothing; memory stays bounded."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.core.errors import ComityError
from comity.core.files import stream
from comity.core.files.intake import Intake, TooLarge
from comity.core.files.kinds import Unacceptable
from comity.core.files.scanning import NoScanner, ScannerDown, scanner_of
from comity.core.files.store import Store, new_id
from comity.core.keys import Cipher
from tests.platform.core.files.clamd import clamd
from tests.platform.core.files.samples import EXE, PDF, PNG

CIPHER, PLACE = Cipher(bytes(32)), ("x",)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((tmp_path / "files").as_uri())


def receive(store: Store, name: str, *content: bytes, most: int = 1_000_000, scanner: str | None = None) -> str:
    file_id = new_id()
    received = Intake(store, scanner_of(scanner), most).receive(CIPHER, PLACE, file_id, name, content)
    assert (received.name, received.size) == (name, sum(map(len, content)))
    with store.reading(file_id) as source:
        assert b"".join(stream.unseal(CIPHER, PLACE, source, received.size)) == b"".join(content)
    return file_id


def test_a_file_is_taken_in_and_sealed(store: Store, tmp_path: Path) -> None:
    receive(store, "a.pdf", PDF[:3], PDF[3:], b"x" * 200_000)
    at_rest = next(path for path in tmp_path.rglob("*") if path.is_file()).read_bytes()
    assert b"%PDF" not in at_rest
    assert b"xxxxxxxx" not in at_rest


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", [PNG], Unacceptable), ("a.exe", [b"x"], Unacceptable), ("a.pdf", [EXE], Unacceptable),
        ("a.pdf", [], Unacceptable), ("a.pdf", [b"", b""], Unacceptable), ("a.pdf", [PDF, b"x" * 1_000_000], TooLarge),
        ("a.txt", [b"x" * 1_000_001], TooLarge),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(store: Store, name: str, content: list[bytes], why: type[ComityError]) -> None:
    with pytest.raises(why):
        receive(store, name, *content)
    assert store.ids() == set()


def test_the_largest_is_taken(store: Store) -> None:
    receive(store, "a.txt", b"x" * 1_000_000)
    assert len(store.ids()) == 1


def test_nothing_is_read_beyond_the_limit(store: Store) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 10_000

    with pytest.raises(TooLarge):
        Intake(store, NoScanner(), 1_000_000).receive(CIPHER, PLACE, new_id(), "a.txt", endless())
    assert taken == 101


def test_the_scanner_sees_what_came_and_decides(store: Store) -> None:
    with clamd() as server:
        receive(store, "a.txt", b"harmless", scanner=server.url)
        assert server.seen == [b"harmless"]
        with pytest.raises(Unacceptable, match=r"Test\.Virus"):
            receive(store, "b.txt", b"a VIRUS", scanner=server.url)
        server.answer = b"busy\0"
        with pytest.raises(ScannerDown):
            receive(store, "c.txt", b"harmless", scanner=server.url)
    assert len(store.ids()) == 1


_LARGE = """
import json, resource, sys
from comity.core.files import stream
from comity.core.files.intake import Intake
from comity.core.files.scanning import NoScanner
from comity.core.files.store import Store, new_id
from comity.core.keys import Cipher
store, cipher, file_id = Store(sys.argv[1]), Cipher(bytes(32)), new_id()
def mib(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
Intake(store, NoScanner(), 10**9).receive(cipher, (), file_id, "small.txt", [b"x" * 200_000])
before = mib()
content = (b"x" * 65_536 for _ in range(200 * 16))
received = Intake(store, NoScanner(), 10**9).receive(cipher, (), file_id, "large.txt", content)
with store.reading(file_id) as source:
    read = sum(map(len, stream.unseal(cipher, (), source, received.size)))
print(json.dumps([received.size, read, mib() - before]))
"""


def test_200_mib_go_through_a_few_mib_of_memory(store: Store, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _LARGE, (tmp_path / "files").as_uri()]
    size, read, grown = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=150).stdout)
    assert size == read == 200 * 2**20
    assert grown < 16
