"""The journal: gapless and in order for a reader with a cursor, and a chain that shows tampering."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from comity.core import journal
from comity.core.db import Database

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
WRITERS, EACH = 8, 25


def _write(database: Database, topic: str, *payloads: dict[str, object]) -> None:
    for payload in payloads:
        with database.writing() as session:
            journal.append(session, topic, "said", payload, now=NOW, account_id=1, post_id=2)


def test_eight_writers_and_a_reader_with_a_cursor_see_no_gap_and_no_repeat(database: Database) -> None:
    seen: list[tuple[int, int, int]] = []
    done = threading.Event()

    def write(writer: int) -> None:
        for number in range(EACH):
            with database.writing() as session:
                journal.append(session, "t", "said", {"writer": writer, "number": number}, now=NOW)

    def read() -> None:
        cursor = 0
        while len(seen) < WRITERS * EACH and not (done.is_set() and not _more(cursor)):
            with database.reading() as session:
                for entry in journal.read(session, "t", after=cursor, limit=7):
                    seen.append((entry.position, entry.payload["writer"], entry.payload["number"]))
                    cursor = entry.position

    def _more(cursor: int) -> bool:
        with database.reading() as session:
            return journal.position(session, "t") > cursor

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert [position for position, _, _ in seen] == list(range(1, WRITERS * EACH + 1))
    for writer in range(WRITERS):
        assert [number for _, who, number in seen if who == writer] == list(range(EACH))
    with database.reading() as session:
        assert journal.first_break(session, "t") is None


def test_topics_count_for_themselves(database: Database) -> None:
    _write(database, "a", {}, {})
    _write(database, "b", {})
    with database.reading() as session:
        assert (journal.position(session, "a"), journal.position(session, "b"), journal.position(session, "c")) == (
            2,
            1,
            0,
        )


def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    _write(database, "t", {"n": 1})

    def fail() -> None:
        with database.writing() as session:
            journal.append(session, "t", "said", {"n": 2}, now=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    _write(database, "t", {"n": 3})
    with database.reading() as session:
        assert [(e.position, e.payload["n"]) for e in journal.read(session, "t")] == [(1, 1), (2, 3)]


def test_after_the_commit_the_entries_are_announced_and_not_before(database: Database) -> None:
    announced: list[journal.Appended] = []
    database.after_commit(lambda session: announced.extend(journal.appended_in(session)))
    with database.writing() as session:
        journal.append(session, "t", "said", {}, now=NOW)
        assert announced == []
    assert announced == [journal.Appended("t", 1, "said")]


@pytest.mark.parametrize(
    ("tamper", "at"),
    [
        (update(journal.JournalEntry).where(journal.JournalEntry.position == 2).values(payload={"n": 9}), 2),
        (update(journal.JournalEntry).where(journal.JournalEntry.position == 2).values(account_id=7), 2),
        (delete(journal.JournalEntry).where(journal.JournalEntry.position == 1), 1),
        (delete(journal.JournalEntry).where(journal.JournalEntry.position == 3), 3),
    ],
)
def test_the_chain_shows_what_was_changed_or_removed(database: Database, tamper: object, at: int) -> None:
    _write(database, "t", {"n": 1}, {"n": 2}, {"n": 3})
    with database.writing() as session:
        session.execute(tamper)  # type: ignore[call-overload]
    with database.reading() as session:
        assert journal.first_break(session, "t") == at


def test_an_untouched_chain_holds(database: Database) -> None:
    _write(database, "t", *({"n": n, "text": "ธ"} for n in range(5)))
    with database.reading() as session:
        assert journal.first_break(session, "t") is None


def test_an_entry_says_where_it_was_asked_for_and_the_chain_holds(database: Database) -> None:
    _write(database, "t", {"n": 1})
    with database.writing() as session:
        journal.set_origin(session, "192.0.2.7")
        journal.append(session, "t", "said", {"n": 2}, now=NOW)
    with database.reading() as session:
        assert [entry.payload for entry in journal.read(session, "t")] == [{"n": 1}, {"n": 2, "from": "192.0.2.7"}]
        assert journal.first_break(session, "t") is None
