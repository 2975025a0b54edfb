"""A Redis of the tests' own: Debian's redis-server on a free port of the loopback address."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NotUp

from tests.support.stack import free_ports, wait_for


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Start a server that keeps nothing on disk; its URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("redis-server is missing: `make test` says which packages the tests need")
    port = free_ports(1)[0]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with Redis.from_url(url) as client:
            wait_for(lambda: _up(client), 20)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _up(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except NotUp:
        return False
