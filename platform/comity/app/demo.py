"""Demonstration data and the links that sign in to it. Nothing here is real, and every page says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from comity.app.demo_people import load_people
from comity.core.config import Config
from comity.directory import loading
from comity.people.demonstration import demonstration_token


@dataclass(frozen=True, slots=True)
class SignInLink:
    """who: for the person who starts Comity. url: signs in with one click."""

    who: str
    url: str


def load_reference(session: Session, now: datetime) -> None:
    """States and other Parties, regional groups, networks, and a history for what has none. Runs again without harm."""
    loading.load_reference(session)
    loading.begin_histories(session, now)


def load(session: Session, now: datetime) -> None:
    """Reference and demonstration data. Runs again without harm."""
    loading.load_reference(session)
    loading.load_demonstration(session, now)
    load_people(session, now)


def sign_in_links(config: Config) -> list[SignInLink]:
    """The links of the people whom a visitor can be: officers of two States and an organiser."""
    return [
        SignInLink(
            f"{person.display_name}, {person.role_in_words}",
            f"{config.base_url}/sign-in/demonstration/{demonstration_token(config.secret_key, person.email)}",
        )
        for person in loading.featured_people()
    ]
