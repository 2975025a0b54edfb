"""A real web process (gunicorn, gevent) on demonstration data, and real Socket.IO clients."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from comity.core import config as configuration
from comity.core.db import Database
from tests.realtime.live.officer import Officer, Web
from tests.support.databases import MASTER_KEY, Engines
from tests.support.stack import free_ports, wait_for


@pytest.fixture(scope="module")
def web(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The web process alone, for all tests of a module."""
    folder = tmp_path_factory.mktemp("web")
    port = free_ports(1)[0]
    with engines.sqlite(demonstration=True) as database:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("COMITY_")} | {
            "COMITY_DATA": str(folder),
            "COMITY_DATABASE_URL": database.url.render_as_string(),
            "COMITY_BASE_URL": f"http://127.0.0.1:{port}",
            "COMITY_MASTER_KEY": MASTER_KEY,
            "COMITY_DEMO": "1",
        }
        config = configuration.load(environ)
        command = [sys.executable, "-m", "gunicorn", "-c", "python:comity.app.gunicorn_conf", "comity.app.wsgi:app"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: _answers(config.base_url, process, folder), 60)
            yield Web(config, database)
        finally:
            process.terminate()
            process.wait(20)


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


def _answers(url: str, process: subprocess.Popen[bytes], folder: Path) -> bool:
    assert process.poll() is None, (folder / "log").read_text(errors="replace")[-4000:]
    try:
        return httpx.get(f"{url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False
