"""The process that hashes passwords: `python -m comity.people.hashing_helper`, begun by `hashing_apart` alone.

A line of JSON comes in for each, and one goes out. It gives way to whatever else the machine does, so that no page
waits for a hash, and yet is done in time where the machine never rests. It ends when who began it does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from threading import Thread
from typing import BinaryIO

from comity.people.hashing import ArgonHasher, Hasher

_PATIENCE = 1.0
"""Seconds for a hash in the time that others leave over: four times what it needs where nobody wants any."""

_NICE = 10
"""A tenth of what a page has, for each of a hash's four threads (sched(7), "The nice value")."""


def serve(hasher: Hasher, asked: BinaryIO, told: BinaryIO) -> None:
    """Answer until there is no more. A line is `["hash", password]` or `["verify", hashed, password]`."""
    methods: dict[str, Callable[..., object]] = {"hash": hasher.hash, "verify": hasher.verify}
    turns = Turns()
    for line in asked:
        what, *arguments = json.loads(line)
        told.write(json.dumps(turns.take(methods[what], arguments)).encode() + b"\n")
        told.flush()


class Turns:
    """Has work done in the time that nobody else wants, and, when there is none, in a small part of everybody's.

    patience: seconds until work that finds no time is begun once more with a part. To do it twice must do no harm.
    """

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._late: Future[object] | None = None

    def take(self, work: Callable[..., object], arguments: list[str]) -> object:
        """What the work returns. Raises what it raises."""
        begun = []
        if self._late is None or self._late.done():  # else there is no time left over still
            self._late = _begin(_in_what_is_left, work, arguments)
            begun.append(self._late)
            if wait(begun, self._patience).done:
                return self._late.result()
        begun.append(_begin(_in_a_part, work, arguments))
        return next(iter(wait(begun, return_when=FIRST_COMPLETED).done)).result()


def _begin(way: Callable[[], None], work: Callable[..., object], arguments: list[str]) -> Future[object]:
    """Work in a thread that goes about it one way, as the threads do that it begins itself."""
    future: Future[object] = Future()

    def run() -> None:
        way()
        try:
            future.set_result(work(*arguments))
        except Exception as problem:
            future.set_exception(problem)

    Thread(target=run, daemon=True).start()
    return future


def _in_what_is_left() -> None:
    """Whoever else wants the processor has it at once: sched(7), "SCHED_IDLE"."""
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _in_a_part() -> None:
    """On Linux the nice value is the thread's own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)


def leave_cores() -> None:
    """Use half of the processor's cores at most: a page finds another one, with what it had in its cache."""
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[-max(1, len(cores) // 2) :])


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for who began it
    leave_cores()
    serve(ArgonHasher(), sys.stdin.buffer, sys.stdout.buffer)
