"""Does what tasks ask for, one after another: claims it, says how far it is, stops when it was cancelled.

Called by the jobs process. A task whose worker died is taken up again: checking and exporting begin anew, writing is
one transaction, and finding is filled in batches after it, each of which may be repeated.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.clock import Clock
from comity.core.db import Database
from comity.core.errors import ComityError, NotFound
from comity.core.i18n import N_
from comity.directory import history, keeping
from comity.directory.access import may_import
from comity.directory.acting import actor_for
from comity.directory.exchange import files, gather, plan, records
from comity.directory.exchange.tasks import BUSY, Kind, Safe, Stage, Task, topic
from comity.directory.exchange.writing import Form, extension, write
from comity.directory.models import Authority, Network, State
from comity.directory.printed import book
from comity.directory.printed.typesetting import typeset
from comity.directory.record import Arrangement
from comity.directory.search.index import index_authority, index_network, index_state, raise_version
from comity.people.models import Account

log = logging.getLogger("comity.exchange")
GIVEN_UP = timedelta(minutes=5)
BATCH = 200
_MOST_SHOWN = 500


class _Stopped(Exception):
    """It was cancelled meanwhile."""


class Worker:
    """Works on the tasks of one database. fonts: what books are printed with."""

    def __init__(self, database: Database, clock: Clock, safe: Safe, fonts: Path) -> None:
        self.database, self.clock, self.safe, self.fonts = database, clock, safe, fonts

    def run_all(self) -> int:
        """Do everything that waits. Returns how many tasks."""
        done = 0
        while self.run_next():
            done += 1
        return done

    def follow(self, stop: threading.Event, every: float = 1.0) -> None:
        """Do what comes until told to stop. every: seconds between two looks."""
        while not stop.wait(every):
            try:
                self.run_all()
            except Exception:
                log.exception("the directory's files wait")

    def run_next(self) -> bool:
        """Do one task. False where none waits."""
        claimed = self._claim()
        if claimed is None:
            return False
        number, stage = claimed
        try:
            with suppress(_Stopped):
                self._work(number, stage)
        except ComityError as problem:
            self._fail(number, problem.message, problem.parameters)
        except Exception:
            log.exception("task %s failed", number)
            self._fail(number, N_("That did not work. Nothing was changed."))
        return True

    def _claim(self) -> tuple[int, Stage] | None:
        now = self.clock.now()
        ready = or_(
            Task.stage == Stage.WAITING,
            (Task.stage == Stage.APPLYING) & (Task.total == 0),
            Task.stage.in_(BUSY) & (Task.touched_at < now - GIVEN_UP),
        )
        query = select(Task).where(ready).order_by(Task.id).limit(1).with_for_update(skip_locked=True)
        with self.database.writing() as session:
            found = session.scalars(query).one_or_none()
            if found is None:
                return None
            if found.stage in (Stage.WAITING, Stage.RUNNING):
                found.stage = Stage.RUNNING
            found.touched_at, found.total = now, max(found.total, 1)
            return found.id, found.stage

    def _work(self, number: int, stage: Stage) -> None:
        if stage is Stage.APPLYING:
            self._apply(number)
            self._index(number)
        elif stage is Stage.INDEXING:
            self._index(number)
        else:
            with self.database.reading() as session:
                kind = session.get_one(Task, number).kind
            {Kind.EXPORT: self._export, Kind.BOOK: self._book, Kind.IMPORT: self._check}[kind](number)

    def _progress(self, number: int) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            running = update(Task).where(Task.id == number, Task.stage.in_((Stage.RUNNING, Stage.INDEXING)))
            told = running.values(done=done, total=max(total, 1), touched_at=self.clock.now())
            with self.database.writing() as session:
                if session.scalars(told.returning(Task.id)).first() is None:
                    raise _Stopped

        return tell

    def _finish(self, number: int, change: Callable[[Session, Task], None]) -> None:
        """Write the outcome of a task, unless it was cancelled at the last moment."""
        with self.database.writing() as session:
            found = session.scalars(select(Task).where(Task.id == number).with_for_update()).one()
            if found.stage.is_over:
                raise _Stopped
            found.touched_at = self.clock.now()
            change(session, found)

    def _fail(self, number: int, message: str, parameters: dict[str, Any] | None = None) -> None:
        def failed(session: Session, found: Task) -> None:
            if found.stage is Stage.INDEXING:
                return  # What was written stands; it is taken up again after `GIVEN_UP`.
            found.stage, found.trouble, found.content = Stage.FAILED, message, None
            found.asked = {**found.asked, "parameters": parameters or {}}

        with suppress(_Stopped):
            self._finish(number, failed)

    def _export(self, number: int) -> None:
        tell = self._progress(number)
        with self.database.reading() as session:
            found = session.get_one(Task, number)
            form, asked, now = Form(found.asked["form"]), found.asked, self.clock.now()
            choice = gather.Choice(tuple(asked["sheets"]), asked["state"], asked["network"])
            tables = gather.tables(session, _actor(session, found, now), choice, tell)
        stream = io.BytesIO()
        write(stream, form, tables, now)
        name = "-".join(filter(None, ["directory", choice.state.lower(), choice.network, f"{now:%Y-%m-%d}"]))
        self._keep(number, f"{name}.{extension(form, len(tables))}", stream.getvalue())

    def _book(self, number: int) -> None:
        now = self.clock.now()
        with self.database.reading() as session:
            found = session.get_one(Task, number)
            language = found.asked["language"]
            whole = book.gather(session, _actor(session, found, now), language, now, self._progress(number))
        self._keep(number, f"directory-{now:%Y-%m-%d}-{language}.pdf", typeset(whole, self.fonts))

    def _keep(self, number: int, name: str, content: bytes) -> None:
        def keep(session: Session, found: Task) -> None:
            found.stage, found.file_name = Stage.DONE, name
            found.content = self.safe.seal(found, "content", content)

        self._finish(number, keep)

    def _check(self, number: int) -> None:
        tell = self._progress(number)
        with self.database.reading() as session:
            found = session.get_one(Task, number)
            tables = files.read(self._file(found))
            total = sum(len(table.rows) for table in tables)
            standing, states = records.standing(session), _states(session)
        made = plan.make(tables, standing, states, lambda done: tell(done, total) if done % 500 == 0 else None)

        def show(session: Session, found: Task) -> None:
            found.stage = _stage_of(made)
            found.asked = {**found.asked, "digest": made.digest()}
            if not made.usable:
                found.content = None
            self.safe.put_outcome(found, _told(made))

        self._finish(number, show)

    def _apply(self, number: int) -> None:
        """Write everything in one transaction, if it is still what was shown; else show it again."""

        # Read and compared before the transaction, so that others wait for the writing alone.
        with self.database.reading() as session:
            tables = files.read(self._file(session.get_one(Task, number)))
            before = records.standing(session)
            planned = plan.make(tables, before, _states(session))

        def apply(session: Session, found: Task) -> None:
            now, actor = self.clock.now(), _actor(session, found, self.clock.now())
            if not may_import(actor):
                raise NotFound
            stands = records.standing(session)
            made = planned if stands == before else plan.make(tables, stands, _states(session))
            if made.digest() != found.asked["digest"] or made.total_problems:
                found.stage = _stage_of(made)
                found.asked = {**found.asked, "digest": made.digest()}
                self.safe.put_outcome(found, {**_told(made), "moved": True})
                return
            touched = records.apply(session, made.changes, now)
            for kind in (State, Network, Authority, Arrangement):
                history.catch_up(session, [one for one in touched if isinstance(one, kind)], now, actor)
            found.asked = {**found.asked, "index": [_reference(one) for one in touched if _is_indexed(one)]}
            found.stage, found.content, found.done, found.total = Stage.INDEXING, None, 0, max(1, len(touched))
            payload = {
                "sha256": found.asked["sha256"],
                "added": [f"{one.sheet}:{one.key}" for one in made.changes if one.added],
                "changed": {f"{c.sheet}:{c.key}": sorted(c.fields) for c in made.changes if not c.added},
            }
            keeping.tell(session, actor, now, topic(found), "exchange.imported", payload)

        self._finish(number, apply)

    def _index(self, number: int) -> None:
        """Let search find what was written, in batches, so that others can write between them."""
        with self.database.reading() as session:
            found = session.get_one(Task, number)
            if found.stage is not Stage.INDEXING:
                return
            references: list[str] = found.asked["index"]
        tell = self._progress(number)
        for start in range(0, len(references), BATCH):
            with self.database.writing() as session:
                _index(session, references[start : start + BATCH])
                raise_version(session)
            tell(min(start + BATCH, len(references)), len(references))

        def done(session: Session, found: Task) -> None:
            found.stage = Stage.DONE
            found.asked = {name: value for name, value in found.asked.items() if name != "index"}

        self._finish(number, done)

    def _file(self, found: Task) -> bytes:
        if found.content is None:
            raise NotFound
        return self.safe.open(found, "content", found.content)


def _states(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(State.iso2)))


def _actor(session: Session, found: Task, now: datetime) -> Actor:
    """Who asked, with what they may do now."""
    return actor_for(session, session.get_one(Account, found.account_id), now)


def _is_indexed(one: records.Record) -> bool:
    return isinstance(one, Authority | State | Network)


def _reference(one: records.Record) -> str:
    if isinstance(one, Network):
        return f"network:{one.code}"
    return f"state:{one.iso2}" if isinstance(one, State) else f"authority:{one.id}"


def _index(session: Session, references: list[str]) -> None:
    """Fill the rows that search reads, and write them together."""
    keys = [reference.partition(":") for reference in references]
    with session.no_autoflush:
        codes = [key for kind, _, key in keys if kind == "state"]
        states = session.scalars(select(State).where(State.iso2.in_(codes)).options(selectinload(State.authorities)))
        for state in states:
            index_state(session, state)
            for authority in state.authorities:
                index_authority(session, authority)
        networks = [key for kind, _, key in keys if kind == "network"]
        for network in session.scalars(select(Network).where(Network.code.in_(networks))):
            index_network(session, network)
        ids = [int(key) for kind, _, key in keys if kind == "authority"]
        query = select(Authority).where(Authority.id.in_(ids), Authority.state_iso2.not_in(codes))
        for authority in session.scalars(query.options(joinedload(Authority.state))):
            index_authority(session, authority)


def _stage_of(made: plan.Plan) -> Stage:
    """What is left to do: nothing where something is wrong, and nothing where nothing would change."""
    if made.total_problems:
        return Stage.FAILED
    return Stage.SHOWN if made.changes else Stage.DONE


def _told(made: plan.Plan) -> dict[str, Any]:
    """What a page shows of a plan, as JSON values."""
    return {
        "problems": [asdict(one) for one in sorted(made.problems, key=lambda one: (one.sheet, one.row))],
        "total_problems": made.total_problems,
        "changes": [] if made.total_problems else [asdict(change) for change in made.changes[:_MOST_SHOWN]],
        "added": sum(change.added for change in made.changes),
        "changed": sum(not change.added for change in made.changes),
        "unchanged": made.unchanged,
        "absent": made.absent,
        "left_out": made.left_out,
    }
