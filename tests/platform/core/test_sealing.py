"""Keys of scopes in the database: made, found, wrapped again, and refused when something was moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.core import sealing
from comity.core.db import Database
from comity.core.keys import KeyMissing, MasterKeys, Unreadable, fresh_key, key_id
from comity.core.sealing import ScopeKey

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OLD, NEW = bytes(range(32)), bytes(range(1, 33))
Open = Callable[..., Database]


@pytest.fixture
def with_keys(database: Database) -> Iterator[Open]:
    """The same database as a process opens it that has other master keys."""
    opened: list[Database] = []

    def open_with(*keys: bytes) -> Database:
        url = database.url.render_as_string(hide_password=False)
        opened.append(Database(url, keys=MasterKeys(keys) if keys else None))
        return opened[-1]

    yield open_with
    for each in opened:
        each.dispose()


def _fill(database: Database, count: int) -> dict[str, bytes]:
    """Scopes, and something sealed in each."""
    with database.writing() as session:
        return {f"scope:{n}": sealing.create(session, f"scope:{n}").seal(b"said", (n,)) for n in range(count)}


def _opens(database: Database, sealed: dict[str, bytes]) -> bool:
    with database.reading() as session:
        return all(
            sealing.cipher(session, scope).open(content, (int(scope[6:]),)) == b"said"
            for scope, content in sealed.items()
        )


def _wraps(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {state.master: state.wraps for state in sealing.status(session)}


def _start(database: Database) -> None:
    with database.writing() as session:
        sealing.note_start(session, NOW)


def test_a_scope_has_one_key_that_all_sessions_find(database: Database) -> None:
    assert _opens(database, _fill(database, 3))
    with database.reading() as session:
        assert set(sealing.ciphers(session, ["scope:1", "scope:2", "scope:9"])) == {"scope:1", "scope:2"}
        with pytest.raises(Unreadable):
            sealing.cipher(session, "scope:9")


def test_what_was_sealed_in_one_scope_opens_in_no_other(database: Database) -> None:
    sealed = _fill(database, 2)
    with database.reading() as session, pytest.raises(Unreadable):
        sealing.cipher(session, "scope:1").open(sealed["scope:0"], (0,))


def test_a_key_put_into_another_scope_does_not_open(database: Database) -> None:
    _fill(database, 2)
    with database.writing() as session:
        taken = session.scalars(select(ScopeKey.wrapped).where(ScopeKey.scope == "scope:0")).one()
        session.execute(update(ScopeKey).where(ScopeKey.scope == "scope:1").values(wrapped=taken))
    with database.reading() as session, pytest.raises(Unreadable):
        sealing.cipher(session, "scope:1")


def test_a_process_without_the_key_is_refused(database: Database, with_keys: Open) -> None:
    with with_keys(NEW).reading() as session:
        sealing.require_keys(session)
    _fill(database, 1)
    with with_keys(NEW).reading() as session:
        with pytest.raises(KeyMissing, match=key_id(OLD)):
            sealing.require_keys(session)
        with pytest.raises(KeyMissing, match=key_id(OLD)):
            sealing.cipher(session, "scope:0")
    with with_keys().reading() as session, pytest.raises(RuntimeError, match="without master keys"):
        sealing.cipher(session, "scope:0")
    with with_keys(NEW, OLD).reading() as session:
        sealing.require_keys(session)


def test_a_damaged_key_is_found_at_the_start(database: Database) -> None:
    _fill(database, 1)
    with database.writing() as session:
        session.execute(update(ScopeKey).values(wrapped=b"\x01" + bytes(60)))
    with database.reading() as session, pytest.raises(Unreadable):
        sealing.require_keys(session)


def test_rotation_waits_for_a_start_with_the_new_key(database: Database, with_keys: Open) -> None:
    _fill(database, 2)
    rotating = with_keys(NEW, OLD)
    with pytest.raises(sealing.NotStartedWith) as early:
        list(sealing.rotate(rotating.writing))
    assert early.value.master == key_id(NEW)
    assert _wraps(rotating) == {key_id(NEW): 0, key_id(OLD): 2}
    _start(rotating)
    assert list(sealing.rotate(rotating.writing)) == [2]


def test_rotation_wraps_all_in_batches_and_leaves_what_is_sealed(database: Database, with_keys: Open) -> None:
    sealed = _fill(database, 7)
    rotating = with_keys(NEW, OLD)
    _start(rotating)
    assert list(sealing.rotate(rotating.writing, batch=3)) == [3, 3, 1]
    assert list(sealing.rotate(rotating.writing, batch=3)) == []
    assert _opens(rotating, sealed)
    assert _opens(with_keys(NEW), sealed)
    assert _wraps(rotating) == {key_id(NEW): 7, key_id(OLD): 0}


def test_an_interrupted_rotation_goes_on_where_it_ended(database: Database, with_keys: Open) -> None:
    sealed = _fill(database, 5)
    rotating = with_keys(NEW, OLD)
    _start(rotating)
    units = 0

    @contextmanager
    def dying() -> Iterator[Session]:
        """The third unit of work dies before its commit."""
        nonlocal units
        with rotating.writing() as session:
            yield session
            units += 1
            if units == 3:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(sealing.rotate(dying, batch=2))
    assert _wraps(rotating) == {key_id(NEW): 2, key_id(OLD): 3}
    assert _opens(rotating, sealed)
    assert list(sealing.rotate(rotating.writing, batch=2)) == [2, 1]
    assert _opens(with_keys(NEW), sealed)


def test_rotation_without_the_old_key_changes_nothing(database: Database, with_keys: Open) -> None:
    sealed = _fill(database, 2)
    rotating = with_keys(NEW)
    _start(rotating)
    with pytest.raises(KeyMissing):
        list(sealing.rotate(rotating.writing))
    assert _opens(database, sealed)


def test_the_state_of_each_key_is_told(database: Database, with_keys: Open) -> None:
    _fill(database, 2)
    forgotten = fresh_key()
    _start(with_keys(forgotten))
    new = with_keys(NEW)
    _start(new)
    with new.reading() as session:
        states = {state.master: state for state in sealing.status(session)}
    assert set(states) == {key_id(NEW), key_id(OLD), key_id(forgotten)}
    assert (states[key_id(NEW)].first, states[key_id(NEW)].seen_at) == (True, NOW)
    old = states[key_id(OLD)]
    assert (old.wraps, old.held, old.first, old.seen_at) == (2, False, False, None)
