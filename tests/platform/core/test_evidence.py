"""A topic's signed file: it verifies offline, and not with a byte changed, another key or a broken chain."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from comity.core import evidence, journal
from comity.core.db import Database
from comity.core.signing import NoKey, Signer, verifies

NOW = datetime(2026, 11, 23, 9, 30, 0, tzinfo=UTC)
SIGNER = Signer.of("a" * 40)
TOPIC = "consultation:larch"


def _fill(database: Database) -> None:
    for number in range(1, 5):
        with database.writing() as session:
            journal.append(session, TOPIC, "message", {"n": number, "text": "ธ"}, now=NOW, account_id=1, post_id=2)


def _exported(database: Database, folder: Path) -> Path:
    path = folder / "topic.jsonl"
    with database.reading() as session, path.open("wb") as file:
        journal.steady(session)
        evidence.export(session, TOPIC, file, SIGNER, NOW)
    return path


def test_an_export_verifies_with_nothing_but_the_public_key(database: Database, tmp_path: Path) -> None:
    _fill(database)
    path = _exported(database, tmp_path)
    database.dispose()
    held = evidence.check(path, SIGNER.public_key)
    assert (held.topic, held.position) == (TOPIC, 4)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 6
    assert [line["payload"]["n"] for line in lines[1:-1]] == [1, 2, 3, 4]
    assert held.head == lines[-2]["digest"]


@pytest.fixture
def exported(sqlite: Database, tmp_path: Path) -> bytes:
    _fill(sqlite)
    return _exported(sqlite, tmp_path).read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.data())
def test_any_changed_byte_is_refused(exported: bytes, tmp_path: Path, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(exported) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != exported[at]))
    changed = exported[:at] + bytes([byte]) + exported[at + 1 :]
    path = tmp_path / "changed.jsonl"
    path.write_bytes(changed)
    try:
        evidence.check(path, SIGNER.public_key)
    except evidence.Refused:
        return
    # The last line is the signature itself: nothing but its writing may differ, never what was signed.
    assert changed.splitlines()[:-1] == exported.splitlines()[:-1]


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -40])
def test_a_cut_file_is_refused(exported: bytes, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_bytes(exported[:cut] if cut < 1 else exported[cut:])
    if cut == -1:  # without the last line's end, everything is still there
        assert evidence.check(path, SIGNER.public_key).position == 4
        return
    with pytest.raises(evidence.Refused):
        evidence.check(path, SIGNER.public_key)


def test_another_key_is_refused(exported: bytes, tmp_path: Path) -> None:
    path = tmp_path / "topic.jsonl"
    path.write_bytes(exported)
    with pytest.raises(evidence.Refused, match="signature"):
        evidence.check(path, Signer.of("b" * 40).public_key)
    for nonsense in ("", "no key", "ü"):
        with pytest.raises(NoKey):
            evidence.check(path, nonsense)


def test_signed_entries_that_do_not_hold_are_refused(exported: bytes, tmp_path: Path) -> None:
    """The signature alone does not do: the chain in the file is walked."""
    lines = exported.splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"n":2', b'"n":3')
    content = hashlib.sha256(b"".join(lines[:-1])).digest()
    signature = json.dumps({"signature": SIGNER.sign(evidence.PURPOSE, content)})
    path = tmp_path / "resigned.jsonl"
    path.write_bytes(b"".join(lines[:-1]) + signature.encode())
    with pytest.raises(evidence.Refused, match="edited at position 2"):
        evidence.check(path, SIGNER.public_key)


def test_a_broken_chain_is_not_exported(database: Database, tmp_path: Path) -> None:
    _fill(database)
    with database.writing() as session:
        session.execute(update(journal.JournalEntry).where(journal.JournalEntry.position == 3).values(kind="other"))
    with pytest.raises(evidence.Refused, match="edited at position 3"):
        _exported(database, tmp_path)


def test_no_such_topic(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(evidence.NoTopic):
        _exported(sqlite, tmp_path)


def test_a_signature_is_for_one_purpose_and_an_old_key_is_still_known() -> None:
    old, both = Signer.of("o" * 40), Signer.of(f"{'n' * 40} {'o' * 40}")
    signature = old.sign("export", b"content")
    assert both.knows("export", b"content", signature)
    assert not both.knows("checkpoint", b"content", signature)
    assert not verifies(both.public_key, "export", b"content", signature)
    assert verifies(both.public_key, "export", b"content", both.sign("export", b"content"))
    assert not verifies(old.public_key, "export", b"content", "not base64 at all!")
