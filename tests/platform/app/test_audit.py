"""The auditor's page and the commands of `comity audit`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, select, update

from comity.app import jobs
from comity.app.cli import main
from comity.core import config as configuration
from comity.core import journal
from comity.core.audit import Verification
from comity.core.clock import SystemClock
from comity.core.db import Database
from comity.core.journal import JournalEntry, Topic
from comity.people.models import Account
from tests.support import consulting, people
from tests.support.application import Visitor
from tests.support.databases import Engines

Command = Callable[..., Result]


def _grant(database: Database, email: str, role: str) -> None:
    with database.writing() as session:
        session.scalars(select(Account).where(Account.email == email)).one().roles = [role]


@pytest.fixture
def store(application: Flask) -> Database:
    found: Database = application.extensions["comity"].db
    return found


@pytest.fixture
def auditor(visitor: Visitor, store: Database) -> Visitor:
    _grant(store, people.KENYA, "auditor")
    return visitor.sign_in(people.KENYA)


def test_only_an_auditor_sees_the_page(visitor: Visitor, auditor: Visitor) -> None:
    assert auditor.get("/audit").status_code == 200
    assert 'href="/audit"' in auditor.get("/").text
    for email in (people.AUSTRIA, people.SECRETARIAT):
        other = Visitor(visitor.application).sign_in(email)
        assert other.get("/audit").status_code == 404
        assert 'href="/audit"' not in other.get("/").text
        assert other.post("/audit/topics/1/verify", page="/account").status_code == 404
    assert Visitor(visitor.application).get("/audit").status_code == 302


def test_an_auditor_sees_names_and_states_and_no_content(auditor: Visitor, store: Database) -> None:
    larch = consulting.begin(store, people.AUSTRIA, "th-a", "Bank records, operation Larch")
    page = auditor.get("/audit").text
    assert f"consultation:{larch}" in page
    assert "Larch" not in page
    assert "not verified yet" in page
    for path in ("", "/readers", "/events.json"):
        assert auditor.get(f"/consultations/{larch}{path}").status_code == 404


def test_verifying_one_topic_on_the_page(auditor: Visitor, store: Database) -> None:
    larch = consulting.begin(store, people.AUSTRIA, "th-a")
    with store.reading() as session:
        topic = session.scalars(select(Topic).where(Topic.name == f"consultation:{larch}")).one()
    assert auditor.post(f"/audit/topics/{topic.id}/verify", page="/audit").status_code == 302
    assert ">holds<" in auditor.get("/audit").text
    with store.writing() as session:
        session.execute(update(JournalEntry).where(JournalEntry.topic_id == topic.id).values(kind="message"))
    auditor.post(f"/audit/topics/{topic.id}/verify", page="/audit")
    page = auditor.get("/audit").text
    assert "an entry was changed, position 1" in page
    assert "1 does not hold" in page
    assert auditor.post("/audit/topics/999999/verify", page="/audit").status_code == 404


def test_pages_of_topics(auditor: Visitor, store: Database) -> None:
    with store.writing() as session:
        for number in range(60):
            journal.append(session, f"many:{number:02}", "said", {}, now=SystemClock().now())
    first, second = auditor.get("/audit").text, auditor.get("/audit?page=2").text
    assert ("many:10" in first, "many:59" in first, "many:59" in second) == (True, False, True)
    for odd in ("0", "99", "x"):
        assert auditor.get(f"/audit?page={odd}").status_code == 200


@pytest.fixture(params=["sqlite", "postgres"])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Database, Command]:
    """A database with two topics, and the command line on it."""
    database: Database = request.getfixturevalue(request.param)
    monkeypatch.setenv("COMITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COMITY_DATABASE_URL", database.url.render_as_string(hide_password=False))
    with database.writing() as session:
        for number in range(5):
            journal.append(session, "account:1", "said", {"n": number}, now=SystemClock().now())
        journal.append(session, "account:2", "said", {}, now=SystemClock().now())

    def comity(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return database, comity


def test_the_commands_from_checkpoint_to_truncation(installation: tuple[Database, Command]) -> None:
    database, comity = installation
    before = comity("audit", "verify")
    assert (before.exit_code, before.output) == (0, "2 topics, 0 broken; checkpoints: none yet\n")
    assert "2 topics moved" in comity("audit", "checkpoint").output
    assert "checked against 1" in comity("audit", "verify").output
    with database.writing() as session:
        topic = session.scalars(select(Topic).where(Topic.name == "account:1")).one()
        session.execute(delete(JournalEntry).where(JournalEntry.topic_id == topic.id, JournalEntry.position > 3))
        query = select(JournalEntry.digest).where(JournalEntry.topic_id == topic.id, JournalEntry.position == 3)
        topic.position, topic.head = 3, session.scalar(query) or ""
    after = comity("audit", "verify")
    assert after.exit_code == 1
    assert "account:1: truncated at position 4 to 5" in after.output
    assert "2 topics, 1 broken" in after.output
    with database.reading() as session:
        state = session.scalars(select(Verification).where(Verification.topic_id == topic.id)).one()
        assert (state.fault, state.fault_position, state.verified_position) == ("truncated", 4, 3)


def test_verify_names_each_break_once(installation: tuple[Database, Command]) -> None:
    database, comity = installation
    comity("audit", "checkpoint")
    with database.writing() as session:
        topic = session.scalars(select(Topic.id).where(Topic.name == "account:1")).one()
        where = (JournalEntry.topic_id == topic, JournalEntry.position == 5)
        session.execute(update(JournalEntry).where(*where).values(payload={"n": 9}))
    output = comity("audit", "verify").output
    assert output.count("account:1: edited at position 5") == 1
    assert "rewritten" not in output


def test_an_export_is_checked_without_a_database(
    installation: tuple[Database, Command], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _database, comity = installation
    path, key = tmp_path / "account.jsonl", comity("audit", "public-key").output.strip()
    assert comity("audit", "export", "--topic", "account:1", "-o", str(path)).exit_code == 0
    assert comity("audit", "export", "--topic", "account:1", "-o", str(path)).exit_code == 1
    missing = comity("audit", "export", "--topic", "account:9", "-o", str(tmp_path / "none"))
    assert "there is no topic account:9" in missing.output
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file() and "none" in p.name) == []
    monkeypatch.setenv("COMITY_DATABASE_URL", "no database at all")
    checked = comity("audit", "check", str(path), "--key", key)
    assert (checked.exit_code, "5 entries of account:1" in checked.output) == (0, True)
    path.write_bytes(path.read_bytes().replace(b'"n":3', b'"n":4'))
    assert "the signature is not that of this key" in comity("audit", "check", str(path), "--key", key).output
    assert comity("audit", "check", str(path), "--key", "nonsense").exit_code == 1


def test_a_tampered_file_of_checkpoints_stops_the_commands(installation: tuple[Database, Command]) -> None:
    _database, comity = installation
    comity("audit", "checkpoint")
    path = configuration.load().data / "audit" / "checkpoints.jsonl"
    path.write_text(path.read_text().replace("account:2", "account:3"))
    for command in ("verify", "checkpoint"):
        answer = comity("audit", command)
        assert (answer.exit_code, "line 1: was not signed" in answer.output) == (1, True)


def test_the_nightly_jobs_verify_and_sign(engines: Engines, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = configuration.load({"COMITY_DATA": str(tmp_path)})
    with engines.sqlite() as database:
        with database.writing() as session:
            journal.append(session, "account:1", "said", {}, now=SystemClock().now())
        jobs.run_all(config, database, SystemClock())
        assert (tmp_path / "audit" / "checkpoints.jsonl").exists()
        assert caplog.messages == []
        with database.writing() as session:
            session.execute(update(JournalEntry).values(kind="other"))
        jobs.run_all(config, database, SystemClock())
    assert "the audit chain does not hold: account:1: edited at position 1" in caplog.messages
