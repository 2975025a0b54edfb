"""The printed comparison. Pure: results in, lines out. No ratio is given for rounds that prove nothing."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from tests.benchmarks.media.measure import Result

TARGET = 1.0
"""The most CPU per forwarded packet we allow ourselves, in units of what Janus takes."""
_HEAD = (
    "server",
    "us/packet min",
    "median",
    "max",
    "user",
    "system",
    "packets/s",
    "Mbit/s",
    "lost",
    "delay ms",
    "99 %",
)


def table(results: Sequence[Result]) -> list[str]:
    """A line for each server: CPU per forwarded packet over all rounds, and what was forwarded."""
    names = list(dict.fromkeys(result.server for result in results))
    rows = [_HEAD, *(_row(name, [result for result in results if result.server == name]) for name in names)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _row(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    costs = [result.microseconds for result in results]
    shares = [result.cpu_user / (result.cpu_user + result.cpu_system) for result in results]
    user = median(shares)
    return (
        name,
        f"{min(costs):.1f}",
        f"{median(costs):.1f}",
        f"{max(costs):.1f}",
        f"{user:.0%}",
        f"{1 - user:.0%}",
        f"{median(result.received / result.seconds for result in results):.0f}",
        f"{median(result.megabits for result in results):.1f}",
        f"{max(result.lost for result in results):.2%}",
        f"{median(result.delay for result in results):.2f}",
        f"{median(result.delay_99 for result in results):.2f}",
    )


def ratios(pairs: Sequence[tuple[Result, Result]]) -> list[float]:
    """Ours over theirs, for each pair of rounds run one after the other."""
    return [ours.microseconds / theirs.microseconds for ours, theirs in pairs]


def verdict(pairs: Sequence[tuple[Result, Result]], *, judged: bool) -> list[str]:
    """The ratio of each pair and their median, or what forbids to give one.

    judged: whether the target holds for this scenario.
    """
    faults = [
        f"  round {number}, {result.server}: {fault}"
        for number, pair in enumerate(pairs, 1)
        for result in pair
        for fault in result.faults
    ]
    if faults:
        return ["No ratio: these rounds prove nothing.", *faults]
    found = ratios(pairs)
    middle = median(found)
    line = f"Comity / Janus, CPU per forwarded packet: {middle:.2f} (pairs: {', '.join(f'{r:.2f}' for r in found)})"
    if judged:
        line += f": within target (<= {TARGET:.1f})" if middle <= TARGET else f": over target (<= {TARGET:.1f})"
    return [line]


def conditions(results: Sequence[Result]) -> str:
    """How the load generator fared: where it cannot keep up, the figures are its own."""
    share = max(result.generator for result in results)
    lag = max(result.lag for result in results)
    profiles = sorted({result.profile for result in results})
    servers = dict.fromkeys(result.server for result in results)
    feedback = ", ".join(f"{name} {max(r.feedback for r in results if r.server == name):.0f}/s" for name in servers)
    text = f"load generator: at most {share:.0%} of a core, {lag:.0f} ms late; {', '.join(profiles)}"
    text += f"; transport-wide feedback from sinks to {feedback}"
    return text + ("; it is saturated, lower --kbps" if share > 0.9 else "")
