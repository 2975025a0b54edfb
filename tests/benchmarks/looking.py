"""What noting looks costs, once a look was noted: a consultation's page, and polling, beside the same without noting.

Both are asked of one application by one officer, in alternating rounds. `python -m tests.benchmarks.looking`
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from comity.app import demo, schema
from comity.consultations import views
from comity.core.clock import SystemClock
from comity.core.db import Database
from comity.core.keys import MasterKeys
from tests.support.application import Visitor, make_application
from tests.support.consulting import begin
from tests.support.databases import MASTER_KEY
from tests.support.people import AUSTRIA

_ROUND = 20


@contextmanager
def _noting(on: bool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not on:
            patch.setattr(views, "note_look", lambda *_look: None)
        yield


def run(rounds: int) -> list[tuple[str, float, float]]:
    """What was asked for, and processor seconds with and without noting: the median of all rounds."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        database = Database(f"sqlite:///{folder}/looks.sqlite3", keys=MasterKeys.parse(MASTER_KEY))
        schema.upgrade(database)
        with database.writing() as session:
            demo.load(session, SystemClock().now())
        page = f"/consultations/{begin(database, AUSTRIA, 'th-a')}"
        visitor = Visitor(make_application(database, Path(folder), SystemClock())).sign_in(AUSTRIA)
        found = [(path.rpartition("/")[2], *_compare(visitor, path, rounds)) for path in (f"{page}/events.json", page)]
        database.dispose()
    return [(name if name == "events.json" else "page", with_it, without) for name, with_it, without in found]


def _compare(visitor: Visitor, path: str, rounds: int) -> tuple[float, float]:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _round in range(rounds):
        for on in taken:
            with _noting(on):
                for _ in range(_ROUND):
                    begun = time.thread_time()
                    assert visitor.get(path).status_code == 200
                    taken[on].append(time.thread_time() - begun)
    return statistics.median(taken[True]), statistics.median(taken[False])


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.looking", description="What noting looks costs.")
    parser.add_argument("--rounds", type=int, default=15, help=f"alternating rounds of {_ROUND} (15)")
    print("Noting looks, after the first, beside the same without noting:")
    for name, noted, without in run(parser.parse_args(arguments).rounds):
        print(f"  {name:<14}{noted * 1000:7.2f} ms, {without * 1000:7.2f} ms without: {noted / without:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
