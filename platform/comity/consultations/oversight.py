"""Who could read a consultation on a day, and who did: the same for both sides.

Days are those of UTC, so that both sides speak of the same one. IP addresses stand in the trail and are not shown here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from comity.consultations.looks import WORDS
from comity.consultations.models import Consultation
from comity.consultations.participation import consultation_for
from comity.consultations.sealed import subject_of
from comity.consultations.timeline import their_zone
from comity.core import audit
from comity.core.actor import Actor
from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.core.journal import JournalEntry
from comity.directory.names import state_name
from comity.directory.posts import Holding, Post
from comity.people.models import Account


@dataclass(frozen=True, slots=True)
class Held:
    """A post that was held in the span. since, until: set where the holder changed within it."""

    title: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who could read. first, last: when they were noted to look, if they did. ways: message ids, how."""

    name: str
    posts: tuple[Held, ...]
    first: datetime | None
    last: datetime | None
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A party. state: in the reader's language."""

    state: str
    authority: str
    ours: bool
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """What the page shows of a day. earlier, later: the days beside it, where the consultation existed."""

    public_id: str
    reference: str
    subject: str
    on: date
    opened_on: date
    today: date
    earlier: date | None
    later: date | None
    other_zone: str | None
    sides: tuple[Side, ...]


def readers_on(session: Session, actor: Actor, now: datetime, public_id: str, on: date) -> Readers:
    """Who could read a consultation on a day in UTC, and who did.

    Raises NotFound for who is no party, Invalid for a day before the consultation or one that has not come.
    """
    consultation = consultation_for(session, actor, public_id)
    opened_on, today = consultation.created_at.date(), now.astimezone(UTC).date()
    if on > today:
        raise Invalid(N_("This day has not come yet."), field="on")
    if on < opened_on:
        raise Invalid(N_("The consultation did not exist yet on this day."), field="on")
    since = max(datetime.combine(on, time(), UTC), consultation.created_at)
    until = datetime.combine(on, time(), UTC) + timedelta(days=1)
    return Readers(
        public_id=consultation.public_id,
        reference=consultation.reference,
        subject=subject_of(session, consultation, actor.locale),
        on=on,
        opened_on=opened_on,
        today=today,
        earlier=on - timedelta(days=1) if on > opened_on else None,
        later=on + timedelta(days=1) if on < today else None,
        other_zone=their_zone(actor, consultation),
        sides=_sides(session, actor, consultation, since, min(until, now)),
    )


def _sides(
    session: Session, actor: Actor, consultation: Consultation, since: datetime, until: datetime
) -> tuple[Side, ...]:
    looks: dict[int, list[JournalEntry]] = {}
    # A look at this very instant counts, such as the one at this page.
    for entry in audit.looks(session, consultation.topic, since, until + timedelta(microseconds=1)):
        looks.setdefault(entry.account_id or 0, []).append(entry)
    found = _holdings(session, consultation.authority_ids, since, until)
    sides = []
    for party in sorted(consultation.parties, key=lambda party: party.authority_id not in actor.authority_ids):
        people: dict[int, tuple[Account, list[Held]]] = {}
        for holding in found:
            if holding.post.authority_id == party.authority_id:
                posts = people.setdefault(holding.account_id, (holding.account, []))[1]
                posts.append(_held(holding, since, until))
        shown = tuple(_person(account, held, looks.get(account.id, ())) for account, held in people.values())
        authority = party.authority
        ours = authority.id in actor.authority_ids
        sides.append(Side(state_name(authority.state_iso2, actor.locale), authority.name_en, ours, shown))
    return tuple(sides)


def _holdings(session: Session, authorities: Iterable[int], since: datetime, until: datetime) -> Sequence[Holding]:
    query = (
        select(Holding)
        .join(Post)
        .join(Account)
        .where(Post.authority_id.in_(list(authorities)), Holding.since <= until)
        .where(or_(Holding.until.is_(None), Holding.until > since))
        .where(or_(Account.closed_at.is_(None), Account.closed_at > since))
        .options(joinedload(Holding.post), joinedload(Holding.account))
        .order_by(Holding.since, Holding.id)
    )
    return session.scalars(query).all()


def _held(holding: Holding, since: datetime, until: datetime) -> Held:
    began = holding.since if holding.since > since else None
    ended = holding.until if holding.until and holding.until <= until else None
    return Held(holding.post.title, began, ended)


def _person(account: Account, posts: list[Held], looks: Sequence[JournalEntry]) -> Person:
    times = [entry.at for entry in looks]
    kinds = {entry.kind for entry in looks}
    return Person(
        name=account.display_name,
        posts=tuple(posts),
        first=min(times, default=None),
        last=max(times, default=None),
        ways=tuple(words for way, words in WORDS.items() if way.value in kinds),
    )
