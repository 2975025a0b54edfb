"""What encryption at rest costs: opening a page of 50 messages, and saying one, beside the same without it.

The other side keeps the same bytes unsealed: no key is looked up, unwrapped or used. Both work on databases of their
own, in alternating rounds. `python -m tests.benchmarks.atrest`
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from comity.app import schema
from comity.consultations.pages import thread_page
from comity.consultations.timeline import PAGE
from comity.core import sealing
from comity.core.db import Database
from comity.core.keys import MasterKeys, Place, fresh_key
from tests.platform.consultations.world import BEGAN, World, build, opened, said

WORDS = "We can send the records of the account in the form that your court needs. " * 5
_ROUND = 20
_SECOND = timedelta(seconds=1)


class WrongPage(Exception):
    """A page does not show what was said: no figure is worth anything."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    name: str
    sealed: bool
    database: Database
    world: World
    public_id: str


class _Open:
    """Stands where a cipher stands, and seals nothing."""

    def seal_text(self, text: str, _place: Place) -> bytes:
        return text.encode()

    def open_text(self, content: bytes, _place: Place) -> str:
        return content.decode()


@contextmanager
def _as_it_is(sealed: bool) -> Iterator[None]:
    """sealed: False puts sealing aside, so that nothing is sealed and no key is asked for."""
    kept = sealing.create, sealing.cipher, sealing.ciphers

    def one(_session: Session, _scope: str) -> _Open:
        return _Open()

    def many(_session: Session, scopes: Iterable[str]) -> dict[str, _Open]:
        return {scope: _Open() for scope in scopes}

    if not sealed:
        sealing.create, sealing.cipher, sealing.ciphers = one, one, many  # type: ignore[assignment]
    try:
        yield
    finally:
        sealing.create, sealing.cipher, sealing.ciphers = kept


def run(rounds: int) -> list[tuple[str, float, float]]:
    """What was done, and processor seconds, sealed and not: the median of all rounds. Raises WrongPage."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        sides = [_side(Path(folder), "sealed", sealed=True), _side(Path(folder), "unsealed", sealed=False)]
        numbers = iter(range(PAGE, 10_000_000))
        works: list[tuple[str, Callable[[Side], None]]] = [
            (f"opening a page of {PAGE} messages", _open_page),
            ("saying a message", lambda side: _say(side, next(numbers))),
        ]
        found = [(name, *_compare(sides, work, rounds)) for name, work in works]
        for side in sides:
            side.database.dispose()
        return found


def _side(folder: Path, name: str, *, sealed: bool) -> Side:
    database = Database(f"sqlite:///{folder / name}.sqlite3", keys=MasterKeys([fresh_key()]))
    schema.upgrade(database)
    world = build(database)
    with _as_it_is(sealed):
        side = Side(name, sealed, database, world, opened(database, world))
        for number in range(PAGE):
            _say(side, number)
    return side


def _say(side: Side, number: int) -> None:
    said(side.database, side.world.anton, side.public_id, WORDS, number * _SECOND, f"message-{number}")


def _open_page(side: Side) -> None:
    with side.database.reading() as session:
        page = thread_page(session, side.world.somsri, side.public_id, BEGAN, None)
    if sum(WORDS.strip() in line.entry.html for line in page.lines) != PAGE:
        raise WrongPage(side.name)


def _compare(sides: Sequence[Side], work: Callable[[Side], None], rounds: int) -> tuple[float, float]:
    """In seconds of the processor and alternating, so that what else the machine does weighs little."""
    taken: dict[str, list[float]] = {side.name: [] for side in sides}
    for _round in range(rounds):
        for side in sides:
            with _as_it_is(side.sealed):
                for _ in range(_ROUND):
                    begun = time.thread_time()
                    work(side)
                    taken[side.name].append(time.thread_time() - begun)
    sealed, unsealed = (statistics.median(taken[side.name]) for side in sides)
    return sealed, unsealed


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line. Returns 1 when a page did not show what was said."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.atrest", description="Encryption at rest.")
    parser.add_argument("--rounds", type=int, default=15, help=f"alternating rounds of {_ROUND} (15)")
    options = parser.parse_args(arguments)
    print("Encryption at rest on SQLite (AES-256-GCM, a key per consultation), beside the same without it:")
    try:
        for name, sealed, unsealed in run(options.rounds):
            print(f"  {name:<32}{sealed * 1000:7.2f} ms, {unsealed * 1000:7.2f} ms without: {sealed / unsealed:.3f}")
    except WrongPage as error:
        print(f"No figures: the page of the {error} side does not show what was said")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
