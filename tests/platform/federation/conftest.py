"""An installation whose Austrian authority signs in by a provider of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from comity.core import journal
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post, in_force
from comity.federation import registry
from comity.federation.registry import New
from comity.people.models import Account, SignInSession
from comity.people.services import find_account, invite
from comity.people.sessions import sessions_of
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.openid.server import OpenIdProvider, Person, openid_provider
from tests.support.people import AUSTRIA

NOVA = "nova@justice.at.example"
SUBJECT = "nova-at-the-ministry"
DOMAIN = "justice.at.example"
GROUP = "mutual-assistance"


@pytest.fixture(scope="session")
def openid() -> Iterator[OpenIdProvider]:
    """One provider for all tests of a process."""
    with openid_provider() as running:
        yield running


@dataclass(frozen=True)
class Site:
    """The installation. code: of its provider. post: that the provider's group gives."""

    application: Flask
    database: Database
    openid: OpenIdProvider
    clock: SetClock
    client_id: str
    post: int
    code: str = "at"

    @property
    def base_url(self) -> str:
        return str(self.application.extensions["comity"].config.base_url)

    def visitor(self) -> Visitor:
        return Visitor(self.application)

    def person(self, *, sub: str = SUBJECT, amr: list[str] | None = None, acr: str = "", **claims: object) -> None:
        """Change Nova at the provider. claims: on top of a verified address and the group."""
        usual = {"email": NOVA, "email_verified": True, "groups": [GROUP]}
        self.openid.person("nova", sub, amr=amr, acr=acr, **{**usual, **claims})

    def back(self, visitor: Visitor, there: Person | None = None, onward: str = "/account") -> str:
        """Send a browser there; the path and query that it comes back with."""
        away = visitor.get(f"/sign-in/with/{self.code}", query_string={"next": onward})
        assert away.status_code == 302, away.text
        parts = urlsplit((there or Person(self.openid, "nova")).sign_in(away.location))
        return f"{parts.path}?{parts.query}"

    def come_in(self, visitor: Visitor, there: Person | None = None) -> TestResponse:
        """There and back again."""
        return visitor.get(self.back(visitor, there))

    def account(self, email: str = NOVA) -> Account:
        with self.database.reading() as session:
            found = find_account(session, email)
        assert found is not None
        return found

    def posts(self, email: str = NOVA) -> set[int]:
        """What somebody holds now."""
        with self.database.reading() as session:
            return set(actor_for(session, self.account(email), self.clock.now()).post_ids)

    def open_sessions(self, email: str = NOVA) -> list[SignInSession]:
        with self.database.reading() as session:
            return list(sessions_of(session, self.account(email).id, self.clock.now()))

    def journal(self, topic: str | None = None) -> list[tuple[str, dict[str, object]]]:
        """What the journal says of Nova, or of another topic."""
        with self.database.reading() as session:
            entries = journal.read(session, topic or f"account:{self.account().id}")
        return [(entry.kind, entry.payload) for entry in entries]


@pytest.fixture
def bare(engines: Engines, tmp_path: Path, clock: SetClock, openid: OpenIdProvider) -> Iterator[Site]:
    """The installation with a provider whose second factor does not count, and with nobody invited."""
    with engines.sqlite(demonstration=True) as database:
        application = make_application(database, tmp_path, clock, COMITY_OUTGOING_LOOPBACK="1")
        config = application.extensions["comity"].config
        client_id, secret = openid.register(config.base_url, "at")
        with database.writing() as session:
            post = austrian_post(session)
            new = New(
                "at", post.authority.code, "Ministry of Justice", openid.issuer, client_id, secret, (DOMAIN,),
                scopes=("groups",), acr_values=("urn:test:two",),
            )  # fmt: skip
            registry.add(session, new, clock.now(), secret_key=config.secret_key)
            registry.map_group(session, "at", GROUP, post.id, clock.now())
            number = post.id
        found = Site(application, database, openid, clock, client_id, number)
        found.person()
        yield found


@pytest.fixture
def site(bare: Site) -> Site:
    """The same, with Nova invited."""
    with bare.database.writing() as session:
        invite(session, NOVA, "Nova Muster", "en", "Europe/Vienna", (), bare.clock.now())
    return bare


def austrian_post(session: Session) -> Post:
    """A post of its own at the authority where the demonstration's Austrian officer is."""
    account = find_account(session, AUSTRIA)
    assert account is not None
    query = select(Holding).where(Holding.account_id == account.id)
    authority = session.scalars(query).first()
    assert authority is not None
    post = Post(authority=session.get_one(Authority, authority.post.authority_id), title="Duty desk")
    post.created_at = authority.since
    session.add(post)
    session.flush()
    return post


def holdings(session: Session, post_id: int, site: Site) -> list[int]:
    """The accounts that hold a post now."""
    query = select(Holding.account_id).where(Holding.post_id == post_id, *in_force(site.clock.now()))
    return list(session.scalars(query))
