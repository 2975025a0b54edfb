"""`comity keys`: master keys, and how one follows another. Prints ids of keys; a key itself by `new` alone."""

from __future__ import annotations

import os
import time
from datetime import UTC

import click

from comity.app import console
from comity.core import sealing
from comity.core.config import MASTER_KEY
from comity.core.kept import KeptSecrets
from comity.core.keys import KeyMissing, Unreadable, fresh_key, key_id, written

_BREATH = 0.1
"""Seconds between two batches: SQLite lets writers of other processes in by turns only if there is a gap."""


@click.group()
def keys() -> None:
    """Master keys, which wrap the key of each consultation."""


@keys.command()
@click.option("--keep", is_flag=True, help="Put it in front of those kept in the data folder, instead of printing it.")
def new(keep: bool) -> None:
    """Make a master key."""
    key = fresh_key()
    if not keep:
        click.echo(written(key))
        return
    if os.environ.get(MASTER_KEY, "").strip():
        console.fail(f"the keys of this installation are those in {MASTER_KEY}: put a new one in front of them there")
    KeptSecrets(console.load_config().data).change(MASTER_KEY, lambda found: f"{written(key)} {found}".strip())
    click.echo(f"The key {key_id(key)} is in front now. Start Comity again, then run `comity keys rotate`.")


@keys.command()
def rotate() -> None:
    """Wrap all keys under the first master key, while Comity runs."""
    config = console.load_config()
    first, done = config.master_keys.first, 0
    try:
        for wrapped in sealing.rotate(console.open_database(config).writing):
            done += wrapped
            click.echo(f"{done} wrapped again", err=True)
            time.sleep(_BREATH)
    except sealing.NotStartedWith:
        console.fail(
            f"Comity has not been started with the key {first} yet, and could not open what is wrapped under it: "
            f"start it again with the same {MASTER_KEY} first"
        )
    except (KeyMissing, Unreadable) as problem:
        console.fail(f"{problem} ({done} wrapped again before that; nothing is lost)")
    click.echo(f"{done} keys wrapped again under {first}")


@keys.command()
def status() -> None:
    """Say how many keys each master key wraps."""
    with console.open_database(console.load_config()).reading() as session:
        states = sealing.status(session)
    for state in states:
        click.echo(f"{state.master}  wraps {state.wraps}  {_described(state)}")


def _described(state: sealing.MasterState) -> str:
    held = "wraps new ones" if state.first else "opens" if state.held else "missing" if state.wraps else "not needed"
    seen = state.seen_at and f", last start {state.seen_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return held + (seen or ", never started with")
