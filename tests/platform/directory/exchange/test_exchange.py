"""Out of the directory and in again: what changes, what is refused with its place, and that it is all or nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from comity.core import journal
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.errors import Conflict, NotFound
from comity.directory.acting import actor_for
from comity.directory.exchange import tasks, worker
from comity.directory.exchange.gather import Choice
from comity.directory.exchange.sheets import AUTHORITIES, BY_NAME
from comity.directory.exchange.tasks import Safe, Stage, Task
from comity.directory.exchange.worker import GIVEN_UP, Worker
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority, SearchRow, SearchVersion
from comity.people.models import Account
from tests.platform.directory.moments import NOW
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, SECRETARIAT

SAFE = Safe("a secret of the installation that is long enough")
Rows = list[dict[str, str]]


@dataclass
class World:
    """A database with the demonstration's directory, and who works on its files."""

    database: Database
    worker: Worker
    clock: SetClock

    def actor(self, email: str = SECRETARIAT) -> Actor:
        with self.database.reading() as session:
            account = session.scalars(select(Account).where(Account.email == email)).one()
            return actor_for(session, account, NOW)

    def export(self, names: tuple[str, ...], form: str = "csv", email: str = SECRETARIAT) -> bytes:
        with self.database.writing() as session:
            made = tasks.ask_export(session, self.actor(email), NOW, Choice(names), form).public_id
        self.worker.run_all()
        with self.database.writing() as session:
            return tasks.content(session, self.actor(email), NOW, SAFE, made)[1]

    def rows(self) -> Rows:
        text = self.export(("authorities",)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def send(self, content: bytes) -> str:
        with self.database.writing() as session:
            made = tasks.ask_import(session, self.actor(), NOW, SAFE, "file", content).public_id
        self.worker.run_all()
        return made

    def task(self, public_id: str) -> tuple[Task, dict[str, Any]]:
        with self.database.reading() as session:
            found = tasks.task(session, self.actor(), public_id)
            session.refresh(found, ["content"])
            return found, SAFE.outcome(found)

    def apply(self, public_id: str) -> tuple[Task, dict[str, Any]]:
        found, _outcome = self.task(public_id)
        with self.database.writing() as session:
            tasks.confirm(session, self.actor(), NOW, public_id, found.asked["digest"])
        self.worker.run_all()
        return self.task(public_id)

    def found(self, word: str) -> bool:
        """Whether search has a row with the word in its names."""
        with self.database.reading() as session:
            return session.scalars(select(SearchRow.id).where(SearchRow.names.contains(word))).first() is not None

    def authority(self, code: str) -> Authority:
        with self.database.reading() as session:
            return session.scalars(select(Authority).where(Authority.code == code)).one()


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    with database.writing() as session:
        load_reference(session)
        load_demonstration(session, NOW)
    clock = SetClock(NOW)
    return World(database, Worker(database, clock, SAFE, tmp_path), clock)


@pytest.fixture
def quick(engines: Engines, tmp_path: Path) -> Iterator[World]:
    """For what does not depend on the database."""
    with engines.sqlite(demonstration=True) as database:
        clock = SetClock(NOW)
        yield World(database, Worker(database, clock, SAFE, tmp_path), clock)


def as_csv(rows: Rows, header: tuple[str, ...] = AUTHORITIES.header) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows({name: row.get(name, "") for name in header} for row in rows)
    return text.getvalue().encode()


def places(outcome: dict[str, Any]) -> list[tuple[int, str]]:
    return [(problem["row"], problem["column"]) for problem in outcome["problems"]]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_was_exported_changes_nothing(quick: World, form: str) -> None:
    imported = tuple(name for name, sheet in BY_NAME.items() if sheet.imported)
    content = quick.export(imported if form != "csv" else ("authorities",), form)
    found, outcome = quick.task(quick.send(content))
    assert outcome["problems"] == []
    assert (outcome["added"], outcome["changed"]) == (0, 0)
    assert outcome["unchanged"] > 40
    assert found.stage is Stage.DONE
    assert found.content is None


def test_an_import_adds_and_changes_field_by_field_and_a_second_run_changes_nothing(world: World) -> None:
    rows = world.rows()
    new = {**rows[0], "code": "at-new", "name_en": "Quagmire Prosecution", "mailbox": "new@justice.at.example"}
    new["demonstration"] = ""
    changed = rows[0]["code"]
    rows[0] = {**rows[0], "telephone": "+43 1 53115", "office_days": "1234", "documents": "one\ntwo"}
    content = as_csv([rows[0], rows[1], new])
    made = world.send(content)
    _found, outcome = world.task(made)
    assert (outcome["added"], outcome["changed"], outcome["unchanged"]) == (1, 1, 1)
    assert outcome["absent"] == {"authorities": len(rows) - 2}
    assert {change["key"]: set(change["fields"]) for change in outcome["changes"]}[changed] == {
        "telephone", "office_days", "documents"
    }  # fmt: skip
    with pytest.raises(NoResultFound):
        world.authority("at-new")
    with world.database.reading() as session:
        before = session.scalars(select(SearchVersion.version)).one()
    assert world.apply(made)[0].stage is Stage.DONE
    one = world.authority("at-new")
    assert one.mailbox == "new@justice.at.example"
    assert not one.demonstration
    assert world.authority(changed).office_days == "1234"
    with world.database.reading() as session:
        entry = journal.read(session, f"exchange:{made}")[-1]
        assert entry.kind == "exchange.imported"
        assert entry.payload["added"] == ["authorities:at-new"]
        assert session.scalars(select(SearchVersion.version)).one() > before
    assert world.found("quagmire")
    _again, outcome = world.task(world.send(content))
    assert (outcome["added"], outcome["changed"], outcome["unchanged"]) == (0, 0, 3)


BAD = {
    "an unknown State": ("state", "QX"),
    "a State's name": ("state", "Austria"),
    "an unknown language": ("languages_accepted", "de xx"),
    "a number without country": ("telephone", "01 53115"),
    "a number of no country": ("telephone", "+999 1234567"),
    "a zone that does not exist": ("zone", "Europe/Wien"),
    "another term": ("translation", "sometimes"),
    "another function": ("functions", "extradition cooking"),
    "a formula": ("name_en", "=1+1"),
    "an address that is none": ("mailbox", "nobody"),
    "a day that is none": ("notified_on", "2025-02-30"),
    "hours that end before they begin": ("closes", "04:00"),
    "nothing where something is needed": ("name_original", ""),
    "half of law and practice": ("costs", ""),
    "a page with another scheme": ("web", "javascript:alert(1)"),
    "a calendar of nowhere": ("holiday_calendar", "QX"),
    "another truth": ("encryption", "perhaps"),
    "a fixed column": ("demonstration", "no"),
}


@pytest.mark.parametrize("kind", BAD)
def test_each_bad_cell_is_refused_with_its_place_and_nothing_is_applied(quick: World, kind: str) -> None:
    column, value = BAD[kind]
    rows = quick.rows()
    rows[1] = {**rows[1], column: value}
    rows[0] = {**rows[0], "unit": "Another unit"}
    made = quick.send(as_csv(rows))
    found, outcome = quick.task(made)
    assert places(outcome) == [(3, "opens" if kind.startswith("hours") else column)]
    assert found.stage is Stage.FAILED
    with pytest.raises(Conflict):
        quick.apply(made)
    assert quick.authority(rows[0]["code"]).unit != "Another unit"


def test_a_duplicate_is_refused_under_its_own_code_and_under_another(quick: World) -> None:
    rows = quick.rows()
    twin = {**rows[1], "code": "another-code", "demonstration": ""}
    _found, outcome = quick.task(quick.send(as_csv([*rows, rows[0], twin])))
    assert places(outcome) == [(len(rows) + 2, "code"), (len(rows) + 3, "name_en")]


def test_columns_that_are_unknown_missing_or_there_twice_are_named(quick: World) -> None:
    header = (*(name for name in AUTHORITIES.header if name != "zone"), "colour")
    _found, outcome = quick.task(quick.send(as_csv(quick.rows(), header)))
    assert places(outcome) == [(1, "colour"), (1, "zone")]
    twice = as_csv(quick.rows()).replace(b"name_en", b"code", 1)
    _found, outcome = quick.task(quick.send(twice))
    assert (1, "code") in places(outcome)


def test_all_problems_are_told_at_once_up_to_a_limit(quick: World) -> None:
    rows = [{**row, "zone": "Nowhere"} for row in quick.rows()] * 5
    _found, outcome = quick.task(quick.send(as_csv(rows)))
    assert len(outcome["problems"]) == 200
    assert outcome["total_problems"] > 200


def test_people_and_notifications_are_not_imported_and_that_is_said(quick: World) -> None:
    _found, outcome = quick.task(quick.send(quick.export(tuple(BY_NAME), "json")))
    assert outcome["left_out"] == ["practitioners", "notifications"]
    assert outcome["problems"] == []


def test_a_file_that_is_none_fails_with_its_reason(quick: World) -> None:
    found, _outcome = quick.task(quick.send(b"PK\x03\x04broken"))
    assert (found.stage, found.trouble) == (Stage.FAILED, "This is no CSV, XLSX or JSON file that can be read.")
    assert found.content is None


def test_what_changed_meanwhile_is_shown_anew_before_it_is_written(world: World) -> None:
    rows = world.rows()
    code = rows[0]["code"]
    made = world.send(as_csv([{**rows[0], "unit": "Theirs"}]))
    with world.database.writing() as session:
        session.scalars(select(Authority).where(Authority.code == code)).one().unit = "Mine"
    found, outcome = world.apply(made)
    assert (found.stage, outcome["moved"]) == (Stage.SHOWN, True)
    assert outcome["changes"][0]["fields"]["unit"] == ["Mine", "Theirs"]
    assert world.authority(code).unit == "Mine"
    assert world.apply(made)[0].stage is Stage.DONE
    assert world.authority(code).unit == "Theirs"


def test_a_task_is_one_s_own_and_an_officer_imports_nothing(quick: World) -> None:
    made = quick.send(as_csv(quick.rows()))
    officer = quick.actor(AUSTRIA)
    with quick.database.writing() as session:
        for forbidden in (
            lambda: tasks.task(session, officer, made),
            lambda: tasks.cancel(session, officer, NOW, made),
            lambda: tasks.content(session, officer, NOW, SAFE, made),
            lambda: tasks.ask_import(session, officer, NOW, SAFE, "f", b"x"),
        ):
            with pytest.raises(NotFound):
                forbidden()


def test_a_cancelled_task_keeps_no_file_and_cannot_be_applied(quick: World) -> None:
    rows = quick.rows()
    made = quick.send(as_csv([{**rows[0], "unit": "Never"}]))
    with quick.database.writing() as session:
        tasks.cancel(session, quick.actor(), NOW, made)
    found, outcome = quick.task(made)
    assert (found.stage, found.content, outcome) == (Stage.CANCELLED, None, {})
    with pytest.raises(Conflict):
        quick.apply(made)
    assert quick.authority(rows[0]["code"]).unit != "Never"


def test_a_worker_that_died_leaves_its_task_to_the_next(world: World) -> None:
    with world.database.writing() as session:
        made = tasks.ask_import(session, world.actor(), NOW, SAFE, "f", as_csv(world.rows())).public_id
        session.flush()
        session.execute(update(Task).where(Task.public_id == made).values(stage=Stage.RUNNING, total=1))
    assert world.worker.run_all() == 0
    world.clock.advance(GIVEN_UP + timedelta(seconds=1))
    assert world.worker.run_all() == 1
    assert world.task(made)[0].stage is Stage.DONE


def test_a_kill_between_writing_and_indexing_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = world.rows()
    made = world.send(as_csv([{**rows[0], "name_en": "Zyzzyva Office"}]))
    with monkeypatch.context() as patched:
        patched.setattr(worker, "BATCH", 0)  # range() refuses a step of nothing: the worker dies there
        assert world.apply(made)[0].stage is Stage.INDEXING
    assert world.authority(rows[0]["code"]).name_en == "Zyzzyva Office"
    assert not world.found("zyzzyva")
    world.clock.advance(GIVEN_UP + timedelta(seconds=1))
    assert world.worker.run_all() == 1
    assert world.task(made)[0].stage is Stage.DONE
    assert world.found("zyzzyva")


def test_files_are_sealed_and_forgotten_after_a_day(quick: World) -> None:
    made = quick.send(as_csv([{**quick.rows()[0], "unit": "Xylophone"}]))
    with quick.database.reading() as session:
        found = tasks.task(session, quick.actor(), made)
        assert found.content
        assert b"Xylophone" not in found.content
        assert b"Xylophone" not in (found.outcome or b"")
    with quick.database.writing() as session:
        assert tasks.forget(session, NOW + timedelta(hours=23)) == 0
        assert tasks.forget(session, NOW + timedelta(hours=25)) > 0
        with pytest.raises(NotFound):
            tasks.task(session, quick.actor(), made)


def test_states_networks_and_arrangements_are_changed_too(world: World) -> None:
    document = json.loads(world.export(("states", "networks", "arrangements"), "json"))
    state = next(one for one in document["states"] if one["iso2"] == "AT")
    state["also"] = [*state["also"], "Ostarrichi"]
    network = next(one for one in document["networks"] if one["code"] == "ejn")
    network["members"] = sorted({*network["members"], "CH"})
    arrangement = {**document["arrangements"][0], "code": "new-one", "name": "New one", "demonstration": None}
    made = world.send(
        json.dumps({
            "format": "comity-directory", "version": 1, "states": [state], "networks": [network],
            "arrangements": [arrangement],
        }).encode()
    )  # fmt: skip
    _found, outcome = world.task(made)
    assert outcome["problems"] == []
    assert (outcome["added"], outcome["changed"]) == (1, 2)
    assert world.apply(made)[0].stage is Stage.DONE
    assert world.found("ostarrichi")
    assert "new-one" in world.export(("arrangements",)).decode()
    assert (
        "CH"
        in next(one for one in json.loads(world.export(("networks",), "json"))["networks"] if one["code"] == "ejn")[
            "members"
        ]
    )
