"""Checkpoints find what the chain alone cannot: an end cut off together with its topic's row, a chain written anew."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from comity.core import checkpoints, journal
from comity.core.chain import Tampering
from comity.core.checkpoints import BrokenCheckpoints
from comity.core.db import Database
from comity.core.journal import JournalEntry, Topic
from comity.core.signing import Signer

NOW = datetime(2026, 11, 23, 3, 47, 0, tzinfo=UTC)
SIGNER = Signer.of("a" * 40)
Found = list[tuple[Tampering, str, int, int]]


def _append(database: Database, topic: str, times: int = 1) -> None:
    for number in range(times):
        with database.writing() as session:
            journal.append(session, topic, "said", {"n": number}, now=NOW)


def _sign(database: Database, path: Path, days: int = 0) -> checkpoints.Checkpoint:
    with database.reading() as session:
        return checkpoints.write(session, path, SIGNER, NOW + timedelta(days=days))


def _found(database: Database, path: Path) -> Found:
    known = checkpoints.read(path, SIGNER)
    with database.reading() as session:
        return [(one.what, one.topic, one.position, one.until) for one in checkpoints.breaks(session, known)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return checkpoints.path_in(tmp_path)


def test_each_holds_what_moved_and_an_untouched_journal_agrees(database: Database, path: Path) -> None:
    _append(database, "a", 3)
    _append(database, "b", 1)
    first = _sign(database, path)
    assert {topic: mark.position for topic, mark in first.moved.items()} == {"a": 3, "b": 1}
    _append(database, "a")
    assert set(_sign(database, path, 1).moved) == {"a"}
    assert _sign(database, path, 2).moved == {}
    assert len(checkpoints.read(path, SIGNER)) == 3
    _append(database, "b")
    assert _found(database, path) == []


def _truncate_with_its_row(database: Database, topic: str, position: int) -> None:
    """What somebody does who knows the chain: the rows behind a position, and the topic's own row put back."""
    with database.writing() as session:
        row = session.scalars(select(Topic).where(Topic.name == topic)).one()
        of_it = JournalEntry.topic_id == row.id
        session.execute(delete(JournalEntry).where(of_it, JournalEntry.position > position))
        head = session.scalar(select(JournalEntry.digest).where(of_it, JournalEntry.position == position))
        session.execute(update(Topic).where(Topic.id == row.id).values(position=position, head=head))


def test_an_end_cut_off_with_its_row_is_found(database: Database, path: Path) -> None:
    _append(database, "a", 5)
    _sign(database, path)
    _truncate_with_its_row(database, "a", 3)
    with database.reading() as session:
        assert journal.breaks(session, "a") == []
    assert _found(database, path) == [(Tampering.TRUNCATED, "a", 4, 5)]


def test_a_topic_that_is_gone_is_found(database: Database, path: Path) -> None:
    _append(database, "a", 2)
    _append(database, "b", 2)
    _sign(database, path)
    with database.writing() as session:
        topic = session.scalars(select(Topic.id).where(Topic.name == "a")).one()
        session.execute(delete(JournalEntry).where(JournalEntry.topic_id == topic))
        session.execute(delete(Topic).where(Topic.id == topic))
    assert _found(database, path) == [(Tampering.TRUNCATED, "a", 1, 2)]


def test_a_chain_written_anew_is_found_between_two_checkpoints(database: Database, path: Path) -> None:
    _append(database, "a", 2)
    _sign(database, path)
    _append(database, "a", 3)
    _sign(database, path, 1)
    _truncate_with_its_row(database, "a", 3)
    with database.writing() as session:
        for _again in range(2):
            journal.append(session, "a", "said", {"forged": True}, now=NOW)
    with database.reading() as session:
        assert journal.breaks(session, "a") == []
    assert _found(database, path) == [(Tampering.REWRITTEN, "a", 3, 5)]


def test_the_file_itself_is_guarded(sqlite: Database, path: Path) -> None:
    for day in range(3):
        _append(sqlite, "a")
        _sign(sqlite, path, day)
    lines = path.read_text().splitlines(keepends=True)
    changed = json.loads(lines[1])
    changed["heads"]["a"][0] = 9
    for text, line in (
        (lines[0] + json.dumps(changed) + "\n" + lines[2], 2),
        (lines[0] + lines[2], 2),
        (lines[1] + lines[2], 1),
        (lines[1] + lines[0] + lines[2], 1),
        (lines[0] + "nonsense\n" + lines[2], 2),
        ("[]\n", 1),
    ):
        path.write_text(text)
        with pytest.raises(BrokenCheckpoints) as caught:
            checkpoints.read(path, SIGNER)
        assert caught.value.line == line
        with pytest.raises(BrokenCheckpoints):
            _sign(sqlite, path, 4)
    path.write_text("".join(lines))
    with pytest.raises(BrokenCheckpoints, match="not signed by this installation"):
        checkpoints.read(path, Signer.of("b" * 40))


def test_a_line_that_a_power_cut_left_unfinished_is_written_over(sqlite: Database, path: Path) -> None:
    _append(sqlite, "a")
    _sign(sqlite, path)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    assert len(checkpoints.read(path, SIGNER)) == 1
    _append(sqlite, "a")
    _sign(sqlite, path, 1)
    assert [line.moved["a"].position for line in checkpoints.read(path, SIGNER)] == [1, 2]
    assert path.read_bytes().startswith(whole)


def test_several_that_sign_at_once_make_one_row_of_lines(sqlite: Database, path: Path) -> None:
    threads = [threading.Thread(target=_sign, args=(sqlite, path, day)) for day in range(6)]
    _append(sqlite, "a")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    known = checkpoints.read(path, SIGNER)
    assert [set(line.moved) for line in known] == [{"a"}, *[set()] * 5]
