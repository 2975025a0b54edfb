"""The command line: `comity`."""

from __future__ import annotations

import logging
import sys
from urllib.parse import urlsplit

import click
from sqlalchemy import select

from comity.app import demo, jobs, keyring, mail, processes, schema, starting
from comity.app.audit_commands import audit
from comity.app.console import fail, load_config, open_database
from comity.app.margins_commands import margins
from comity.app.provider_commands import provider
from comity.core.actor import Role
from comity.core.clock import SystemClock
from comity.core.config import Config, ConfigurationError
from comity.core.errors import ComityError
from comity.core.i18n import LANGUAGES
from comity.directory.alive import letters
from comity.directory.posts import Post
from comity.directory.vetting.activation import activate_as_operator
from comity.directory.vetting.leaving import take_over
from comity.directory.vetting.mails import Sender
from comity.directory.vetting.models import Nomination
from comity.directory.vocabulary import Vetting
from comity.people import services as people
from comity.people.factors.services import forget_factors
from comity.people.models import Account


@click.group()
@click.version_option(package_name="comity")
def main() -> None:
    """Comity: direct contact between central authorities."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)


@main.command()
@click.option(
    "--prepare", is_flag=True, help="First bring the database up to date and load demonstration data if asked for."
)
def serve(prepare: bool) -> None:
    """Start the web, media, mail and jobs processes and keep them running."""
    config = load_config()
    for taken in processes.taken_ports(config):
        raise click.ClickException(
            f"port {taken.port} on {taken.host} is taken by another program. "
            f"End that program, or choose another port with {taken.variable}."
        )
    if prepare:
        _prepare(config)
    try:
        starting.require_keys(config, SystemClock().now())
    except ConfigurationError as error:
        fail(str(error))
    click.echo("Starting")
    sys.exit(processes.serve(config, when_ready=lambda: _announce(config)))


def _prepare(config: Config) -> None:
    click.echo("Bringing the database up to date")
    database = open_database(config)
    schema.upgrade(database)
    if config.demo:
        click.echo("Loading demonstration data")
    with database.writing() as session:
        if config.demo:
            demo.load(session, SystemClock().now())
        else:
            demo.load_reference(session, SystemClock().now())
    database.dispose()


def _announce(config: Config) -> None:
    lines = ["", f"Comity is ready: {config.base_url}   (Ctrl+C ends it)"]
    if config.demo:
        lines += ["", "Sign in with one click as"]
        lines += [line for link in demo.sign_in_links(config) for line in (f"  {link.who}", f"    {link.url}")]
    click.echo("\n".join([*lines, ""]))


@main.command()
def deliver() -> None:
    """Deliver the mail that is due, once. The mail process does it all the time."""
    config = load_config()
    click.echo(_deliver(config))


def _deliver(config: Config) -> int:
    transport, mailer = mail.transport_for(config), letters.mailer(config)
    return mail.deliver_due(open_database(config), transport, SystemClock(), config.mail_from, mailer)


@main.command()
def work() -> None:
    """Run every job once. The jobs process runs each when it is due."""
    config = load_config()
    jobs.run_all(config, open_database(config), SystemClock())


@main.command(name="demo")
def load_demo() -> None:
    """Load reference and demonstration data and print one-click sign-in links."""
    config = load_config()
    if not config.demo:
        raise click.ClickException("demonstration data is for trying Comity out: set COMITY_DEMO=1")
    with open_database(config).writing() as session:
        demo.load(session, SystemClock().now())
    for link in demo.sign_in_links(config):
        click.echo(f"  {link.who}\n    {link.url}")


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema and reference data."""
    database = open_database(load_config())
    schema.upgrade(database)
    with database.writing() as session:
        demo.load_reference(session, SystemClock().now())


main.add_command(keyring.keys)


@main.group()
def user() -> None:
    """People."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The name as the person writes it.")
@click.option("--post", "post_id", type=int, help="Number of the post that the person will hold.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone, for example Europe/Vienna.")
@click.option("--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True)
def invite(email: str, name: str, post_id: int | None, language: str, zone: str, roles: tuple[str, ...]) -> None:
    """Invite a person and print the link, which is good once."""
    config, now = load_config(), SystemClock().now()
    try:
        with open_database(config).writing() as session:
            token = people.invite(
                session, email=email, display_name=name, locale=language, zone=zone,
                roles=frozenset(Role(role) for role in roles), now=now,
            )  # fmt: skip
            if post_id is not None:
                post = session.get(Post, post_id)
                if post is None:
                    fail(f"there is no post with the number {post_id}")
                account = session.scalars(select(Account).where(Account.email == email.strip().lower())).one()
                take_over(session, post, account, now, by=None, sender=_sender(config))
    except ComityError as error:
        fail(str(error))
    click.echo(f"{config.base_url}/invitations/{token}")


@user.command(name="let-in")
@click.argument("email")
def let_in(email: str) -> None:
    """Let in whom a member of the secretariat nominated and confirmed, in place of a second member.

    For the first focal point of an authority while the secretariat has one member. The invitation goes out by mail.
    """
    config, now = load_config(), SystemClock().now()
    waiting = (Nomination.email == email.strip().lower(), Nomination.stage == Vetting.CONFIRMED)
    try:
        with open_database(config).writing() as session:
            found = session.scalars(select(Nomination).where(*waiting).with_for_update()).first()
            if found is None:
                fail("nobody with this address is confirmed and waits to be let in")
            activate_as_operator(session, found, now, _sender(config))
            click.echo(f"{found.name} holds the post {found.post_title}, {found.authority.name_en}")
    except ComityError as error:
        fail(str(error))


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Let a person begin anew who has lost every way in, and print an invitation.

    Make sure first, and not by e-mail alone, that it is this person who asks. Password, passkeys, one-time codes and
    recovery codes are taken away, and every browser is signed out. The journal keeps that it happened.
    """
    config, now = load_config(), SystemClock().now()
    try:
        with open_database(config).writing() as session:
            account = people.find_account(session, email)
            if account is None:
                fail("nobody has this address")
            forget_factors(session, account.id, now)
            token = people.invite(
                session, email=account.email, display_name=account.display_name, locale=account.locale,
                zone=account.zone, roles=frozenset(), now=now,
            )  # fmt: skip
    except ComityError as error:
        fail(str(error))
    click.echo(f"{config.base_url}/invitations/{token}")


def _sender(config: Config) -> Sender:
    return Sender(config.base_url, urlsplit(config.base_url).hostname or "localhost")


main.add_command(audit)
main.add_command(margins)
main.add_command(provider)


if __name__ == "__main__":
    main()
