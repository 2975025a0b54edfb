"""The whole schema, and the way to bring a database up to it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, text

from comity.consultations import handing_over
from comity.consultations import models as consultations
from comity.core import audit, idempotency, journal, outbox, sealing
from comity.core.db import Base, Database
from comity.core.keys import MasterKeys
from comity.directory import history, posts, record
from comity.directory import models as directory
from comity.directory.alive import models as alive
from comity.directory.exchange import tasks as exchange
from comity.directory.guidance import models as guidance
from comity.directory.vetting import models as vetting
from comity.federation import models as federation
from comity.people import models as people
from comity.people.factors import models as factors
from comity.people.oauth import models as oauth
from comity.rooms import models as rooms

TABLES = (
    journal, audit, outbox, sealing, idempotency, people, factors, oauth, directory, posts, record, vetting, history,
    alive, guidance, exchange, federation, consultations, handing_over, rooms,
)  # fmt: skip
"""The modules that declare tables: importing them fills the metadata."""

metadata = Base.metadata
_LOCK = 0x436F6D697479


def alembic_config(connection: Connection, keys: MasterKeys | None = None) -> AlembicConfig:
    """Alembic's settings for one open connection. keys: needed where sealed content is converted."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes.update(connection=connection, keys=keys)
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema. Two processes may call it at once: one waits for the other."""
    with database.writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(alembic_config(connection, database.keys), "head")
