"""The small world that these tests happen in."""

from __future__ import annotations

import pytest

from comity.core.db import Database
from tests.platform.directory.alive.world import NOW, World, build


@pytest.fixture
def world(database: Database) -> World:
    """Everything is due today. On SQLite and on PostgreSQL."""
    return build(database, review=NOW.date())
