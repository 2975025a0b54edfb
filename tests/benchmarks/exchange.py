"""An import of 5,000 authorities and the whole directory as PDF, on SQLite: how long each of their stages takes."""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.app import assets, schema
from comity.core.clock import SystemClock
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.exchange import tasks
from comity.directory.exchange.gather import Choice
from comity.directory.exchange.records import row_of
from comity.directory.exchange.sheets import AUTHORITIES
from comity.directory.exchange.tasks import Kind, Safe, Stage
from comity.directory.exchange.worker import Worker
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority
from comity.people.models import Account
from tests.support.databases import KEYS
from tests.support.people import SECRETARIAT

ROWS, MOST_SECONDS = 5_000, 20.0
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SAFE = Safe("the secret of a benchmark that nobody else has")


@dataclass
class Bench:
    """A worker, and the database that it works on."""

    database: Database
    worker: Worker

    def run(self, public_id: str) -> tuple[float, Stage]:
        """Seconds that a task took, and its stage then; what the processor did of them is printed."""
        start, worked = time.perf_counter(), time.process_time()
        self.worker.run_all()
        taken, worked = time.perf_counter() - start, time.process_time() - worked
        print(f"  {taken:.1f} s, of which {worked:.1f} s of processor time")
        with self.database.reading() as session:
            found = session.scalars(select(tasks.Task).where(tasks.Task.public_id == public_id)).one()
            return taken, found.stage


def many(session: Session) -> bytes:
    """Rows like those of the demonstration, under codes and names of their own."""
    found = session.scalars(select(Authority)).all()
    from_them = [one for one in found if one.practice is not None] or list(found)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, AUTHORITIES.header)
    writer.writeheader()
    for number in range(ROWS):
        row = {**row_of(from_them[number % len(from_them)]), "code": f"made-{number}", "demonstration": ""}
        row["name_en"] = f"{row['name_en']} {number}"
        writer.writerow({name: f"'{text}" if text.startswith("+") else text for name, text in row.items()})
    return out.getvalue().encode()


def main(_arguments: Sequence[str] = ()) -> int:
    """Measure and print. Returns 1 where the import takes longer than it may."""
    with tempfile.TemporaryDirectory(prefix="comity-exchange-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", keys=KEYS)
        schema.upgrade(database)
        with database.writing() as session:
            load_reference(session)
            load_demonstration(session, NOW)
        bench = Bench(database, Worker(database, SystemClock(), SAFE, assets.static_root() / "fonts"))
        code = _measure(database, bench)
        database.dispose()
    return code


def _measure(database: Database, bench: Bench) -> int:
    with database.writing() as session:
        actor = actor_for(session, session.scalars(select(Account).where(Account.email == SECRETARIAT)).one(), NOW)
        now = datetime.now(UTC)
        made = tasks.ask_import(session, actor, now, SAFE, "many.csv", many(session)).public_id
    checked, _stage = bench.run(made)
    with database.writing() as session:
        digest = tasks.task(session, actor, made).asked["digest"]
        tasks.confirm(session, actor, datetime.now(UTC), made, digest)
    applied, stage = bench.run(made)
    print(f"import of {ROWS} authorities: checked in {checked:.1f} s, written and found in {applied:.1f} s ({stage})")
    for form in ("csv", "json", "xlsx"):
        with database.writing() as session:
            asked = tasks.ask_export(session, actor, datetime.now(UTC), Choice(), form).public_id
        print(f"export of everything as {form}: {bench.run(asked)[0]:.1f} s")
    with database.writing() as session:
        book = tasks.ask_book(session, actor, datetime.now(UTC), "en").public_id
    taken, _stage = bench.run(book)
    with database.writing() as session:
        pages = len(PdfReader(io.BytesIO(tasks.content(session, actor, datetime.now(UTC), SAFE, book)[1])).pages)
    print(f"{Kind.BOOK} of {ROWS} authorities as PDF: {pages} pages in {taken:.1f} s")
    fine = stage is Stage.DONE and checked + applied < MOST_SECONDS
    print("within 20 s" if fine else "NOT within 20 s")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
