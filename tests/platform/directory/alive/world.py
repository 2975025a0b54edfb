"""A small world: two authorities with focal points, a coordinator, a secretariat, an officer of a third State."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.actor import Actor, Role
from comity.core.db import Database
from comity.core.outbox import OutboxMail
from comity.directory.acting import actor_for
from comity.directory.alive.letters import Mailer
from comity.directory.enlisting import enlist
from comity.directory.entries import load_entries
from comity.directory.loading import _authority, begin_histories
from comity.directory.models import Authority, Network, State
from comity.directory.posts import Post, appoint
from comity.directory.record import NetworkCoordinator
from comity.directory.reference import load_states
from comity.people.models import Account

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MAILER = Mailer("https://comity.example", "comity.example")
SECRET = "a secret that is long enough for a test"
FOCAL, OFFICER, COORDINATOR, SECRETARIAT = (f"{name}@x.example" for name in ("focal", "officer", "coord", "sec"))


@dataclass
class World:
    """A database with the world in it."""

    database: Database

    def actor(self, session: Session, email: str, now: datetime = NOW) -> Actor:
        return actor_for(session, self.account(session, email), now)

    def account(self, session: Session, email: str) -> Account:
        return session.scalars(select(Account).where(Account.email == email)).one()

    def authority(self, session: Session, code: str = "th-a") -> Authority:
        return session.scalars(select(Authority).where(Authority.code == code)).one()

    def mails(self) -> list[OutboxMail]:
        with self.database.reading() as session:
            return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def build(database: Database, *, review: date) -> World:
    """th-a and th-b are due on a day and have one focal point; at-a has an officer and no focal point."""
    with database.writing() as session:
        _states(session, "TH", "AT")
        entries = {entry.code: entry for entry in load_entries()}
        made = {code: _authority(session, entries[code], NOW, set()) for code in ("th-a", "th-b", "at-a")}
        for authority in made.values():
            authority.next_review_on = review
        focal = _person(session, FOCAL)
        for code in ("th-a", "th-b"):
            appoint(session, _post(session, made[code], "Head", focal=True), focal, NOW)
        desk, officer = _post(session, made["at-a"], "Desk"), _person(session, OFFICER)
        appoint(session, desk, officer, NOW)
        enlist(session, desk, officer, NOW).next_review_on = date(2090, 1, 1)
        coordinating = _post(session, made["at-a"], "Coordinator")
        appoint(session, coordinating, _person(session, COORDINATOR), NOW)
        session.add(NetworkCoordinator(network_code="seajust", post_id=coordinating.id, since=NOW))
        _person(session, SECRETARIAT, Role.SECRETARIAT)
        begin_histories(session, NOW)
    return World(database)


def _states(session: Session, *codes: str) -> None:
    """Some States, the first of them member of a network."""
    session.add(Network(code="seajust", name="SEAJust", full_name="SEAJust", year=2020, languages=["en"]))
    for row in load_states():
        if row.iso2 in codes:
            networks = [session.get_one(Network, "seajust")] if row.iso2 == codes[0] else []
            state = State(
                iso2=row.iso2, iso3=row.iso3, kind=row.kind, region=row.region, party=row.party, zone=row.zone,
                languages=list(row.languages), also=list(row.also), networks=networks,
            )  # fmt: skip
            session.add(state)
    session.flush()


def _person(session: Session, email: str, *roles: Role) -> Account:
    account = Account(
        email=email, display_name=email.partition("@")[0].title(), created_at=NOW, roles=[role.value for role in roles]
    )
    session.add(account)
    session.flush()
    return account


def _post(session: Session, authority: Authority, title: str, *, focal: bool = False) -> Post:
    post = Post(authority=authority, title=title, focal=focal, created_at=NOW)
    session.add(post)
    session.flush()
    return post
