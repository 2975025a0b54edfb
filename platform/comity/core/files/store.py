"""Where sealed files lie: a folder, or whatever else fsspec reaches. It knows ids and bytes, no names and no keys.

Ids are 128 random bits. A digest of the content would let a thief of the store test whether a known document is in it,
and even a keyed one would show that two parties hold the same.

A file arrives under `arriving/` and stands under `kept/` once the row that names it is committed. Whoever reads looks
in both: a process that is killed between the commit and the move leaves a file that is there. `sweep` ends what was
begun.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any

from fsspec.core import url_to_fs
from gevent import get_hub

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_ARRIVING, _KEPT = "arriving", "kept"
ABANDONED = timedelta(hours=24)
"""What nothing names and was not written to for so long is taken away."""


@dataclass(frozen=True, slots=True)
class Written:
    """sealed_size: bytes at rest. digest: SHA-256 of them, in hexadecimal."""

    sealed_size: int
    digest: str


def new_id() -> str:
    return secrets.token_urlsafe(16)


class Store:
    """url: of a folder, as fsspec understands it; it is made when the first file comes."""

    def __init__(self, url: str) -> None:
        self._fs, root = url_to_fs(url)
        self._root = str(root).rstrip("/")

    def write(self, file_id: str, sealed: Iterable[bytes]) -> Written:
        """Take in a file. Nobody sees it before `publish`; what fails half-way leaves nothing."""
        path = self._path(_ARRIVING, file_id)
        self._fs.makedirs(self._parent(path), exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with self._fs.open(path, "wb") as file:
                for piece in sealed:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                _to_disk(file)
        except BaseException:
            self.remove(file_id)
            raise
        return Written(size, digest.hexdigest())

    def publish(self, file_id: str) -> None:
        """The row that names the file is committed. May be repeated."""
        path = self._path(_KEPT, file_id)
        self._fs.makedirs(self._parent(path), exist_ok=True)
        with suppress(FileNotFoundError):
            self._fs.mv(self._path(_ARRIVING, file_id), path)

    @contextmanager
    def reading(self, file_id: str) -> Iterator[IO[bytes]]:
        """Raises FileNotFoundError."""
        with self._opened(file_id) as file:
            yield file

    def remove(self, file_id: str) -> None:
        """Take a file away, wherever it stands. One that is gone already is no error."""
        for stage in (_ARRIVING, _KEPT):
            with suppress(FileNotFoundError):
                self._fs.rm_file(self._path(stage, file_id))

    def sweep(self, named: Callable[[Collection[str]], Collection[str]], now: datetime) -> int:
        """Take away what no row names and nobody writes to any more; publish what a kill kept from it.

        named: of some ids, those that rows name. Returns how many files were taken away.
        """
        found = {stage: dict(self._listed(stage)) for stage in (_ARRIVING, _KEPT)}
        ids = sorted(found[_ARRIVING].keys() | found[_KEPT].keys())
        known = set(named(ids)) if ids else set()
        for file_id in known & found[_ARRIVING].keys():
            self.publish(file_id)
        gone = [each for each in ids if each not in known and self._last(found, each) < now - ABANDONED]
        for file_id in gone:
            self.remove(file_id)
        return len(gone)

    def ids(self) -> set[str]:
        """Every file there is, published or not."""
        return {file_id for stage in (_ARRIVING, _KEPT) for file_id, _moment in self._listed(stage)}

    def _opened(self, file_id: str) -> Any:
        for stage in (_KEPT, _ARRIVING, _KEPT):  # it may move while one looks
            with suppress(FileNotFoundError):
                return self._fs.open(self._path(stage, file_id), "rb")
        raise FileNotFoundError(file_id)

    def _listed(self, stage: str) -> Iterator[tuple[str, datetime]]:
        with suppress(FileNotFoundError):
            for path, about in self._fs.find(f"{self._root}/{stage}", detail=True).items():
                name = path.rpartition("/")[2]
                if _ID.fullmatch(name):
                    yield name, _moment(about)

    @staticmethod
    def _last(found: dict[str, dict[str, datetime]], file_id: str) -> datetime:
        return max(each[file_id] for each in found.values() if file_id in each)

    def _path(self, stage: str, file_id: str) -> str:
        if not _ID.fullmatch(file_id):
            raise FileNotFoundError(file_id)
        return f"{self._root}/{stage}/{file_id[:2]}/{file_id}"

    @staticmethod
    def _parent(path: str) -> str:
        return path.rpartition("/")[0]


def _to_disk(file: Any) -> None:
    """So that a power cut after the commit loses nothing. In the thread pool: others go on meanwhile."""
    file.flush()
    if hasattr(file, "fileno"):
        get_hub().threadpool.apply(os.fsync, (file.fileno(),))


def _moment(about: dict[str, Any]) -> datetime:
    changed = about.get("mtime") or about.get("LastModified") or about.get("created")
    return (
        changed.astimezone(UTC) if isinstance(changed, datetime) else datetime.fromtimestamp(float(changed or 0), UTC)
    )
