"""`comity audit`: verify the chains, sign checkpoints, give evidence that verifies without Comity."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import func, select

from comity.app import console
from comity.app.verifying import verify_all
from comity.core import checkpoints, evidence, journal
from comity.core.checkpoints import BrokenCheckpoints
from comity.core.clock import SystemClock
from comity.core.signing import NoKey, Signer

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
def verify() -> None:
    """Walk every topic's chain, and compare with the checkpoints; name each break."""
    config = console.load_config()
    database = console.open_database(config)
    try:
        known = checkpoints.read(checkpoints.path_in(config.data), Signer.of(config.audit_key))
    except BrokenCheckpoints as error:
        console.fail(str(error))
    found = verify_all(database, known, SystemClock())
    for one in found:
        click.echo(str(one), err=True)
    with database.reading() as session:
        topics = session.scalar(select(func.count()).select_from(journal.Topic))
    newest = f"checked against {len(known)}, the newest of {known[-1].at:%Y-%m-%d %H:%M} UTC" if known else "none yet"
    click.echo(f"{topics} topics, {len({one.topic for one in found})} broken; checkpoints: {newest}")
    sys.exit(1 if found else 0)


@audit.command()
def checkpoint() -> None:
    """Sign how far every topic has come. The jobs process does it each night."""
    config = console.load_config()
    path = checkpoints.path_in(config.data)
    try:
        with console.open_database(config).reading() as session:
            made = checkpoints.write(session, path, Signer.of(config.audit_key), SystemClock().now())
    except BrokenCheckpoints as error:
        console.fail(str(error))
    click.echo(f"{len(made.moved)} topics moved since the last checkpoint; signature {made.signature}")


@audit.command()
@click.option("--topic", required=True, help="Name of the topic, for example account:1.")
@click.option("-o", "--output", type=_FILE, required=True, help="The file to write; it must not exist.")
def export(topic: str, output: Path) -> None:
    """Write a topic to a signed file, which `comity audit check` verifies anywhere."""
    config = console.load_config()
    draft = output.with_name(f"{output.name}.part")
    if output.exists():
        console.fail(f"{output} exists already")
    try:
        with console.open_database(config).reading() as session, draft.open("wb") as file:
            journal.steady(session)
            held = evidence.export(session, topic, file, Signer.of(config.audit_key), SystemClock().now())
        draft.rename(output)
    except (evidence.NoTopic, evidence.Refused, OSError) as error:
        draft.unlink(missing_ok=True)
        console.fail(str(error))
    click.echo(f"{held.position} entries of {held.topic}, head {held.head}")


@audit.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, help="The installation's public key, from `comity audit public-key`.")
def check(file: Path, key: str) -> None:
    """Verify an exported file. Needs neither a database nor an installation."""
    try:
        held = evidence.check(file, key)
    except (evidence.Refused, NoKey) as error:
        console.fail(str(error))
    click.echo(f"{held.position} entries of {held.topic}, head {held.head}, exported {held.exported_at}: whole")


@audit.command(name="public-key")
def public_key() -> None:
    """Print the key that exports are verified with. Hand it over by another way than the file."""
    click.echo(Signer.of(console.load_config().audit_key).public_key)
