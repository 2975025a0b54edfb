"""Officers in a database of each kind, and clients that they register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.people.oauth.acting import World
from comity.people.oauth.allowances import Asked, allow
from comity.people.oauth.clients import Registered, Wanted, register
from tests.platform.consultations.world import BEGAN, build
from tests.platform.consultations.world import World as Officers
from tests.support.callers import BACK, CHALLENGE

NOW = BEGAN + timedelta(hours=1)


def at(now: datetime = NOW, *, demo: bool = False) -> World:
    """What decides at an instant."""
    return World(actor_for, demo, now)


@dataclass(frozen=True)
class Clients:
    """Clients of Austria, registered by anton. code: what he allowed the tool, good for a minute."""

    system: Registered
    tool: Registered
    code: str


@pytest.fixture
def officers(database: Database) -> Officers:
    return build(database)


@pytest.fixture
def clients(database: Database, officers: Officers) -> Clients:
    with database.writing() as session:
        system = register(
            session, officers.anton, NOW, Wanted("system", "Registry", ("directory.read", "profile.read"))
        )
        tool = register(
            session, officers.anton, NOW, Wanted("tool", "Mail add-in", ("directory.read", "profile.read"), BACK)
        )
    return Clients(system, tool, allowed(database, officers.anton, tool))


def allowed(database: Database, actor: Actor, tool: Registered, now: datetime = NOW) -> str:
    """A code for the tool, from somebody who allows it everything."""
    with database.writing() as session:
        return allow(session, actor, tool.client, Asked(tuple(tool.client.scopes), BACK, CHALLENGE), now)
