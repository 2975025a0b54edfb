"""What a reader sees of the journal: each entry once, in order, in their own zone and language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.consultations.pages import lines, thread_page
from comity.consultations.services import consultation_for, events_after, mark_read, page_before
from comity.consultations.timeline import PAGE, initials
from comity.core import journal
from comity.core.db import Database
from comity.core.errors import NotFound
from tests.platform.consultations.world import BEGAN, World, said

MINUTE = timedelta(minutes=1)


def test_a_message_as_each_side_sees_it(database: Database, world: World, larch: str) -> None:
    said(database, world.somsri, larch, "Yes, *in English*. <script>alert(1)</script>", 95 * MINUTE, "their-name")
    with database.reading() as session:
        ours = events_after(session, world.anton, larch, after=1).entries[0]
        theirs = events_after(session, world.somsri, larch, after=1).entries[0]
    assert ours.time == "10:47 Vienna (16:47 Bangkok)"
    assert ours.moment == "Tue 24 Nov 2026, 10:47 Vienna (16:47 Bangkok)"
    assert (ours.day, ours.at) == ("Tue 24 Nov 2026", "2026-11-24T09:47:00+00:00")
    assert theirs.time == "16:47 Bangkok (10:47 Vienna)"
    assert (ours.mine, ours.ours, ours.client_id) == (False, False, None)
    assert (theirs.mine, theirs.ours, theirs.client_id) == (True, True, "their-name")
    assert ours.html.startswith("<p>Yes, <em>in English</em>.")
    assert "<script" not in ours.html
    assert ours.author
    assert (ours.author.initials, ours.author.authority, ours.author.state) == (
        "ST", "Central Authority of TH", "Thailand",
    )  # fmt: skip


def test_sentences_and_states_are_in_the_readers_language(database: Database, world: World, larch: str) -> None:
    with database.reading() as session:
        entry = events_after(session, world.clara, larch, after=0).entries[0]
    assert entry.kind == "event"
    assert entry.day == "mar. 24 nov. 2026"
    assert entry.author
    assert entry.author.state == "Autriche"


def test_a_cursor_reads_everything_once_and_in_order(database: Database, world: World, larch: str) -> None:
    for number in range(12):
        speaker = world.anton if number % 2 else world.somsri
        said(database, speaker, larch, f"Message {number}", number * MINUTE, f"message-{number}")
    seen, cursor = [], 0
    with database.reading() as session:
        while True:
            found = events_after(session, world.anton, larch, after=cursor, limit=5)
            seen += [entry.position for entry in found.entries]
            cursor = found.entries[-1].position
            if not found.more:
                break
        assert seen == list(range(1, 14))
        assert events_after(session, world.anton, larch, after=13).entries == ()
        assert events_after(session, world.anton, larch, after=999).more is False


def test_entries_of_other_domains_move_the_cursor(database: Database, world: World, larch: str) -> None:
    topic = f"consultation:{larch}"
    with database.writing() as session:
        someone = {"account_id": world.somsri.account_id, "post_id": world.somsri.posts[0].id, "now": BEGAN}
        journal.append(session, topic, "room_joined", {"identity": "x"}, **someone)  # type: ignore[arg-type]
        journal.append(session, topic, "of_a_later_version", {}, now=BEGAN)
    with database.reading() as session:
        found = events_after(session, world.anton, larch, after=1)
    assert [(entry.kind, entry.text) for entry in found.entries] == [
        ("event", "Somsri Tuayang joined the room."),
        ("silent", ""),
    ]


def test_nobody_else_reads(database: Database, world: World, larch: str) -> None:
    with database.reading() as session:
        for other in (world.amina, world.noor):
            with pytest.raises(NotFound):
                events_after(session, other, larch, after=0)
            with pytest.raises(NotFound):
                thread_page(session, other, larch, BEGAN, None)


def test_a_long_thread_comes_in_pages_without_gap(database: Database, world: World, larch: str) -> None:
    for number in range(PAGE + 20):
        said(database, world.anton, larch, "x", number * MINUTE, f"message-{number:04d}")
    with database.reading() as session:
        consultation = consultation_for(session, world.anton, larch)
        last = page_before(session, world.anton, consultation, None)
        earlier = page_before(session, world.anton, consultation, last.entries[0].position)
    positions = [entry.position for entry in (*earlier.entries, *last.entries)]
    assert positions == list(range(1, PAGE + 22))
    assert len(last.entries) == PAGE
    with database.reading() as session:
        page = thread_page(session, world.anton, larch, BEGAN, None)
        first = thread_page(session, world.anton, larch, BEGAN, page.earlier)
    assert (page.newest, page.earlier) == (True, 22)
    assert (first.newest, first.earlier) == (False, None)


def test_days_unread_line_and_readers_around_entries(database: Database, world: World, larch: str) -> None:
    said(database, world.anton, larch, "One", MINUTE)
    with database.writing() as session:
        mark_read(session, world.somsri, BEGAN, public_id=larch, position=2)
    said(database, world.anton, larch, "Two", 2 * MINUTE)
    said(database, world.anton, larch, "Three", timedelta(days=1))
    with database.reading() as session:
        theirs = thread_page(session, world.somsri, larch, BEGAN, None)
        ours = thread_page(session, world.anton, larch, BEGAN, None)
    assert [line.day for line in theirs.lines] == ["Tue 24 Nov 2026", "", "", "Wed 25 Nov 2026"]
    assert [line.unread for line in theirs.lines] == [False, False, True, False]
    assert [line.follows for line in theirs.lines] == [False, False, False, False]
    assert [line.follows for line in ours.lines] == [False, False, True, False]
    assert [line.read_by for line in ours.lines] == [(), ("Somsri Tuayang",), (), ()]
    assert [line.status for line in ours.lines] == [False, True, False, True]
    assert [line.status for line in theirs.lines] == [False] * 4
    assert lines([], 0, []) == []


def test_the_parties_beside_the_thread(database: Database, world: World, larch: str) -> None:
    with database.reading() as session:
        ours, theirs = thread_page(session, world.anton, larch, BEGAN, None).parties
    assert (ours.ours, ours.state, ours.reference, ours.side) == (True, "Austria", "INT/88/26", "Requesting side")
    assert [person.name for person in ours.people] == ["Anton Muster", "Clara Beispiel"]
    assert (theirs.ours, theirs.state, theirs.side) == (False, "Thailand", "Requested side")


@pytest.mark.parametrize(
    ("name", "letters"), [("Anton Muster", "AM"), ("Ana María de la Cruz", "AC"), ("王伟", "王"), ("", ""), ("- -", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
