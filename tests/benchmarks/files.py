"""What taking in and giving out a file costs beside a plain copy of the same bytes: `python -m tests.benchmarks.files`

Both sides get the same pieces of 64 KiB and bring them to the same disk, in alternating rounds. Ours measures, judges,
digests, encrypts and writes; the other writes. Reading: ours decrypts and authenticates; the other reads.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from comity.core.files import stream
from comity.core.files.intake import Intake
from comity.core.files.scanning import NoScanner
from comity.core.files.store import Store, new_id
from comity.core.keys import Cipher, fresh_key

_PIECE, _PLACE = 65_536, ("benchmark",)


class WrongContent(Exception):
    """What came back is not what went in: no figure is worth anything."""


def run(mebibytes: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds of ours and of the plain copy, the median of all rounds, for storing and reading. Raises WrongContent."""
    piece = b"x" * _PIECE
    count = mebibytes * 16
    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        plain, cipher = Path(folder) / "plain", Cipher(fresh_key())
        intake = Intake(Store((Path(folder) / "files").as_uri()), NoScanner(), 2 * count * _PIECE)
        for _round in range(rounds):
            file_id = new_id()
            works: list[tuple[str, Callable[[], int]]] = [
                ("store", lambda file_id=file_id: _store(intake, cipher, file_id, piece, count)),  # type: ignore[misc]
                ("plain store", lambda: _write(plain, piece, count)),
                ("read", lambda file_id=file_id: _read(intake.store, cipher, file_id, piece, count)),  # type: ignore[misc]
                ("plain read", lambda: _read_plain(plain, piece)),
            ]
            for name, work in works:
                begun = time.perf_counter()
                if work() != count * _PIECE:
                    raise WrongContent(name)
                taken.setdefault(name, []).append(time.perf_counter() - begun)
            intake.store.remove(file_id)
    middle = {name: statistics.median(each) for name, each in taken.items()}
    return {name: (middle[name], middle[f"plain {name}"]) for name in ("store", "read")}


def _store(intake: Intake, cipher: Cipher, file_id: str, piece: bytes, count: int) -> int:
    received = intake.receive(cipher, _PLACE, file_id, "benchmark.txt", (piece for _ in range(count)))
    intake.store.publish(file_id)
    return received.size


def _write(path: Path, piece: bytes, count: int) -> int:
    with path.open("wb") as file:
        for _ in range(count):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return path.stat().st_size


def _read(store: Store, cipher: Cipher, file_id: str, piece: bytes, count: int) -> int:
    with store.reading(file_id) as source:
        return _checked(stream.unseal(cipher, _PLACE, source, count * _PIECE), piece)


def _read_plain(path: Path, piece: bytes) -> int:
    with path.open("rb") as file:
        return _checked(iter(lambda: file.read(_PIECE), b""), piece)


def _checked(content: Iterator[bytes], piece: bytes) -> int:
    size = 0
    for found in content:
        if found != piece:
            raise WrongContent("read")
        size += len(found)
    return size


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line. Returns 1 when something else came back than went in."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.files", description="Files at rest.")
    parser.add_argument("--rounds", type=int, default=7, help="alternating rounds (7)")
    parser.add_argument("--size", type=int, default=64, help="MiB of the file (64)")
    options = parser.parse_args(arguments)
    print(f"A file of {options.size} MiB (AES-256-GCM in chunks of 64 KiB), beside a plain copy of the same bytes:")
    try:
        for name, (ours, plain) in run(options.size, options.rounds).items():
            speed, other = options.size / ours, options.size / plain
            print(f"  {name:<8}{speed:7.0f} MiB/s, {other:7.0f} MiB/s plain: {speed / other:.2f} of its throughput")
    except WrongContent as error:
        print(f"No figures: {error} gave back something else than went in")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
