"""A record as a JSON document of its fields, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, object_session
from sqlalchemy.orm.attributes import set_committed_value

from comity.directory import fields
from comity.directory.fields import Field, Shape
from comity.directory.models import Authority, LawAndPractice, Network, State
from comity.directory.posts import Post
from comity.directory.record import Arrangement, NetworkCoordinator, Notification, Practitioner
from comity.directory.vocabulary import Vetting

Thing = Authority | State | Network | Notification | Arrangement | Practitioner


class EntityKind(StrEnum):
    """What a history is of."""

    AUTHORITY = "authority"
    STATE = "state"
    NETWORK = "network"
    NOTIFICATION = "notification"
    ARRANGEMENT = "arrangement"
    PRACTITIONER = "practitioner"


FIELDS: Mapping[EntityKind, Sequence[Field]] = {
    EntityKind.AUTHORITY: fields.AUTHORITY,
    EntityKind.STATE: fields.STATE,
    EntityKind.NETWORK: fields.NETWORK,
    EntityKind.NOTIFICATION: fields.NOTIFICATION,
    EntityKind.ARRANGEMENT: fields.ARRANGEMENT,
    EntityKind.PRACTITIONER: fields.PRACTITIONER,
}
_PRACTICE = tuple(field.name for field in fields.PRACTICE)
PERSONAL = frozenset(field.name for field in fields.PRACTITIONER) - {field.name for field in fields.OF_THE_POST}


@dataclass(frozen=True, slots=True)
class Entity:
    """Which record. ref: its key as text. state: alpha-2 code of the State that it belongs to, if to one."""

    kind: EntityKind
    ref: str
    state: str | None = None

    @property
    def topic(self) -> str:
        """The journal's topic of the record."""
        return f"record:{self.kind.value}:{self.ref}"


def entity_of(thing: Thing) -> Entity:
    """The record that something is. It must have its key."""
    if isinstance(thing, Authority):
        return Entity(EntityKind.AUTHORITY, str(thing.id), thing.state_iso2)
    if isinstance(thing, State):
        return Entity(EntityKind.STATE, thing.iso2, thing.iso2)
    if isinstance(thing, Network):
        return Entity(EntityKind.NETWORK, thing.code)
    if isinstance(thing, Notification):
        return Entity(EntityKind.NOTIFICATION, thing.code, thing.state_iso2)
    if isinstance(thing, Arrangement):
        return Entity(EntityKind.ARRANGEMENT, thing.code)
    return Entity(EntityKind.PRACTITIONER, thing.public_id, thing.authority.state_iso2)


def snapshot(thing: Thing) -> dict[str, Any]:
    """The fields as JSON values. Of a person who has left, what belonged to the post alone."""
    kind = entity_of(thing).kind
    found = {field.name: as_json(_value(thing, field.name)) for field in FIELDS[kind]}
    if isinstance(thing, Practitioner) and thing.vetting is Vetting.LEFT:
        return without_person(found)
    return found


def without_person(values: Mapping[str, Any]) -> dict[str, Any]:
    """A practitioner's snapshot without anything personal."""
    return {name: value for name, value in values.items() if name not in PERSONAL}


def as_json(value: Any) -> Any:
    """A column's value as JSON: days and times as ISO 8601, terms by value."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value


def as_value(field: Field, value: Any) -> Any:
    """A JSON value as the column has it."""
    if value is None:
        return None
    if field.shape is Shape.TERM and field.terms is not None:
        return field.terms(value)
    return _READ.get(field.shape, lambda found: found)(value)


_READ: Mapping[Shape, Callable[[Any], Any]] = {
    Shape.DAY: date.fromisoformat,
    Shape.CLOCK: time.fromisoformat,
    **dict.fromkeys((Shape.LINES, Shape.TERMS, Shape.LANGUAGES, Shape.CLOSED_DAYS), list),
}


def apply(authority: Authority, values: Mapping[str, Any]) -> None:
    """Give an authority the values of some of its fields. An entry about law and practice is made where one is."""
    table = {field.name: field for field in fields.AUTHORITY}
    for name, value in values.items():
        if name not in _PRACTICE:
            setattr(authority, name, as_value(table[name], value))
    practice = {name: as_value(table[name], values[name]) for name in _PRACTICE if name in values}
    if not practice or all(value is None for value in practice.values()):
        return
    if authority.practice is None:
        authority.practice = LawAndPractice()
    for name, value in practice.items():
        setattr(authority.practice, name, value)


def restored(authority: Authority, values: Mapping[str, Any]) -> Authority:
    """An authority as it was, for a page: no part of any session. Number and State are today's."""
    found = Authority(id=authority.id, demonstration=authority.demonstration)
    # Committed values tell the State nothing, which keeps its own list of authorities.
    set_committed_value(found, "state", authority.state)
    table = {field.name: field for field in fields.AUTHORITY}
    for name in (name for name in table if name not in _PRACTICE):
        set_committed_value(found, name, as_value(table[name], values.get(name)))
    practice = {name: as_value(table[name], values.get(name)) for name in _PRACTICE}
    known = any(value is not None for value in practice.values())
    set_committed_value(found, "practice", LawAndPractice(**practice) if known else None)
    return found


def _value(thing: Thing, name: str) -> Any:
    if isinstance(thing, Authority) and name in _PRACTICE:
        return getattr(thing.practice, name) if thing.practice else None
    if isinstance(thing, Network) and name == "members":
        return sorted(state.iso2 for state in thing.members)
    if isinstance(thing, Network) and name == "coordinators":
        return _coordinators(thing)
    if isinstance(thing, Arrangement) and name == "states":
        return sorted(state.iso2 for state in thing.states)
    if isinstance(thing, Notification) and name == "supersedes":
        return thing.supersedes.code if thing.supersedes else None
    if isinstance(thing, Practitioner) and name in _OF_PERSON:
        return _OF_PERSON[name](thing)
    return getattr(thing, name)


def _coordinators(network: Network) -> list[str]:
    """The posts that coordinate a network; who holds them is no part of its record."""
    session = object_session(network)
    if session is None:
        return []
    query = select(NetworkCoordinator).where(
        NetworkCoordinator.network_code == network.code, NetworkCoordinator.until.is_(None)
    )
    found = session.scalars(query.options(joinedload(NetworkCoordinator.post).joinedload(Post.authority)))
    return sorted(f"{one.post.title}, {one.post.authority.name_en}" for one in found)


_OF_PERSON: Mapping[str, Callable[[Practitioner], Any]] = {
    "authority": lambda person: person.authority.name_en,
    "post": lambda person: person.post.title if person.post else None,
    "networks": lambda person: sorted(network.name for network in person.networks),
    "languages": lambda person: sorted(person.languages),
    "posted_in": lambda person: person.liaison.host_iso2 if person.liaison else None,
    "posted_city": lambda person: person.liaison.city if person.liaison else None,
    "covers": lambda person: sorted(person.liaison.covers) if person.liaison else [],
    "posted_since": lambda person: person.liaison.since if person.liaison else None,
    "posted_until": lambda person: person.liaison.until if person.liaison else None,
}
