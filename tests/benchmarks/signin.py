"""What fifty sign-ins at once do to everybody else: how long a page takes meanwhile, beside the same without them.

A real web process (gunicorn, gevent, argon2id as configured) is asked for a page by one officer, steadily, in
alternating rounds. Who signs in does so from another process (`crowd`), so that what is measured is the server and not
who asks it. `python -m tests.benchmarks.signin`
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from comity.app import demo, schema
from comity.core import config as configuration
from comity.core.clock import SystemClock
from comity.core.config import Config
from comity.core.db import Database
from comity.people.demonstration import demonstration_token
from comity.people.hashing import ArgonHasher
from comity.people.services import accept_invitation, invite
from tests.benchmarks import crowd
from tests.support.databases import MASTER_KEY
from tests.support.people import AUSTRIA
from tests.support.stack import free_ports, wait_for

AT_ONCE, EVERY, AIM = 50, 0.02, 1.5
"""Sign-ins at once; seconds between two looks at the page; by how much the 99th percentile may grow."""

_QUIET = 15.0


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds that each look at the page took; without any sign-in, and while they went on. signing_in: in all."""

    alone: list[float]
    meanwhile: list[float]
    signing_in: float


def run(rounds: int) -> list[Round]:
    """Alternating rounds against one web process. Raises RuntimeError when a sign-in or a page fails."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder, _web(Path(folder)) as config:
        page = httpx.Client(base_url=config.base_url, timeout=60)
        page.get(f"/sign-in/demonstration/{demonstration_token(config.secret_key, AUSTRIA)}")
        _look(page)
        return [_round(config, page, number) for number in range(rounds)]


def _round(config: Config, page: httpx.Client, number: int) -> Round:
    quiet = threading.Event()
    threading.Timer(_QUIET, quiet.set).start()
    alone = _looks(page, quiet)
    over = threading.Event()
    with crowd.gathered(config.base_url, number, AT_ONCE) as sign_in, ThreadPoolExecutor(1) as pool:
        looking = pool.submit(_looks, page, over)
        try:
            lasted = sign_in()
        finally:
            over.set()
        return Round(alone, looking.result(), lasted)


def _looks(page: httpx.Client, until: threading.Event) -> list[float]:
    taken = []
    while not until.is_set():
        taken.append(_look(page))
        until.wait(EVERY)
    return taken


def _look(page: httpx.Client) -> float:
    begun = time.perf_counter()
    if page.get("/consultations").status_code != 200:
        raise RuntimeError("the page was not shown")
    return time.perf_counter() - begun


@contextmanager
def _web(folder: Path) -> Iterator[Config]:
    """A web process with demonstration data and fifty people who have passwords."""
    port = free_ports(1)[0]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COMITY_")} | {
        "COMITY_DATA": str(folder),
        "COMITY_BASE_URL": f"http://127.0.0.1:{port}",
        "COMITY_MASTER_KEY": MASTER_KEY,
        "COMITY_TRUSTED_PROXIES": "1",
        "COMITY_DEMO": "1",
    }
    config = configuration.load(environ)
    database = Database(config.database_url, keys=config.master_keys)
    schema.upgrade(database)
    now, hashed = SystemClock().now(), ArgonHasher().hash(crowd.PASSWORD)
    with database.writing() as session:
        demo.load(session, now)
        for number in range(AT_ONCE):
            token = invite(session, crowd.email(number), f"Officer {number}", "en", "UTC", (), now)
            accept_invitation(session, token, hashed, now)
    database.dispose()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:comity.app.gunicorn_conf", "comity.app.wsgi:app"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: _answers(config.base_url), 60)
        yield config
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def percentile(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line. Returns 1 when no figure is worth anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.signin", description="Fifty sign-ins at once.")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (5)")
    try:
        found = run(parser.parse_args(arguments).rounds)
    except RuntimeError as problem:
        print(f"No figures: {problem}")
        return 1
    alone = [taken for one in found for taken in one.alone]
    meanwhile = [taken for one in found for taken in one.meanwhile]
    with_it, without = percentile(meanwhile), percentile(alone)
    middle, calm = statistics.median(meanwhile), statistics.median(alone)
    print(f"A page, while {AT_ONCE} people sign in at once, beside the same while nobody does (aim: {AIM}):")
    print(f"  99th percentile  {with_it * 1000:6.0f} ms, {without * 1000:6.0f} ms alone: {with_it / without:.2f}")
    print(f"  median           {middle * 1000:6.0f} ms, {calm * 1000:6.0f} ms alone: {middle / calm:.2f}")
    print(f"  {len(meanwhile)} and {len(alone)} looks; all were in after {max(one.signing_in for one in found):.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
