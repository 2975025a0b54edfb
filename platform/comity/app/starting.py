"""What is checked before a web process serves: that it can open what the database holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import inspect

from comity.core import sealing
from comity.core.config import MASTER_KEY, Config, ConfigurationError
from comity.core.db import Database
from comity.core.keys import KeyMissing, Unreadable


def database_of(config: Config) -> Database:
    """The installation's database, with the keys to what is sealed in it."""
    return Database(config.database_url, synchronous=config.sqlite_synchronous, keys=config.master_keys)


def require_keys(config: Config, now: datetime) -> None:
    """Refuse to start without the master keys that are needed, and note those that there are.

    Raises ConfigurationError with the ids of the keys, never with a key.
    """
    database = database_of(config)
    try:
        if not inspect(database.reader).has_table(sealing.ScopeKey.__tablename__):
            raise ConfigurationError("COMITY_DATABASE_URL", "the database is not up to date: run `comity db upgrade`")
        with database.reading() as session:
            sealing.require_keys(session)
        with database.writing() as session:
            sealing.note_start(session, now)
    except KeyMissing as problem:
        raise ConfigurationError(MASTER_KEY, _missing(config, problem.master)) from None
    except Unreadable:
        raise ConfigurationError(MASTER_KEY, "a key in the database was changed or damaged and does not open") from None
    finally:
        database.dispose()


def _missing(config: Config, master: str) -> str:
    given = ", ".join(config.master_keys.ids)
    return f"what the database holds was sealed under the key {master}, which is not among those given ({given})"
