"""What the commands share: configuration and database, and the one way to fail."""

from __future__ import annotations

from typing import NoReturn

import click

from comity.app import starting
from comity.core import config as configuration
from comity.core.config import Config, ConfigurationError
from comity.core.db import Database


def load_config() -> Config:
    """The configuration; ends the command with the variable's name and the reason where it cannot be used."""
    try:
        return configuration.load()
    except ConfigurationError as error:
        fail(str(error))


def open_database(config: Config) -> Database:
    """The database, closed at the end of the command."""
    opened = starting.database_of(config)
    click.get_current_context().call_on_close(opened.dispose)
    return opened


def fail(reason: str) -> NoReturn:
    """End the command. reason: for the person at the keyboard."""
    raise click.ClickException(reason)
