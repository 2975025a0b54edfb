"""The load generator's process: a job on each line of standard input, its result on a line of standard output."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import json
import os
import sys
from typing import Any

import aiohttp
import uvloop

from tests.benchmarks.media import samples
from tests.benchmarks.media.measure import Result, measure
from tests.benchmarks.media.priority import raise_priority, stay_on
from tests.benchmarks.media.scenarios import Load, Scenario, Target
from tests.benchmarks.media.sink import Published


async def run(target: Target, scenario: Scenario, seconds: float, media: samples.Samples) -> Result:
    """Populate a scenario on a server, measure it, and leave."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        load = Load(client, target, media, Published.of(media))
        try:
            await load.populate(scenario)
            return await measure(load, scenario, seconds)
        finally:
            await load.close()


def main() -> None:
    """Serve jobs until standard input ends. argv: the video bit rate in kbit/s, then the core to stay on, or -1."""
    core = int(sys.argv[2])
    stay_on(core if core >= 0 else None)
    raised = raise_priority(os.getpid())
    media = samples.make(int(sys.argv[1]))
    print(json.dumps({"packets_per_second": media.packets_per_second, "raised": raised}), flush=True)
    gc.disable()
    for line in sys.stdin:
        job = json.loads(line)
        target, scenario = Target(**job["target"]), Scenario(**job["scenario"])
        reply: dict[str, Any]
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                result = runner.run(run(target, scenario, job["seconds"], media))
            reply = {"result": dataclasses.asdict(result)}
        except Exception as error:  # the cause goes to whoever asked, and ends the benchmark there
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)
        gc.collect()


if __name__ == "__main__":
    main()
