"""`comity provider`: which authorities sign in by a provider of their own. Prints no secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

from comity.app import console
from comity.core.clock import Clock, SystemClock
from comity.core.config import Config
from comity.core.errors import ComityError, Conflict, Invalid, NotFound
from comity.core.outgoing import Outgoing
from comity.federation import registry
from comity.federation.client import Client, Settings
from comity.federation.errors import ProviderAway, Untrusted
from comity.federation.registry import Line, New

_SECRET = click.option(
    "--secret-file", type=click.File(), required=True, help="File with the client's secret; - reads it from the input."
)


@click.group()
def provider() -> None:
    """OpenID providers of authorities."""


@provider.command()
@click.argument("code")
@click.option("--authority", required=True, help="Code of the authority in the directory.")
@click.option("--name", required=True, help="What stands on the sign-in button.")
@click.option("--issuer", required=True, help="https://…, exactly as the provider writes it.")
@click.option("--client-id", required=True)
@_SECRET
@click.option("--domain", "domains", multiple=True, required=True, help="Of addresses it may vouch for; repeatable.")
@click.option("--scope", "scopes", multiple=True, help="Beside openid and email; repeatable.")
@click.option("--groups-claim", default="groups", show_default=True, help="Claim with the person's groups.")
@click.option("--counts-factor", is_flag=True, help="Its own second factor counts here, where a token proves one.")
@click.option("--acr", "acr_values", multiple=True, help="A class of authentication that is a second factor.")
def add(secret_file: TextIO, **given: Any) -> None:
    """Add a provider, once it has answered, and print the addresses to configure there."""
    config, clock = console.load_config(), SystemClock()
    lists: dict[str, Any] = {name: tuple(given.pop(name)) for name in ("domains", "scopes", "acr_values")}
    new = New(client_secret=secret_file.read().strip(), **given, **lists)
    with _explained(new.authority):
        registry.check(new, loopback=config.outgoing_loopback)
        _ask(config, clock, new)
        with console.open_database(config).writing() as session:
            registry.add(session, new, clock.now(), secret_key=config.secret_key)
    _print_addresses(config, new.code)


@provider.command(name="list")
def list_all() -> None:
    """Print the providers, what their groups give, and the addresses to configure there."""
    config = console.load_config()
    with console.open_database(config).reading() as session:
        for line in registry.lines(session):
            _print_line(line)
            for number, title in registry.posts_of(session, line.authority_id):
                click.echo(f"  post {number}: {title}")
            _print_addresses(config, line.code)


@provider.command()
@click.argument("code")
@click.argument("group")
@click.option("--post", "post_id", type=int, required=True, help="Number of a post at the provider's authority.")
@click.option("--remove", is_flag=True, help="The group gives it no longer; members lose it at their next sign-in.")
def group(code: str, group: str, post_id: int, remove: bool) -> None:
    """Have the members of a group hold a post."""
    change = registry.unmap_group if remove else registry.map_group
    with _explained(f"{code} {group} {post_id}"), console.open_database(console.load_config()).writing() as session:
        change(session, code, group, post_id, SystemClock().now())


@provider.command()
@click.argument("code")
@_SECRET
def secret(code: str, secret_file: TextIO) -> None:
    """Take another client secret."""
    config = console.load_config()
    with _explained(code), console.open_database(config).writing() as session:
        key = config.secret_key
        registry.set_secret(session, code, secret_file.read().strip(), SystemClock().now(), secret_key=key)


@provider.command()
@click.argument("code")
def remove(code: str) -> None:
    """Take a provider away: who came by it is signed out, and what its groups gave ends."""
    with _explained(code), console.open_database(console.load_config()).writing() as session:
        ended = registry.remove(session, code, SystemClock().now())
    click.echo(f"{ended} signed out")


def _ask(config: Config, clock: Clock, new: New) -> None:
    """See that the provider answers, and that we can work with it."""
    settings = Settings(
        0, new.code, new.name, new.issuer, new.client_id, new.client_secret, new.scopes, new.groups_claim,
        new.counts_factor, new.acr_values,
    )  # fmt: skip
    Client(Outgoing(loopback=config.outgoing_loopback), clock).metadata(settings)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """End the command with a reason, where something does not work."""
    try:
        yield
    except (ProviderAway, Untrusted) as error:
        console.fail(f"the provider cannot be used: {error.reason}")
    except NotFound:
        console.fail(f"there is no such thing: {what}")
    except Conflict:
        console.fail("there is one already")
    except Invalid as error:
        console.fail(f"{error.field} cannot be used")
    except ComityError as error:
        console.fail(str(error))


def _print_line(line: Line) -> None:
    factor = "its second factor counts" if line.counts_factor else "our second factor is asked for"
    domains = ", ".join(line.domains)
    click.echo(f"{line.code}  {line.name}  {line.authority}  {line.issuer}  {domains}; {factor}; {line.people} people")
    for name, number, title in line.groups:
        click.echo(f"  group {name} holds post {number}: {title}")


def _print_addresses(config: Config, code: str) -> None:
    base = f"{config.base_url}/sign-in/with/{code}"
    click.echo(f"  redirect URI             {base}/back")
    click.echo(f"  back-channel logout URI  {base}/logout")
    click.echo(f"  post-logout redirect URI {config.base_url}/sign-in")
