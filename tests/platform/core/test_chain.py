"""Each kind of tampering with the journal's rows is found and named, on both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.chain import Break, Tampering, breaks, entry_digest
from comity.core.db import Database
from comity.core.journal import JournalEntry, Topic

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
ENTRIES = 7
EDITED, DELETED, INSERTED = Tampering.EDITED, Tampering.DELETED, Tampering.INSERTED
SWAPPED, TRUNCATED = Tampering.SWAPPED, Tampering.TRUNCATED
Tamper = Callable[[Session], None]
Found = list[tuple[Tampering, int, int]]


def _fill(database: Database, topic: str = "t") -> None:
    with database.writing() as session:
        for number in range(1, ENTRIES + 1):
            at = NOW + timedelta(minutes=number)
            journal.append(session, topic, "said", {"n": number}, now=at, account_id=number % 2, post_id=3)


def _found(database: Database, topic: str = "t") -> Found:
    with database.reading() as session:
        return [(one.what, one.position, one.until) for one in journal.breaks(session, topic)]


def _set(session: Session, at: int, /, **values: object) -> None:
    topic = select(Topic.id).where(Topic.name == "t").scalar_subquery()
    where = (JournalEntry.position == at, JournalEntry.topic_id == topic)
    session.execute(update(JournalEntry).where(*where).values(**values))


def _remove(session: Session, position: int) -> None:
    session.execute(delete(JournalEntry).where(JournalEntry.position == position))


def _row(session: Session, position: int) -> dict[str, object]:
    columns = [column for column in JournalEntry.__table__.columns if column.name != "id"]
    query = select(*columns).where(JournalEntry.position == position)
    return dict(session.execute(query).one()._mapping)


def _shift(session: Session, beyond: int, by: int) -> None:
    """Give every later row another number, one by one, as positions are unique."""
    later = list(range(beyond + 1, ENTRIES + 1))
    for position in later if by < 0 else reversed(later):
        _set(session, position, position=position + by)


def _forge(session: Session, position: int, previous: str, **changes: object) -> dict[str, object]:
    """A row whose digest is right for what it says."""
    row = {"kind": "said", "payload": {"n": 99}, "account_id": 1, "post_id": 3, "at": NOW, **changes}
    digest = entry_digest(
        previous, "t", position, row["kind"], row["payload"], row["account_id"], row["post_id"], row["at"]  # type: ignore[arg-type]
    )  # fmt: skip
    topic_id = session.scalars(select(Topic.id).where(Topic.name == "t")).one()
    return {**row, "topic_id": topic_id, "position": position, "previous": previous, "digest": digest}


def _put(session: Session, row: dict[str, object]) -> None:
    session.execute(insert(JournalEntry).values(**row))


def _say_end(session: Session, position: int) -> None:
    session.execute(update(Topic).where(Topic.name == "t").values(position=position))


def edit_content(session: Session) -> None:
    _set(session, 3, payload={"n": 30})


def edit_who(session: Session) -> None:
    _set(session, 3, account_id=42)


def edit_when(session: Session) -> None:
    _set(session, 3, at=NOW)


def edit_with_a_fresh_digest(session: Session) -> None:
    row = _row(session, 3)
    forged = _forge(session, 3, str(row["previous"]), at=row["at"])
    _set(session, 3, payload={"n": 99}, account_id=1, digest=forged["digest"])


def edit_the_last_with_a_fresh_digest(session: Session) -> None:
    row = _row(session, ENTRIES)
    forged = _forge(session, ENTRIES, str(row["previous"]), at=row["at"])
    _set(session, ENTRIES, payload={"n": 99}, account_id=1, digest=forged["digest"])


def delete_the_first(session: Session) -> None:
    _remove(session, 1)


def delete_one(session: Session) -> None:
    _remove(session, 3)


def delete_two(session: Session) -> None:
    _remove(session, 3)
    _remove(session, 4)


def delete_and_close_the_gap(session: Session) -> None:
    _remove(session, 3)
    _shift(session, 3, -1)


def delete_and_close_the_gap_and_say_so(session: Session) -> None:
    delete_and_close_the_gap(session)
    _say_end(session, ENTRIES - 1)


def insert_among_the_others(session: Session) -> None:
    _shift(session, 2, +1)
    _put(session, _forge(session, 3, str(_row(session, 2)["digest"])))
    _say_end(session, ENTRIES + 1)


def insert_without_a_good_digest(session: Session) -> None:
    _shift(session, 2, +1)
    _put(session, _forge(session, 3, str(_row(session, 2)["digest"])) | {"digest": "f" * 64})


def insert_at_the_end(session: Session) -> None:
    _put(session, _forge(session, ENTRIES + 1, str(_row(session, ENTRIES)["digest"])))


def insert_before_the_first(session: Session) -> None:
    _put(session, _forge(session, 0, "0" * 64))


def swap_neighbours(session: Session) -> None:
    _set(session, 3, position=-1)
    _set(session, 4, position=3)
    _set(session, -1, position=4)


def swap_far_apart(session: Session) -> None:
    _set(session, 2, position=-1)
    _set(session, 6, position=2)
    _set(session, -1, position=6)


def swap_what_they_say(session: Session) -> None:
    second, fifth = _row(session, 2), _row(session, 5)
    said = ("kind", "payload", "account_id", "post_id", "at")
    _set(session, 2, **{name: fifth[name] for name in said})
    _set(session, 5, **{name: second[name] for name in said})


def truncate_one(session: Session) -> None:
    _remove(session, ENTRIES)


def truncate_three(session: Session) -> None:
    for position in (5, 6, 7):
        _remove(session, position)


def truncate_all(session: Session) -> None:
    session.execute(delete(JournalEntry))


CASES: list[tuple[Tamper, Found]] = [
    (edit_content, [(EDITED, 3, 3)]),
    (edit_who, [(EDITED, 3, 3)]),
    (edit_when, [(EDITED, 3, 3)]),
    (edit_with_a_fresh_digest, [(EDITED, 3, 3)]),
    (edit_the_last_with_a_fresh_digest, [(EDITED, 7, 7)]),
    (delete_the_first, [(DELETED, 1, 1)]),
    (delete_one, [(DELETED, 3, 3)]),
    (delete_two, [(DELETED, 3, 4)]),
    (delete_and_close_the_gap, [(DELETED, 3, 3)]),
    (delete_and_close_the_gap_and_say_so, [(DELETED, 3, 3)]),
    (insert_among_the_others, [(INSERTED, 3, 3)]),
    (insert_without_a_good_digest, [(INSERTED, 3, 3)]),
    (insert_at_the_end, [(INSERTED, 8, 8)]),
    (insert_before_the_first, [(INSERTED, 0, 0)]),
    (swap_neighbours, [(SWAPPED, 3, 4)]),
    (swap_far_apart, [(SWAPPED, 2, 6)]),
    (swap_what_they_say, [(SWAPPED, 2, 5)]),
    (truncate_one, [(TRUNCATED, 7, 7)]),
    (truncate_three, [(TRUNCATED, 5, 7)]),
    (truncate_all, [(TRUNCATED, 1, 7)]),
]


@pytest.mark.parametrize(("tamper", "expected"), CASES, ids=[case[0].__name__ for case in CASES])
def test_tampering_is_found_and_named(database: Database, tamper: Tamper, expected: Found) -> None:
    _fill(database)
    assert _found(database) == []
    with database.writing() as session:
        tamper(session)
    assert _found(database) == expected


def test_two_kinds_at_once_are_both_named(database: Database) -> None:
    _fill(database)
    with database.writing() as session:
        edit_who(session)
        truncate_one(session)
    assert _found(database) == [(EDITED, 3, 3), (TRUNCATED, 7, 7)]


def test_an_entry_of_another_topic_does_not_fit(database: Database) -> None:
    """Whole rows carried over from elsewhere: the digest covers the topic's name."""
    _fill(database)
    _fill(database, "other")
    with database.writing() as session:
        topic = select(Topic.id).where(Topic.name == "other").scalar_subquery()
        query = select(JournalEntry.payload, JournalEntry.previous, JournalEntry.digest)
        row = session.execute(query.where(JournalEntry.topic_id == topic, JournalEntry.position == 4)).one()
        _set(session, 4, previous=row.previous, digest=row.digest)
    assert _found(database)[0][1] in {3, 4}
    assert _found(database, "other") == []


@given(st.data())
def test_no_change_to_one_row_goes_unseen(data: st.DataObject) -> None:
    """Any edit, removal or move of any row breaks the chain, and a break is always named."""
    rows = [Row(position) for position in range(1, ENTRIES + 1)]
    head = "0" * 64
    for row in rows:
        row.previous = head
        row.digest = head = row.right()
    assert breaks("t", rows, ENTRIES, head) == []
    row = data.draw(st.sampled_from(rows))
    deed = data.draw(st.sampled_from(["remove", "payload", "previous", "digest", "position"]))
    if deed == "remove":
        rows.remove(row)
    elif deed == "payload":
        row.payload = {"n": data.draw(st.integers().filter(lambda n: n != row.payload["n"]))}
    elif deed == "position":
        row.position = data.draw(st.integers(8, 60))
        rows.sort(key=lambda one: one.position)
    else:
        setattr(row, deed, hashlib.sha256(data.draw(st.binary())).hexdigest())
    found: list[Break] = breaks("t", rows, ENTRIES, head)
    assert found
    assert all(str(one).startswith("t: ") for one in found)


class Row:
    """An entry in memory."""

    def __init__(self, position: int) -> None:
        self.position, self.kind, self.payload = position, "said", {"n": position}
        self.account_id, self.post_id, self.at = 1, 2, NOW
        self.previous = self.digest = ""

    def right(self) -> str:
        return entry_digest(self.previous, "t", self.position, self.kind, self.payload, 1, 2, NOW)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)), st.integers(1, 9))
def test_a_digest_depends_on_every_part(payload: dict[str, object], position: int) -> None:
    def digest(previous: str = "0", place: int = position, kind: str = "k", account: int | None = 1) -> str:
        return entry_digest(previous, "t", place, kind, payload, account, None, NOW)

    assert len({digest(), digest("1"), digest(place=position + 1), digest(kind="l"), digest(account=None)}) == 5
    assert digest() == digest()
