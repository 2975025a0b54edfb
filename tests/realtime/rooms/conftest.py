"""A consultation between Austria and Thailand, and people who are and who are not party to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.consultations import services as consultations
from comity.consultations.models import Consultation
from comity.core.actor import Actor
from comity.directory.acting import actor_for
from comity.people.models import Account

Start = Callable[[Session, datetime], "World"]


@dataclass(frozen=True, slots=True)
class World:
    """Actors by what they are, and the consultation that the first two have."""

    austria: Actor
    thailand: Actor
    third: Actor
    secretariat: Actor
    consultation: Consultation
    subject: str


def _world(session: Session, now: datetime) -> World:
    accounts = session.scalars(select(Account).order_by(Account.id))
    actors = [actor_for(session, account, now) for account in accounts]

    def of(state: str) -> Actor:
        return next(actor for actor in actors if any(post.state == state for post in actor.posts))

    austria, thailand = of("AT"), of("TH")
    opening = consultations.Opening(
        authority_id=thailand.posts[0].authority_id,
        subject="Bank records, operation Larch",
        stage="before-submission",
        kind="mutual-legal-assistance",
        side="requesting",
        reference="GZ 12/2026",
        client_id="a-client-that-opened-it",
    )
    opened = consultations.start(session, austria, now, opening)
    return World(austria, thailand, of("KE"), next(a for a in actors if a.is_secretariat), opened, opening.subject)


@pytest.fixture
def start() -> Start:
    """Opens the consultation in a database that has the demonstration data."""
    return _world
