"""Records as they were: whose history somebody may read, and what a day's state was."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory import checks, fields, history
from comity.directory.models import Authority, Network, State
from comity.directory.names import state_name
from comity.directory.record import Arrangement, Notification, Practitioner
from comity.directory.snapshots import Entity, EntityKind, Thing, as_value, entity_of, restored


def history_of(session: Session, actor: Actor, kind: EntityKind, ref: str) -> tuple[Thing, Entity]:
    """A record whose history somebody may read. Raises NotFound.

    That of a practitioner is read by the person, the focal point and the secretariat: for others what is past is past.
    """
    thing = _thing(session, kind, ref)
    if thing is None or not may(actor, Action.SEE_DIRECTORY):
        raise NotFound
    if isinstance(thing, Practitioner) and not may_look_back(actor, thing.authority_id, thing.account_id):
        raise NotFound
    return thing, entity_of(thing)


def may_look_back(actor: Actor, authority_id: int, account_id: int | None) -> bool:
    """Whether somebody reads the history of a person. account_id: None for one who is listed alone."""
    return account_id == actor.account_id or may(actor, Action.SEE_PERSON_HISTORY, [authority_id])


def named(thing: Thing, language: str) -> tuple[str, str]:
    """The name of a record, and the language of the name. language: of the reader."""
    if isinstance(thing, State):
        return state_name(thing.iso2, language), ""
    if isinstance(thing, Authority):
        return thing.name_en, "en"
    if isinstance(thing, Notification):
        return f"{state_name(thing.state_iso2, language)}, {thing.provision.value}", ""
    return thing.name, thing.language if isinstance(thing, Practitioner) else "en"


def asked_day(text: str | None, now: datetime) -> date | None:
    """The day that a page is asked for; None for today and for none. Raises Invalid for what is none, or to come."""
    if not text:
        return None
    found = checks.day(text, "on")
    if found > now.date():
        raise Invalid(N_("This day is still to come."), field="on")
    return None if found == now.date() else found


def authority_on(session: Session, authority: Authority, day: date) -> Authority | None:
    """An authority as its record stood when a day was over; None where there was no entry."""
    version = history.on(session, entity_of(authority), day)
    return restored(authority, version.fields) if version else None


def authorities_on(session: Session, state: State, day: date) -> list[Authority]:
    """A State's authorities as they were."""
    found = history.authorities_on(session, state.iso2, day)
    today = {authority.id: authority for authority in state.authorities}
    return [restored(today[number], values) for number, values in found.items() if number in today]


def state_on(session: Session, state: State, day: date) -> State | None:
    """A State as its record stood when a day was over; None where there was no entry."""
    version = history.on(session, entity_of(state), day)
    if version is None:
        return None
    found = State(iso2=state.iso2)
    for field in fields.STATE:
        set_committed_value(found, field.name, as_value(field, version.fields.get(field.name)))
    return found


def _thing(session: Session, kind: EntityKind, ref: str) -> Thing | None:
    if kind is EntityKind.STATE:
        return session.get(State, ref)
    if kind is EntityKind.NETWORK:
        return session.get(Network, ref)
    if kind is EntityKind.PRACTITIONER:
        return session.scalars(select(Practitioner).where(Practitioner.public_id == ref)).one_or_none()
    if kind is EntityKind.NOTIFICATION:
        return session.scalars(select(Notification).where(Notification.code == ref)).one_or_none()
    if kind is EntityKind.ARRANGEMENT:
        return session.scalars(select(Arrangement).where(Arrangement.code == ref)).one_or_none()
    return session.get(Authority, int(ref)) if ref.isdecimal() and len(ref) < 10 else None
