"""An authority with a focal point and an officer, another one without, and a secretariat of two."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.actor import Actor, Role
from comity.core.db import Database
from comity.core.outbox import OutboxMail
from comity.directory.acting import actor_for
from comity.directory.enlisting import enlist
from comity.directory.models import Authority, Network, State
from comity.directory.posts import Post
from comity.directory.vetting.mails import Sender
from comity.directory.vetting.nominations import Draft
from comity.people.models import Account
from tests.platform.consultations.world import World, build
from tests.platform.directory.moments import NOW

SENDER = Sender("https://comity.test", "comity.test")


@dataclass(frozen=True)
class Office:
    """anton: Austria's focal point; clara: officer there; somsri: Thailand's officer; noor, sami: the secretariat."""

    database: Database
    world: World
    sami: Actor
    posts: dict[str, int]

    def actor(self, name: str) -> Actor:
        """Somebody as they are now."""
        with self.database.reading() as session:
            account = session.scalars(select(Account).where(Account.email == f"{name}@comity.example")).one()
            return actor_for(session, account, NOW)

    def draft(self, **changes: object) -> Draft:
        fields: dict[str, object] = {
            "authority_id": self.world.austria, "post_id": None, "post_title": "Duty officer", "name": "Nova Muster",
            "email": "Nova@justice.at.example", "locale": "fr", "role": "prosecutor", "languages": ("en", "fr"),
        }  # fmt: skip
        return Draft(**(fields | changes))  # type: ignore[arg-type]

    def mails(self, session: Session, to: str) -> list[OutboxMail]:
        return list(session.scalars(select(OutboxMail).where(OutboxMail.recipient == to).order_by(OutboxMail.id)))


@pytest.fixture
def office(database: Database) -> Office:
    world = build(database)
    with database.writing() as session:
        posts = {post.title.split()[-2].lower(): post for post in session.scalars(select(Post))}
        posts["anton"].focal = True
        network = Network(
            code="netw", name="NETW", full_name="Network", year=2002, languages=["en"],
            members=[session.get_one(State, "AT")],
        )  # fmt: skip
        session.add(network)
        sami = Account(
            email="sami@comity.example", display_name="Sami Sample", locale="en", zone="UTC",
            roles=[Role.SECRETARIAT.value], created_at=NOW,
        )  # fmt: skip
        session.add(sami)
        session.flush()
        for name in ("anton", "clara", "somsri"):
            account = session.scalars(select(Account).where(Account.email == f"{name}@comity.example")).one()
            enlist(session, posts[name], account, NOW)
        assert session.get_one(Authority, world.austria).state.networks
        actor = actor_for(session, sami, NOW)
    return Office(database, world, actor, {name: post.id for name, post in posts.items()})
