"""What the commands share: configuration and database, and the one way to fail."""

from __future__ import annotations

from typing import NoReturn

import click

from comity.app import starting
from comity.core import config as configuration
from comity.core.config import Config, ConfigurationError
from comity.core.db import Database


def load_config() -> Config:
    """The configuration; ends the command for a wrong one."""
    try:
        return configuration.load()
    except ConfigurationError as error:
        fail(str(error))


def open_database(config: Config) -> Database:
    return starting.database_of(config)


def fail(reason: str) -> NoReturn:
    """End the command with a reason."""
    raise click.ClickException(reason)
