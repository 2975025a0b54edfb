"""Records that are to be confirmed: authorities and practitioners as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from comity.directory.alive.cycle import is_due, is_stale
from comity.directory.models import Authority
from comity.directory.record import Practitioner
from comity.directory.snapshots import Entity, EntityKind, entity_of
from comity.directory.vocabulary import Vetting


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is confirmed from time to time. authority: whose focal point confirms it."""

    thing: Authority | Practitioner
    authority: Authority

    @property
    def entity(self) -> Entity:
        return entity_of(self.thing)

    @property
    def name(self) -> str:
        return self.thing.name_en if isinstance(self.thing, Authority) else self.thing.name

    @property
    def language(self) -> str:
        """BCP 47 code of the name's language."""
        return "en" if isinstance(self.thing, Authority) else self.thing.language

    @property
    def confirmed_on(self) -> date | None:
        return self.thing.confirmed_on

    @property
    def next_review_on(self) -> date | None:
        return self.thing.next_review_on

    @property
    def is_person(self) -> bool:
        return isinstance(self.thing, Practitioner)

    def due(self, now: datetime) -> bool:
        """Whether it is to be confirmed now."""
        return is_due(self.next_review_on, now)

    def stale(self, now: datetime) -> bool:
        """Whether it is greyed out."""
        return is_stale(self.next_review_on, now)


def all_due(session: Session, now: datetime, authority_ids: Iterable[int] | None = None) -> Sequence[Record]:
    """The records that are to be confirmed, authorities first. authority_ids: those of some alone."""
    today = now.date()
    authorities = select(Authority).where(Authority.next_review_on <= today).order_by(Authority.id)
    people = (
        select(Practitioner)
        .where(Practitioner.vetting == Vetting.ACTIVE)
        .where(or_(Practitioner.next_review_on.is_(None), Practitioner.next_review_on <= today))
        .order_by(Practitioner.authority_id, Practitioner.id)
        .options(joinedload(Practitioner.authority))
    )
    if authority_ids is not None:
        ids = list(authority_ids)
        authorities = authorities.where(Authority.id.in_(ids))
        people = people.where(Practitioner.authority_id.in_(ids))
    found = [Record(authority, authority) for authority in session.scalars(authorities)]
    return [*found, *(Record(person, person.authority) for person in session.scalars(people))]


def record_of(session: Session, kind: EntityKind, ref: str) -> Record | None:
    """A record that can be confirmed, by its key, or None."""
    if kind is EntityKind.AUTHORITY:
        authority = session.get(Authority, int(ref)) if ref.isdecimal() and len(ref) < 10 else None
        return Record(authority, authority) if authority else None
    query = select(Practitioner).where(Practitioner.public_id == ref, Practitioner.vetting == Vetting.ACTIVE)
    person = session.scalars(query).one_or_none() if kind is EntityKind.PRACTITIONER else None
    return Record(person, person.authority) if person else None
