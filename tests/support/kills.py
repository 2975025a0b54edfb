"""`kill -9` as a machine that is out of memory does it: the process and all that it started, without a word."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import httpx

from tests.support.stack import Stack, wait_for

BACK_SECONDS = 60.0


def kill_outright(stack: Stack, name: str) -> None:
    """Kill a process of an installation with its workers, and wait until they are gone. Its keeper starts it again."""
    first = stack.pid(name)
    family = [first, *_children(first)]
    for number in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    wait_for(lambda: not any(_alive(number) for number in family), 10)


def web_is_back(stack: Stack) -> bool:
    """Whether the web process answers."""
    try:
        return httpx.get(f"{stack.url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _children(number: int) -> list[int]:
    found = [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    return found + [further for each in found for further in _children(each)]


def _alive(number: int) -> bool:
    """Whether a process runs; one that its parent has not buried yet does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
