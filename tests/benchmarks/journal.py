"""Journal appends per second on SQLite, beside the same unit of work with SQLite's default, deferred begin.

Each unit of work reads, then appends, as a request does: it decides on access, then writes. With the deferred begin
that read starts a snapshot which may be stale by the time of the write, and SQLite then refuses it as locked.
`python -m tests.benchmarks.journal`
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.db import Base, Database

WRITERS = 8
TOPIC = "benchmark"
Unit = Callable[[], AbstractContextManager[Session]]


class BrokenJournal(Exception):
    """What was appended is not what the journal holds: no figure is worth anything."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the writers got. delays: seconds of each unit of work that was committed, sorted."""

    committed: int
    refused: int
    seconds: float
    delays: Sequence[float]

    def __str__(self) -> str:
        attempts = self.committed + self.refused
        last = self.delays[int(len(self.delays) * 0.99)] * 1000
        return (
            f"{self.committed / self.seconds:8.0f} appends/s  99 % within {last:7.1f} ms"
            f"  {self.refused / attempts:6.1%} refused as locked"
        )


def run(seconds: float) -> list[tuple[str, Outcome]]:
    """Measure both ways to begin, each on a database of its own. Raises BrokenJournal."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        results = []
        for name, unit_of in (("Comity's unit of work", _ours), ("deferred begin", _deferred)):
            database = Database(f"sqlite:///{Path(folder) / name.replace(' ', '-')}.sqlite3")
            Base.metadata.create_all(database.writer)
            results.append((name, _measure(database, unit_of(database), seconds)))
            database.dispose()
        return results


def _ours(database: Database) -> Unit:
    return database.writing


def _deferred(database: Database) -> Unit:
    @contextmanager
    def unit() -> Iterator[Session]:
        with Session(database.reader, expire_on_commit=False) as session, session.begin():
            yield session

    return unit


def _measure(database: Database, unit: Unit, seconds: float) -> Outcome:
    delays: list[float] = []
    refused = [0] * WRITERS
    start = time.monotonic()

    def write(number: int) -> None:
        while (begun := time.monotonic()) - start < seconds:
            try:
                with unit() as session:
                    journal.position(session, TOPIC)
                    journal.append(session, TOPIC, "message", {"writer": number}, now=datetime.now(UTC))
            except OperationalError:
                refused[number] += 1
            else:
                delays.append(time.monotonic() - begun)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - start
    with database.reading() as session:
        held, broken = journal.position(session, TOPIC), journal.first_break(session, TOPIC)
    if held != len(delays) or broken is not None:
        raise BrokenJournal(f"{len(delays)} appends committed, {held} held, first break at {broken}")
    return Outcome(len(delays), sum(refused), took, sorted(delays))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line. Returns 1 when the journal was found broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.journal", description="Journal appends on SQLite."
    )
    parser.add_argument("--seconds", type=float, default=5, help="length of each measurement (5)")
    options = parser.parse_args(arguments)
    print(f"Journal on SQLite (WAL, synchronous=NORMAL), {WRITERS} writers on one topic, one append each unit of work:")
    try:
        for name, outcome in run(options.seconds):
            print(f"  {name:<22}{outcome}", flush=True)
    except BrokenJournal as error:
        print(f"No figures: {error}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
