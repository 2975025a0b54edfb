"""Migrated, empty databases: migrated once, then copied."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from comity.app import demo, schema
from comity.core.clock import SystemClock
from comity.core.db import Database
from comity.core.keys import MasterKeys, written

MASTER_KEY = written(bytes(range(32)))
"""The master key of all databases that tests are given, as COMITY_MASTER_KEY has it."""

KEYS = MasterKeys.parse(MASTER_KEY)


class Engines:
    """Makes databases for one test process. folder: for SQLite files. server: URL of a PostgreSQL."""

    def __init__(self, folder: Path, server: str) -> None:
        self._folder, self._server = folder, make_url(server)
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT")
        self._numbers = itertools.count()
        self._prefix = f"t{os.getpid()}_"
        self._templates: dict[str, str] = {}

    def __enter__(self) -> Engines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if template := self._templates.get("postgres"):
            self._execute(f"DROP DATABASE IF EXISTS {template} WITH (FORCE)")
        self._admin.dispose()

    @contextmanager
    def sqlite(self, *, demonstration: bool = False) -> Iterator[Database]:
        """demonstration: with the demonstration data in it."""
        kind = "demonstration" if demonstration else "sqlite"
        if kind not in self._templates:
            template = self._folder / f"{kind}.sqlite3"
            _migrate(f"sqlite:///{template}", demonstration=demonstration)
            self._templates[kind] = str(template)
        path = self._folder / f"{next(self._numbers)}.sqlite3"
        shutil.copy(self._templates[kind], path)
        database = Database(f"sqlite:///{path}", keys=KEYS)
        try:
            yield database
        finally:
            database.dispose()

    @contextmanager
    def postgres(self) -> Iterator[Database]:
        if "postgres" not in self._templates:
            template = f"{self._prefix}template"
            self._execute(f"CREATE DATABASE {template}")
            _migrate(self._url(template))
            self._templates["postgres"] = template
        name = f"{self._prefix}{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._templates['postgres']}")
        database = Database(self._url(name), keys=KEYS)
        try:
            yield database
        finally:
            database.dispose()
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


def _migrate(url: str, *, demonstration: bool = False) -> None:
    database = Database(url, keys=KEYS)
    schema.upgrade(database)
    if demonstration:
        with database.writing() as session:
            demo.load(session, SystemClock().now() - timedelta(days=1))
    with database.writer.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
