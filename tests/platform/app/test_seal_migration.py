"""A database from before sealing: what it holds is sealed when it is upgraded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from comity.app import schema
from comity.consultations.pages import thread_page
from comity.consultations.services import save_draft
from comity.core.db import Database
from tests.platform.consultations.world import BEGAN, World, build, opened, said

SEALING = "0007_keys"
MINUTE = timedelta(minutes=1)
SAID, SUBJECT = "the orchid ledger in Larchbach", "Bank records, operation Larch"


def _downgrade(database: Database) -> None:
    """To what the migration found when it came."""
    with database.writer.begin() as connection:
        config = schema.alembic_config(connection, database.keys)
        command.downgrade(config, SEALING)
        command.downgrade(config, "-1")


def _column(database: Database, column: str, table: str) -> list[object]:
    with database.reading() as session:
        return list(session.execute(text(f"SELECT {column} FROM {table}")).scalars())  # noqa: S608 - names of ours


def _checkpoint(database: Database) -> None:
    with database.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def world(database: Database) -> World:
    return build(database)


def test_what_was_written_before_is_sealed_and_stays_readable(database: Database, world: World) -> None:
    public_id = opened(database, world)
    said(database, world.somsri, public_id, SAID, MINUTE)
    with database.writing() as session:
        save_draft(session, world.anton, BEGAN, public_id=public_id, body="half written")
    _downgrade(database)
    assert _column(database, "body", "message") == [SAID]
    assert _column(database, "body", "draft") == ["half written"]
    assert _column(database, "subject", "consultation") == [SUBJECT]
    schema.upgrade(database)
    with database.reading() as session:
        page = thread_page(session, world.anton, public_id, BEGAN, None)
    assert (page.subject, page.draft) == (SUBJECT, "half written")
    assert page.lines[-1].entry.html.strip() == f"<p>{SAID}</p>"


def test_nothing_of_it_is_left_in_the_file(sqlite: Database) -> None:
    world = build(sqlite)
    said(sqlite, world.somsri, opened(sqlite, world), SAID, MINUTE)
    path = Path(sqlite.url.database or "")
    _downgrade(sqlite)
    _checkpoint(sqlite)
    assert SAID.encode() in path.read_bytes()
    schema.upgrade(sqlite)
    _checkpoint(sqlite)
    assert SAID.encode() not in path.read_bytes()


def test_a_database_with_content_is_not_upgraded_without_keys(database: Database, world: World) -> None:
    said(database, world.somsri, opened(database, world), SAID, MINUTE)
    _downgrade(database)
    without = Database(database.url.render_as_string(hide_password=False))
    with pytest.raises(RuntimeError, match="master keys"):
        schema.upgrade(without)
    without.dispose()
    assert _column(database, "body", "message") == [SAID]
