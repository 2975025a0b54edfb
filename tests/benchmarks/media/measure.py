"""One measurement: CPU of a server process over a window, and what its sinks received in it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.media.peer import Peer
from tests.benchmarks.media.scenarios import Load, Scenario
from tests.benchmarks.media.sink import Counts

_TICKS = os.sysconf("SC_CLK_TCK")
_SETTLE = 3.0
_TOLERATED_LOSS, _TOLERATED_BACKLOG = 0.01, 0.05


@dataclass(frozen=True, slots=True)
class Result:
    """What one round gave.

    seconds: length of the window. cpu_user, cpu_system: CPU seconds of all threads of the server in it.
    sent: RTP packets published. due: how many of them sinks should have received. received: RTP packets that sinks
    decrypted. lost: share that never came, by sequence number.
    delay, delay_99: milliseconds from sending to decrypted, median and 99th percentile.
    generator: the load generator's share of its core. lag: worst delay of a publisher behind its own clock, in
    milliseconds. profile: SRTP protection profile. feedback: transport-wide feedback messages a second from sinks.
    """

    server: str
    seconds: float
    cpu_user: float
    cpu_system: float
    sent: int
    due: int
    received: int
    megabits: float
    lost: float
    forged: int
    foreign: int
    streams: int
    streams_due: int
    delay: float
    delay_99: float
    generator: float
    lag: float
    profile: str
    feedback: float

    @property
    def microseconds(self) -> float:
        """CPU per forwarded packet in microseconds."""
        return (self.cpu_user + self.cpu_system) * 1e6 / self.received

    @property
    def faults(self) -> list[str]:
        """Why this round proves nothing; empty when it does."""
        found = []
        if self.forged:
            found.append(f"{self.forged} packets failed authentication")
        if self.foreign:
            found.append(f"{self.foreign} packets were not what was published")
        if self.streams != self.streams_due:
            found.append(f"{self.streams} streams arrived, {self.streams_due} were due")
        if self.lost > _TOLERATED_LOSS:
            found.append(f"{self.lost:.1%} of packets were lost, {_TOLERATED_LOSS:.0%} is tolerated")
        if abs(self.received - self.due) > self.due * _TOLERATED_BACKLOG:
            found.append(f"{self.received} packets arrived while {self.due} were due: the machine did not keep pace")
        return found


@dataclass(frozen=True, slots=True)
class _Moment:
    wall: float
    user: float
    system: float
    own: float
    sent: int
    counts: Counts

    @classmethod
    def now(cls, pid: int, peers: Iterable[Peer]) -> _Moment:
        user, system = cpu_seconds(pid)
        peers = list(peers)
        sent = sum(peer.source.packets for peer in peers if peer.source)
        counts = reduce(add, (peer.sink.counts() for peer in peers), Counts())
        return cls(time.monotonic(), user, system, time.process_time(), sent, counts)


def cpu_seconds(pid: int) -> tuple[float, float]:
    """User and system CPU seconds of a process, all its threads included (proc(5), /proc/pid/stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / _TICKS, int(fields[12]) / _TICKS


async def measure(load: Load, scenario: Scenario, seconds: float) -> Result:
    """Let the load settle, then measure it for a while. load: populated with the scenario."""
    await asyncio.sleep(_SETTLE)
    peers, pid = load.peers, load.target.pid
    for peer in peers:
        peer.sink.delays.clear()
        if peer.source:
            peer.source.latest = 0.0
    before = _Moment.now(pid, peers)
    await asyncio.sleep(seconds)
    after = _Moment.now(pid, peers)
    counts, wall = after.counts - before.counts, after.wall - before.wall
    percentiles = _percentiles([delay for peer in peers for delay in peer.sink.delays])
    return Result(
        server=load.target.kind,
        seconds=wall,
        cpu_user=after.user - before.user,
        cpu_system=after.system - before.system,
        sent=after.sent - before.sent,
        due=(after.sent - before.sent) * scenario.fan_out,
        received=counts.packets,
        megabits=counts.octets * 8 / 1e6 / wall,
        lost=max(0.0, 1 - counts.packets / counts.expected) if counts.expected else 1.0,
        forged=after.counts.forged,
        foreign=after.counts.foreign,
        streams=after.counts.streams,
        streams_due=scenario.streams,
        delay=percentiles[0],
        delay_99=percentiles[1],
        generator=(after.own - before.own) / wall,
        lag=max((peer.source.latest for peer in peers if peer.source), default=0.0) * 1000,
        profile=", ".join(sorted({peer.transport.profile for peer in peers})),
        feedback=counts.feedback / wall,
    )


def _percentiles(delays: list[float]) -> tuple[float, float]:
    if len(delays) < 2:
        return 0.0, 0.0
    return median(delays) * 1000, quantiles(delays, n=100)[98] * 1000
