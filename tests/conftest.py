"""Fixtures for all tests. PostgreSQL is started once, by the process that starts the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings

from comity.core.db import Database
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.postgres import Cluster

_URL = "COMITY_TEST_POSTGRES"
_cluster: Cluster | None = None
settings.register_profile("comity", deadline=None)  # how long an example takes says more about the machine
settings.load_profile("comity")


def pytest_configure(config: pytest.Config) -> None:
    global _cluster
    if hasattr(config, "workerinput") or config.option.collectonly or os.environ.get(_URL):
        return
    _cluster = Cluster.start()
    os.environ[_URL] = _cluster.url


def pytest_unconfigure(config: pytest.Config) -> None:
    if _cluster is not None and not hasattr(config, "workerinput"):
        _cluster.stop()


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Makes migrated, empty databases quickly."""
    with Engines(tmp_path_factory.mktemp("databases"), os.environ[_URL]) as made:
        yield made


@pytest.fixture
def sqlite(engines: Engines) -> Iterator[Database]:
    """An empty, migrated SQLite database."""
    with engines.sqlite() as database:
        yield database


@pytest.fixture
def postgres(engines: Engines) -> Iterator[Database]:
    """An empty, migrated PostgreSQL database."""
    with engines.postgres() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each test that asks for it runs on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still until the test moves it."""
    return SetClock()


@pytest.fixture
def application(engines: Engines, tmp_path: Path, clock: SetClock) -> Iterator[Flask]:
    """The web application on a SQLite database with the demonstration data in it."""
    with engines.sqlite(demonstration=True) as database:
        yield make_application(database, tmp_path, clock)


@pytest.fixture
def visitor(application: Flask) -> Visitor:
    """A browser without scripts that nobody has signed in to."""
    return Visitor(application)
