"""Run the media benchmark: the same synthetic calls through Janus and Comity in turn.

Each round joins, settles, measures and leaves; rounds alternate, so that a machine that slows down slows both.
Exits with 0 when it ran, whatever it found; with 1 when a server or the load generator failed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.media import report
from tests.benchmarks.media.measure import Result
from tests.benchmarks.media.priority import cores, stay_on
from tests.benchmarks.media.scenarios import SCENARIOS, Scenario, Target
from tests.benchmarks.media.servers import Server, ServerError, start_comity, start_janus


class Generator:
    """The load generator's process, seen from here. core: the core it stays on, None for any."""

    def __init__(self, kbps: int, core: int | None) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.media.generator", str(kbps)]
        command.append(str(-1 if core is None else core))
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        ready = self._read()
        self.packets_per_second: float = ready["packets_per_second"]
        self.raised: bool = ready["raised"]

    def run(self, server: Server, scenario: Scenario, seconds: float, *, feedback: bool) -> Result:
        """One round. feedback: as in `scenarios.Target`.

        Raises ServerError with the generator's reason when it could not be run.
        """
        target = Target(server.name, server.url, server.address, server.process.pid, server.key, server.secret)
        target = dataclasses.replace(target, feedback=feedback)
        job = {"target": dataclasses.asdict(target), "scenario": dataclasses.asdict(scenario), "seconds": seconds}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        reply = self._read()
        if "error" in reply:
            raise ServerError(f"{server.name}, {scenario.name}: {reply['error']}\n{server.last_words()}")
        return Result(**reply["result"])

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise ServerError("the load generator died")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def stop(self) -> None:
        """End the process: it ends with its input."""
        self._process.communicate()


def compare(
    theirs: Server, ours: Server, generator: Generator, scenario: Scenario, options: argparse.Namespace
) -> None:
    """Alternate rounds of one scenario and print what they gave.

    A pair that proves nothing is run again, twice at most in all: a busy machine disturbs one round, a fault every one.
    """
    pairs: list[tuple[Result, Result]] = []
    repeats, rounds = 2, options.rounds

    def once(server: Server) -> Result:
        return generator.run(server, scenario, options.seconds, feedback=options.feedback)

    while len(pairs) < rounds:
        pair = once(ours), once(theirs)
        figures = ", ".join(f"{result.server} {result.microseconds:.1f} us" for result in pair)
        print(f"  round {len(pairs) + 1} of {rounds}: {figures}", flush=True)
        faults = [f"{result.server}: {fault}" for result in pair for fault in result.faults]
        if faults and repeats:
            repeats -= 1
            print(f"  again, for it proves nothing ({'; '.join(faults)})", flush=True)
        else:
            pairs.append(pair)
    results = [result for pair in pairs for result in pair]
    for line in report.table(results):
        print(f"  {line}")
    print(f"  {report.conditions(results)}")
    for line in report.verdict(pairs, judged=not scenario.mutual):
        print(f"  {line}")
    print(flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: as on the command line."""
    options = _parser().parse_args(arguments)
    available = cores()
    # Ended from outside, we still end the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    server_core, load_core = available[:2] if len(available) >= 2 and not options.no_pin else (None, None)
    try:
        with ExitStack() as stack:
            stack.callback(os.sched_setaffinity, 0, available)
            # Inherited by both servers; the load generator moves to a core of its own.
            stay_on(server_core)
            theirs, ours = (_start(stack, start) for start in (lambda f: start_janus(f, options.loops), start_comity))
            stay_on(load_core)
            generator = Generator(options.kbps, load_core)
            stack.callback(generator.stop)
            pinning = "not pinned to cores"
            if server_core is not None:
                pinning = f"servers on core {server_core}, load on core {load_core}"
            print(_introduction(theirs, options, generator, pinning), flush=True)
            for scenario in SCENARIOS if options.scenario is None else (SCENARIOS[options.scenario],):
                print(f"{scenario.name}:")
                compare(theirs, ours, generator, scenario, options)
    except ServerError as error:
        print(f"The media benchmark could not be run: {error}", file=sys.stderr)
        return 1
    return 0


def _start(stack: ExitStack, start: Any) -> Server:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="comity-bench-")))
    server: Server = start(folder)
    stack.callback(server.stop)
    return server


def _introduction(theirs: Server, options: argparse.Namespace, generator: Generator, pinning: str) -> str:
    loops = f"event_loops={options.loops}" if options.loops else "its default event loops"
    pinning += ", at raised priority" if generator.raised else ""
    return (
        f"Media server beside Janus {theirs.version} with {loops}; {options.rounds} rounds of {options.seconds:g} s"
        f" each, in turn; {pinning}.\nEach publisher sends VP8 at {options.kbps} kbit/s and Opus,"
        f" {generator.packets_per_second:.0f} packets/s, without simulcast; sinks decrypt and compare every packet.\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.media", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=3, help="pairs of rounds for each scenario (3)")
    parser.add_argument("--seconds", type=float, default=10, help="length of the measured part of a round (10)")
    parser.add_argument("--kbps", type=int, default=1000, help="bit rate of each video in kbit/s (1000)")
    parser.add_argument("--loops", type=int, default=0, help="event_loops of Janus (0: its default)")
    parser.add_argument("--scenario", type=int, choices=range(len(SCENARIOS)), help="only this one, from 0 (all)")
    parser.add_argument(
        "--feedback",
        action="store_true",
        help="sinks take part in transport-wide congestion control, where a server does",
    )
    parser.add_argument("--no-pin", action="store_true", help="leave the processes on any core")
    return parser


if __name__ == "__main__":
    sys.exit(main())
