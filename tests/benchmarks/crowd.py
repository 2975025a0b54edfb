"""People who sign in at once: a process that has each get the form, and all of them send it when it is told to.

`python -m tests.benchmarks.crowd ADDRESS ROUND PEOPLE`
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx

PASSWORD = "lantern orchard gravel tide"
PATIENCE = 120.0
"""Seconds that somebody who is told to try again does so for, and waits for one answer."""

BUSY = 503

_CSRF = re.compile(r'name="csrf_token"\s+value="([^"]+)"')


def email(number: int) -> str:
    """The address of one of them."""
    return f"officer{number}@example.org"


@contextmanager
def gathered(url: str, number: int, people: int) -> Iterator[Callable[[], float]]:
    """People at the form: what is given has them all send it, and returns the seconds until the last was in.

    number: of the round, for networks of their own. Raises RuntimeError when one was not let in.
    """
    command = [sys.executable, "-m", __name__, url, str(number), str(people)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        told, heard = process.stdin, process.stdout
        if heard.readline() != "ready\n":
            raise RuntimeError("no form to sign in with")

        def sign_in() -> float:
            told.write("go\n")
            told.flush()
            line = heard.readline().strip()
            if not line.startswith("in after "):
                raise RuntimeError(line or "the crowd broke")
            return float(line.removeprefix("in after "))

        yield sign_in


def _at_the_form(url: str) -> tuple[httpx.Client, str]:
    # No connection is used twice: the server ends one that is idle for two seconds, and a busy machine takes longer.
    browser = httpx.Client(base_url=url, timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0))
    found = _CSRF.search(browser.get("/sign-in").text)
    if found is None:
        raise RuntimeError("no form to sign in with")
    return browser, found[1]


def _sign_in(browser: httpx.Client, token: str, number: int, one: int) -> int:
    """Each from a network of its own, as fifty offices would be."""
    form = {"email": email(one), "password": PASSWORD, "csrf_token": token}
    office, begun = {"X-Forwarded-For": f"10.{number}.{one}.1"}, time.monotonic()
    with closing(browser):
        while True:
            status = browser.post("/sign-in", data=form, headers=office).status_code
            if status != BUSY or time.monotonic() > begun + PATIENCE:
                return status


def main(url: str, number: int, people: int) -> None:
    """Entry point."""
    with ThreadPoolExecutor(people) as pool:
        browsers = list(pool.map(lambda _one: _at_the_form(url), range(people)))
        print("ready", flush=True)
        sys.stdin.readline()
        begun = time.perf_counter()
        waiting = [pool.submit(_sign_in, *browser, number, one) for one, browser in enumerate(browsers)]
        answers = {one.result() for one in waiting}
        lasted = time.perf_counter() - begun
    print(f"in after {lasted}" if answers == {303} else f"a sign-in was answered with {answers - {303}}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
