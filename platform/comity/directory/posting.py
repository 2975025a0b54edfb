"""Liaison magistrates and officers (resolution 8/1, para 5): where they are posted, as the secretariat keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.models import State
from comity.directory.record import LiaisonPosting, Practitioner
from comity.directory.search.index import index_person, raise_version
from comity.directory.vocabulary import PractitionerRole


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting as it was typed. host, covers: alpha-2 codes. since, until: ISO 8601; no end while it lasts."""

    role: str
    host: str
    city: str
    covers: tuple[str, ...]
    since: str
    until: str


def practitioner(session: Session, actor: Actor, public_id: str) -> Practitioner:
    """The person for whoever may post them. Raises NotFound."""
    keeping.check_editor(actor)
    found = session.scalars(select(Practitioner).where(Practitioner.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def save(session: Session, actor: Actor, now: datetime, public_id: str, typed: Posted) -> Practitioner:
    """Post somebody, or change their posting. Raises NotFound, and Invalid with the field."""
    found = practitioner(session, actor, public_id)
    keeping.hold(session, found)
    old = _values(found)
    found.role = _role(typed.role)
    host = session.get(State, typed.host)
    if host is None:
        raise Invalid(N_("Please choose one of those offered."), field="host")
    if host.iso2 == found.authority.state_iso2:
        raise Invalid(N_("A liaison person is posted in another State."), field="host")
    since, until = checks.day(typed.since, "since"), checks.optional(checks.day, typed.until, "until")
    checks.period(since, until, "until")
    posting = found.liaison or LiaisonPosting()
    posting.host, posting.host_iso2, posting.city = host, host.iso2, checks.line(typed.city, "city")
    posting.covers = _covered(session, {host.iso2, *typed.covers})
    posting.since, posting.until = since, until
    found.liaison, found.updated_at = posting, now
    session.flush()
    payload = {"changes": keeping.differences(old, _values(found))}
    keeping.note(session, found, actor, now, "practitioner.posted", payload)
    index_person(session, found)
    raise_version(session)
    return found


def _role(typed: str) -> PractitionerRole:
    role = checks.term(typed, PractitionerRole, "role")
    if not role.is_liaison:
        raise Invalid(N_("Please choose one of those offered."), field="role")
    return role


def _covered(session: Session, codes: set[str]) -> list[str]:
    known = set(session.scalars(select(State.iso2).where(State.iso2.in_(codes))))
    if known != codes:
        raise Invalid(N_("Please choose one of those offered."), field="covers")
    return sorted(codes)


def _values(one: Practitioner) -> dict[str, object]:
    posted = one.liaison
    if posted is None:
        return {"role": one.role}
    said = {name: getattr(posted, name) for name in ("city", "covers", "since", "until")}
    return {"role": one.role, "host": posted.host_iso2, **said}
