"""A real web process (gunicorn, gevent) on demonstration data, without the other three."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from comity.core import config as configuration
from comity.core.config import Config
from comity.core.db import Database
from tests.support.databases import MASTER_KEY, Engines
from tests.support.stack import free_ports, wait_for


@dataclass(frozen=True)
class Web:
    """A running web process and its database."""

    config: Config
    database: Database


@contextmanager
def running_web(engines: Engines, folder: Path, **settings: str) -> Iterator[Web]:
    """Start it, wait until it answers, stop it at the end. settings: further `COMITY_*` variables."""
    port = free_ports(1)[0]
    with engines.sqlite(demonstration=True) as database:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("COMITY_")} | {
            "COMITY_DATA": str(folder),
            "COMITY_DATABASE_URL": database.url.render_as_string(),
            "COMITY_BASE_URL": f"http://127.0.0.1:{port}",
            "COMITY_MASTER_KEY": MASTER_KEY,
            "COMITY_DEMO": "1",
            **settings,
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


def _answers(url: str, process: subprocess.Popen[bytes], folder: Path) -> bool:
    assert process.poll() is None, (folder / "log").read_text(errors="replace")[-4000:]
    try:
        return httpx.get(f"{url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False
