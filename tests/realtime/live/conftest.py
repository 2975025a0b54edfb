"""A real web process (gunicorn, gevent) on demonstration data, and real Socket.IO clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from comity.core.db import Database
from tests.realtime.live.officer import Officer
from tests.support.databases import Engines
from tests.support.webprocess import Web, running_web


@pytest.fixture(scope="module")
def web(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The web process alone, for all tests of a module."""
    with running_web(engines, tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture
def officer(web: Web) -> Iterator[Callable[[str], Officer]]:
    """Signs people in, each in a browser of their own, and disconnects them at the end."""
    present: list[Officer] = []

    def sign_in(email: str) -> Officer:
        present.append(Officer(web, email))
        return present[-1]

    yield sign_in
    for one in present:
        one.leave()


@pytest.fixture
def web_database(web: Web) -> Database:
    """The web process's database, written to by another process: the test's."""
    return web.database
