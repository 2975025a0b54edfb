"""`comity margins solve`: the margins solver alone, from one file to another."""

from __future__ import annotations

import json
from pathlib import Path

import click

from comity.sessions.margins.problem import ProblemError, parse
from comity.sessions.margins.solving import SECONDS, solve


@click.group()
def margins() -> None:
    """The timetable of meetings in the margins of a session."""


@margins.command("solve")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="IN.json")
@click.argument("target", type=click.Path(dir_okay=False, writable=True, path_type=Path), metavar="OUT.json")
@click.option("--seconds", type=click.FloatRange(min=1), default=SECONDS, show_default=True, help="Search no longer.")
def solve_file(source: Path, target: Path, seconds: float) -> None:
    """Solve the round that IN.json describes and write the timetable to OUT.json."""
    try:
        problem = parse(json.loads(source.read_bytes()))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{source} is no JSON document: {error}") from error
    except ProblemError as error:
        raise click.ClickException(f"{source}: {error}") from error
    found = solve(problem, seconds)
    target.write_text(json.dumps(found.document(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    click.echo(
        f"{found.status.value}: {len(found.meetings)} of {len(problem.wishes)} wishes met, "
        f"objective {found.objective:g}, bound {found.bound:g}, {found.seconds:.1f} s"
    )
