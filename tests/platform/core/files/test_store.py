"""The store: nothing is seen before it is published, nothing stays that nobody names, and what is removed is gone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.core.files.store import ABANDONED, Store, new_id

NOW = datetime.now(UTC)
LATER = NOW + ABANDONED + timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((tmp_path / "files").as_uri())


def paths(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def read(store: Store, file_id: str) -> bytes:
    with store.reading(file_id) as file:
        return file.read()


def test_a_file_comes_and_goes(store: Store, tmp_path: Path) -> None:
    file_id = new_id()
    written = store.write(file_id, [b"ab", b"", b"c"])
    assert (written.sealed_size, written.digest) == (3, hashlib.sha256(b"abc").hexdigest())
    assert [path.parts[-3] for path in paths(tmp_path)] == ["arriving"]
    assert read(store, file_id) == b"abc"
    for _twice in range(2):
        store.publish(file_id)
        assert [path.parts[-3] for path in paths(tmp_path)] == ["kept"]
    assert read(store, file_id) == b"abc"
    for _twice in range(2):
        store.remove(file_id)
        assert paths(tmp_path) == []
    with pytest.raises(FileNotFoundError), store.reading(file_id):
        pass


def test_what_fails_half_way_leaves_nothing(store: Store, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"a" * 100_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.write(new_id(), broken())
    assert paths(tmp_path) == []


@pytest.mark.parametrize("wrong", ["", "..", "../../secrets.json", "a" * 21, "a" * 23, "a" * 21 + "/", "A" * 21 + "."])
def test_what_is_no_id_reaches_nothing(store: Store, wrong: str) -> None:
    with pytest.raises(FileNotFoundError), store.reading(wrong):
        pass
    with pytest.raises(FileNotFoundError):
        store.write(wrong, [b"x"])


def test_the_sweep_takes_what_nobody_names_and_leaves_the_rest(store: Store, tmp_path: Path) -> None:
    named, orphan, cut_off, killed_before_move = (new_id() for _ in range(4))
    for file_id in (named, orphan, cut_off, killed_before_move):
        store.write(file_id, [file_id.encode()])
    store.publish(named)
    store.publish(orphan)

    def by_rows(_ids: object) -> set[str]:
        return {named, killed_before_move}

    assert store.sweep(by_rows, NOW) == 0
    assert store.ids() == {named, orphan, cut_off, killed_before_move}
    assert sum("kept" in path.parts for path in paths(tmp_path)) == 3
    assert store.sweep(by_rows, LATER) == 2
    assert store.ids() == {named, killed_before_move}
    assert {read(store, file_id) for file_id in store.ids()} == {named.encode(), killed_before_move.encode()}


def test_what_is_still_written_to_is_not_swept(store: Store, tmp_path: Path) -> None:
    file_id = new_id()
    store.write(file_id, [b"x"])
    path = paths(tmp_path)[0]
    os.utime(path, (NOW.timestamp() - 7 * 86_400, LATER.timestamp() - 3600))
    assert store.sweep(lambda _ids: set(), LATER) == 0
    assert store.ids() == {file_id}


def test_a_store_that_was_never_used_is_empty(store: Store) -> None:
    assert store.ids() == set()
    assert store.sweep(lambda _ids: set(), NOW) == 0
