"""Secrets made on first start and kept in the data folder: for an installation on one machine alone."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path


class KeptSecrets:
    """The file `secrets.json` of a data folder, for its owner alone."""

    def __init__(self, data: Path) -> None:
        self._path = data / "secrets.json"

    def get(self, name: str, make: Callable[[], str]) -> str:
        """The secret of a name. make: what makes it where there is none yet."""
        return self._read().get(name) or self.change(name, lambda found: found or make())

    def change(self, name: str, value: Callable[[str], str]) -> str:
        """Put a secret into the file, and return it. value: of what is there now, empty for nothing.

        Processes that start at the same moment wait here for each other: had two of them made a master key each, what
        one had sealed would never open again. Nothing made here is used before it is on the disk.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = self._read()
            kept[name] = value(kept.get(name, ""))
            self._write(kept)
        return kept[name]

    def _read(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        draft = self._path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
