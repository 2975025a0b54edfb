"""Search over a large directory, on both databases and through HTTP, beside `LIKE` and trigrams on the same rows.

`python -m tests.benchmarks.search`
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import text
from sqlalchemy.orm import Session

from comity.app import schema
from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.fold import fold
from comity.directory.models import Authority
from comity.directory.search.find import find
from comity.directory.search.index import index_authority, raise_version
from comity.directory.search.memory import Memory
from comity.directory.searching import suggest
from tests.benchmarks.search import rivals
from tests.benchmarks.search.made import SEED, Sample, fill
from tests.support.people import AUSTRIA
from tests.support.postgres import Cluster
from tests.support.stack import running_stack

READER = Actor(1, "Anton Muster", "en", "Europe/Vienna")
FIRST, LEAST_LETTERS = 10, 6
GENERAL = (
    "thailand",
    "extradition kenya",
    "who speaks thai",
    "ejn",
    "justice",
    "ministry",
    "a",
    "police ba",
    "泰国",
    "ба",
)
AIMS = {"sqlite": 10.0, "postgresql": 15.0}
HTTP_AIM, MISSPELT_AIM, RELOAD_AIM = 50.0, 0.99, 50.0


@dataclass(frozen=True)
class Times:
    """Milliseconds, sorted."""

    sorted: Sequence[float]

    def at(self, share: float) -> float:
        return self.sorted[min(int(len(self.sorted) * share), len(self.sorted) - 1)]

    def __str__(self) -> str:
        return f"p50 {self.at(0.5):7.2f} ms   p95 {self.at(0.95):7.2f} ms"


def measured(calls: Sequence[Callable[[], object]]) -> Times:
    """How long each call takes."""
    taken = []
    for call in calls:
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return Times(sorted(taken))


def misspelt(name: str, chance: random.Random) -> str:
    """A name with one letter of one of its longer words changed, left out, doubled or swapped."""
    words = name.split()
    at = chance.choice([at for at, word in enumerate(words) if len(word) >= LEAST_LETTERS])
    word, where = words[at], chance.randrange(1, len(words[at]) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    words[at] = chance.choice(
        [
            word[:where] + word[where + 1 :],
            word[:where] + letter + word[where + 1 :],
            word[:where] + letter + word[where:],
            word[: where - 1] + word[where] + word[where - 1] + word[where + 1 :],
        ]
    )
    return " ".join(words)


def measure(session: Session, samples: Sequence[Sample], queries: int) -> list[str]:
    """The figures of one engine; what misses its aim begins with "MISSED"."""
    chance = random.Random(SEED)
    engine = session.get_bind().dialect.name
    memory = Memory()
    first = measured([lambda: memory.contents(session)])
    able = [sample for sample in samples if any(len(word) >= LEAST_LETTERS for word in sample.asked.split())
            and sample.asked.isascii()]  # fmt: skip
    chosen = chance.sample(able, k=queries)
    wrong = [(sample, misspelt(sample.asked, chance)) for sample in chosen]
    asked = [sample.asked for sample in chosen] + [typed for _sample, typed in wrong]
    asked += [sample.asked[: chance.randint(2, 6)] for sample in chosen]
    asked += list(GENERAL) * (queries // len(GENERAL))
    suggest(session, READER, memory, "warm", FIRST)
    search = measured([lambda q=q: suggest(session, READER, memory, q, FIRST) for q in asked])  # type: ignore[misc]
    found = sum(_among(session, memory, sample, typed) for sample, typed in wrong) / len(wrong)
    lines = [
        _line(
            f"search, {len(asked)} queries", str(search), search.at(0.95) < AIMS[engine], f"p95 < {AIMS[engine]:.0f} ms"
        ),
        _line("one letter wrong, in first ten", f"{found:.1%}", found >= MISSPELT_AIM, f"{MISSPELT_AIM:.0%}"),
        f"           {'reading everything once, on start':<36}{first.at(1):7.0f} ms",
    ]
    ids = {(entry.kind.value, entry.ref): entry.id for entry in memory.contents(session).entries.values()}
    for name, rival in (("LIKE", rivals.like), ("trigrams", rivals.trigrams)):
        times = measured([lambda q=q, rival=rival: rival(session, fold(q)) for q in asked])  # type: ignore[misc]
        share = sum(ids[s.kind, s.ref] in rival(session, fold(typed)) for s, typed in wrong) / len(wrong)
        lines.append(f"           {name:<36}{times}   one letter wrong: {share:.1%}")
    lines.append(_reload(session, memory))
    return lines


def _among(session: Session, memory: Memory, sample: Sample, typed: str) -> bool:
    hits = find(session, memory, typed).hits[:FIRST]
    return any((hit.kind.value, hit.ref) == (sample.kind, sample.ref) for hit in hits)


def _reload(session: Session, memory: Memory) -> str:
    """How long the first search after a change waits for what changed."""
    authority = session.get_one(Authority, 1)
    calls = []

    def change_and_read(number: int) -> Callable[[], object]:
        def read() -> object:
            return memory.contents(session)

        authority.name_en = f"Changed {number}"
        index_authority(session, authority)
        raise_version(session)
        return read

    for number in range(20):
        calls.append(measured([change_and_read(number)]).at(1))
    times = Times(sorted(calls))
    return _line("reading what changed", str(times), times.at(0.95) < RELOAD_AIM, f"p95 < {RELOAD_AIM:.0f} ms")


def _line(name: str, figure: str, met: bool, aim: str) -> str:
    return f"  {'ok     ' if met else 'MISSED '}  {name:<36}{figure}   (aim: {aim})"


def over_http(url: str, folder: Path, samples: Sequence[Sample], queries: int) -> str:
    """Suggestions through gunicorn, as somebody types: each request a letter more."""
    with running_stack(folder, COMITY_DATABASE_URL=url) as stack, httpx.Client(timeout=30) as client:
        client.get(stack.link(AUSTRIA))
        typed = [sample.asked[:length] for sample in samples[: queries // 5] for length in range(1, 6)]
        address = f"{stack.url}/directory/search.json"
        for words in ("warm", "up"):
            client.get(address, params={"q": words}).raise_for_status()
        times = measured([lambda q=q: client.get(address, params={"q": q}).raise_for_status() for q in typed])  # type: ignore[misc]
    return _line("as one types, over HTTP (SQLite)", str(times), times.at(0.95) < HTTP_AIM, f"p95 < {HTTP_AIM:.0f} ms")


@contextmanager
def filled(url: str) -> Iterator[tuple[Database, list[Sample]]]:
    """A database with the directory in it."""
    database = Database(url)
    schema.upgrade(database)
    with database.writing() as session:
        samples = fill(session)
        rivals.prepare(session)
        session.execute(text("ANALYZE"))
    yield database, samples
    database.dispose()


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line. Returns 1 when an aim is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.search", description="Search over a large directory."
    )
    parser.add_argument("--queries", type=int, default=300, help="names to look for (300)")
    options = parser.parse_args(arguments)
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'search.sqlite3'}"
        with filled(url) as (database, samples):
            print(
                f"Search over States, 5,000 authorities and 20,000 practitioners, on {database.url.get_backend_name()}:"
            )
            lines += _printed(_measured(database, samples, options.queries))
        lines += _printed([over_http(url, Path(folder) / "http", samples, options.queries)])
        cluster = Cluster.start()
        try:
            with filled(cluster.url) as (database, samples):
                print("The same on postgresql:")
                lines += _printed(_measured(database, samples, options.queries))
        finally:
            cluster.stop()
    return int(any("MISSED" in line for line in lines))


def _measured(database: Database, samples: Sequence[Sample], queries: int) -> list[str]:
    with database.writing() as session:
        lines = measure(session, samples, queries)
        session.rollback()
    return lines


def _printed(lines: list[str]) -> list[str]:
    print("\n".join(lines), flush=True)
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
