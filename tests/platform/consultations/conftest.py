"""A world in each database."""

from __future__ import annotations

import pytest

from comity.core.db import Database
from tests.platform.consultations.world import World, build, opened


@pytest.fixture
def world(database: Database) -> World:
    return build(database)


@pytest.fixture
def larch(database: Database, world: World) -> str:
    """The public id of a consultation between Austria and Thailand."""
    return opened(database, world)
