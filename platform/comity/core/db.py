"""Engines, typed declarative base, and the unit of work.

SQLite writers begin with BEGIN IMMEDIATE on an engine of their own and queue on a lock inside the process, so that a
greenlet waits for another one cooperatively and never in SQLite's busy handler. Readers have an engine of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, String, TypeDecorator, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry

from comity.core.keys import MasterKeys

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, UTC in the database, aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JSONDocument = JSON().with_variant(JSONB(), "postgresql")

Key = Annotated[int, mapped_column(primary_key=True)]
Instant = Annotated[datetime, mapped_column(UTCDateTime())]
ShortText = Annotated[str, mapped_column(String(300))]


class Base(DeclarativeBase):
    """The base of all tables, with named constraints."""

    metadata = MetaData(naming_convention=NAMING)
    registry = registry(
        type_annotation_map={dict[str, Any]: JSONDocument, dict[str, str]: JSONDocument, list[str]: JSONDocument}
    )


AfterCommit = Callable[[Session], None]

KEYS = "comity.keys"
"""Where a session keeps the master keys of its database, for `sealing.py`."""


class Database:
    """One database: `reading()` and `writing()` give a session for one unit of work.

    url: SQLAlchemy URL, sqlite or postgresql+psycopg. synchronous: SQLite's NORMAL or FULL.
    keys: what opens the sealed content; None for a process that has no business with it.
    """

    def __init__(self, url: str, *, synchronous: str = "NORMAL", keys: MasterKeys | None = None) -> None:
        self.url, self.keys = make_url(url), keys
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._after_commit: list[AfterCommit] = []
        self._queue = threading.RLock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            Path(self.url.database or "").parent.mkdir(parents=True, exist_ok=True)
            self.writer = _sqlite_engine(url, synchronous, begin="BEGIN IMMEDIATE")
            self.reader = _sqlite_engine(url, synchronous, begin="BEGIN")
        else:
            self.writer = self.reader = create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)

    def after_commit(self, callback: AfterCommit) -> None:
        """Call `callback(session)` after each committed unit of work, outside the transaction."""
        self._after_commit.append(callback)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one consistent snapshot; nothing written in it is kept."""
        with Session(self.reader, expire_on_commit=False, autoflush=False, info=self._info) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A unit of work: commits at its end, rolls back when an error leaves it.

        Nothing but database work may happen inside: no mail, no event, no network.
        """
        with self._queue, Session(self.writer, expire_on_commit=False, info=self._info) as session, session.begin():
            yield session
        for callback in self._after_commit:
            callback(session)

    @property
    def _info(self) -> dict[str, Any]:
        return {KEYS: self.keys} if self.keys else {}

    def dispose(self) -> None:
        """Close all connections."""
        self.writer.dispose()
        self.reader.dispose()


def _sqlite_engine(url: str, synchronous: str, *, begin: str) -> Engine:
    engine = create_engine(url, connect_args={"isolation_level": None, "check_same_thread": False}, pool_size=20)

    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: Any) -> None:
        for pragma in (
            "busy_timeout=5000",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
