"""The migrations make the schema that the models state, on both engines, and every topic of it can be taken back."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from comity.app import schema
from comity.core.db import Database

POSTGRESQL_ALONE = {"document", "ix_directory_search_document"}
"""The generated column that PostgreSQL searches, and its index; SQLite has tables of FTS5 instead."""


def _differences(database: Database) -> list[object]:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        known = kind != "table" or name in schema.metadata.tables
        return known and name not in POSTGRESQL_ALONE

    with database.writer.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": ours, "target_metadata": schema.metadata}
        )
        return list(compare_metadata(context, schema.metadata))


def test_migrated_is_what_the_models_state(database: Database) -> None:
    assert _differences(database) == []


def test_upgrading_again_changes_nothing(database: Database) -> None:
    schema.upgrade(database)
    assert _differences(database) == []


def test_every_migration_can_be_taken_back(database: Database) -> None:
    with database.writer.begin() as connection:
        command.downgrade(schema.alembic_config(connection), "base")
    left = set(inspect(database.reader).get_table_names()) - {"alembic_version"}
    assert left == set()
    schema.upgrade(database)
    assert _differences(database) == []
