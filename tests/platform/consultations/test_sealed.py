"""At rest: a stolen database shows nothing that was said; a row that was changed or moved is told, never shown."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.consultations.models import Consultation, Draft, Message, topic_of
from comity.consultations.pages import thread_page
from comity.consultations.sealed import UNREADABLE
from comity.consultations.services import draft_of, events_after, list_mine, save_draft
from comity.core import journal
from comity.core.db import Database
from comity.core.sealing import ScopeKey
from tests.platform.consultations.world import BEGAN, World, build, opened, said

MINUTE = timedelta(minutes=1)
SAID, WRITTEN, SUBJECT = "the orchid ledger in Larchbach", "a heron halfdrawn", "Quartzite safehouse"
MARKER, SECOND = "marker-of-a-message", "second-message"


@pytest.fixture
def quartz(database: Database, world: World) -> str:
    """A consultation in which something was said, and something more is being written."""
    public_id = opened(database, world, client_id="opening-9", subject=SUBJECT)
    said(database, world.anton, public_id, SAID, MINUTE, MARKER)
    with database.writing() as session:
        save_draft(session, world.anton, BEGAN, public_id=public_id, body=WRITTEN)
    return public_id


def _texts(database: Database, world: World, public_id: str) -> list[str]:
    with database.reading() as session:
        entries = events_after(session, world.somsri, public_id, after=1).entries
    return [entry.html.strip() or entry.text for entry in entries]


def _dump(database: Database) -> bytes:
    """Everything that a thief of the database has: its files, or what pg_dump writes."""
    if database.is_sqlite:
        path = Path(database.url.database or "")
        return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run(["pg_dump", url], check=True, capture_output=True).stdout


def _forms(words: str) -> Iterator[bytes]:
    """As it would stand in a file, in a dump of bytes, and in an index of words."""
    yield words.encode()
    yield words.encode().hex().encode()
    yield from (word.encode() for word in words.split() if len(word) > 5)


def _message(session: Session, client_id: str) -> Message:
    return session.scalars(select(Message).where(Message.client_id == client_id)).one()


def test_a_stolen_database_shows_nothing_that_was_said(database: Database, world: World, quartz: str) -> None:
    with database.reading() as session:
        page = thread_page(session, world.anton, quartz, BEGAN, None)
    assert (page.subject, page.draft) == (SUBJECT, WRITTEN)
    assert SAID in page.lines[-1].entry.html
    stolen = _dump(database)
    assert MARKER.encode() in stolen
    shown = [form for words in (SAID, WRITTEN, SUBJECT) for form in _forms(words) if form in stolen]
    assert shown == []


def test_the_write_ahead_log_shows_nothing_either(sqlite: Database) -> None:
    world = build(sqlite)
    said(sqlite, world.anton, opened(sqlite, world), SAID, MINUTE, MARKER)
    log = Path(f"{sqlite.url.database}-wal").read_bytes()
    assert MARKER.encode() in log
    assert [form for form in _forms(SAID) if form in log] == []


def test_a_changed_message_is_told_and_the_others_are_shown(database: Database, world: World, quartz: str) -> None:
    said(database, world.anton, quartz, "still here", 2 * MINUTE)
    with database.writing() as session:
        message = _message(session, MARKER)
        message.sealed_body = message.sealed_body[:-1] + bytes([message.sealed_body[-1] ^ 1])
    assert _texts(database, world, quartz) == [UNREADABLE, "<p>still here</p>"]


def test_bodies_exchanged_between_two_messages_are_refused(database: Database, world: World, quartz: str) -> None:
    said(database, world.anton, quartz, "No.", 2 * MINUTE, SECOND)
    with database.writing() as session:
        one, two = _message(session, MARKER), _message(session, SECOND)
        one.sealed_body, two.sealed_body = two.sealed_body, one.sealed_body
    assert _texts(database, world, quartz) == [UNREADABLE, UNREADABLE]


def test_messages_that_changed_places_are_refused(database: Database, world: World, quartz: str) -> None:
    said(database, world.somsri, quartz, "No.", 2 * MINUTE, SECOND)
    with database.writing() as session:
        one, two = _message(session, MARKER), _message(session, SECOND)
        first, second = one.position, two.position
        for message, position in ((one, 1_000), (two, first), (one, second)):
            message.position = position
            session.flush()
    assert _texts(database, world, quartz) == [UNREADABLE, UNREADABLE]


def test_a_message_given_to_somebody_else_is_refused(database: Database, world: World, quartz: str) -> None:
    with database.writing() as session:
        entry = session.scalars(select(journal.JournalEntry).where(journal.JournalEntry.kind == "message")).one()
        entry.account_id = world.somsri.account_id
    assert _texts(database, world, quartz) == [UNREADABLE]


def test_a_message_from_another_consultation_is_refused(database: Database, world: World, quartz: str) -> None:
    other = opened(database, world, client_id="opening-10")
    said(database, world.anton, other, "No.", 2 * MINUTE, SECOND)
    with database.writing() as session:
        one, two = _message(session, MARKER), _message(session, SECOND)
        one.sealed_body, two.sealed_body = two.sealed_body, one.sealed_body
    assert _texts(database, world, quartz) == [UNREADABLE]
    assert _texts(database, world, other) == [UNREADABLE]


def test_a_subject_of_another_consultation_is_refused(database: Database, world: World, quartz: str) -> None:
    other = opened(database, world, client_id="opening-10")
    with database.writing() as session:
        taken = session.scalars(select(Consultation.sealed_subject).where(Consultation.public_id == quartz)).one()
        session.execute(update(Consultation).where(Consultation.public_id == other).values(sealed_subject=taken))
    with database.reading() as session:
        found = {each.public_id: each.subject for each in list_mine(session, world.anton)}
    assert found == {quartz: SUBJECT, other: UNREADABLE}


def test_a_draft_of_somebody_else_is_not_shown_and_ones_own_can_be_written_anew(
    database: Database, world: World, quartz: str
) -> None:
    with database.writing() as session:
        session.execute(update(Draft).values(account_id=world.clara.account_id))
        consultation = session.scalars(select(Consultation).where(Consultation.public_id == quartz)).one()
        assert draft_of(session, world.clara, consultation) == ""
        save_draft(session, world.clara, BEGAN, public_id=quartz, body="Mine")
        assert draft_of(session, world.clara, consultation) == "Mine"


def test_a_consultation_whose_key_is_gone_says_so(database: Database, world: World, quartz: str) -> None:
    with database.writing() as session:
        session.execute(update(ScopeKey).where(ScopeKey.scope == topic_of(quartz)).values(scope="gone"))
    assert _texts(database, world, quartz) == [UNREADABLE]
