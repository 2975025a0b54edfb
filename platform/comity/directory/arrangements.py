"""Cross-border arrangements (Annex II 1 (d)): read by everybody, kept by the secretariat."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.access import may_view_directory
from comity.directory.models import State
from comity.directory.record import Arrangement
from comity.directory.vocabulary import ArrangementKind

_CODE_BYTES, _FEWEST_STATES = 4, 2


@dataclass(frozen=True, slots=True)
class Described:
    """An arrangement as it was typed. states: alpha-2 codes. since: ISO 8601, or empty."""

    kind: str
    name: str
    area: str
    about: str
    legal_basis: str
    contact: str
    since: str
    states: tuple[str, ...]


def all_arrangements(session: Session, actor: Actor, iso2: str | None = None) -> Sequence[Arrangement]:
    """The arrangements by name. iso2: only those that a State takes part in. Raises NotFound."""
    _check(actor)
    query = select(Arrangement).order_by(Arrangement.name).options(selectinload(Arrangement.states))
    if iso2 is not None:
        query = query.where(Arrangement.states.any(State.iso2 == iso2))
    return session.scalars(query).all()


def arrangement(session: Session, actor: Actor, code: str) -> Arrangement:
    """An arrangement. Raises NotFound."""
    _check(actor)
    query = select(Arrangement).where(Arrangement.code == code).options(selectinload(Arrangement.states))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def save(session: Session, actor: Actor, now: datetime, typed: Described, code: str | None = None) -> Arrangement:
    """Enter an arrangement, or change one. Raises NotFound, and Invalid with the field."""
    keeping.check_editor(actor)
    found = arrangement(session, actor, code) if code else None
    if found is not None:
        keeping.hold(session, found)
    old = values(found) if found else {}
    one = found or Arrangement(code=secrets.token_hex(_CODE_BYTES))
    _take(session, one, typed)
    one.updated_at = now
    session.add(one)
    session.flush()
    changes = keeping.differences(old, values(one))
    if changes:
        kind = "arrangement.changed" if found else "arrangement.added"
        keeping.note(session, one, actor, now, kind, {"changes": changes})
    return one


def values(one: Arrangement) -> dict[str, object]:
    """What an arrangement says, by field."""
    said = {name: getattr(one, name) for name in ("kind", "name", "area", "about", "legal_basis", "contact", "since")}
    return said | {"states": sorted(state.iso2 for state in one.states)}


def _take(session: Session, one: Arrangement, typed: Described) -> None:
    one.kind = checks.term(typed.kind, ArrangementKind, "kind")
    one.name, one.area = checks.line(typed.name, "name"), checks.line(typed.area, "area")
    one.about = checks.body(typed.about, "about")
    one.legal_basis = checks.line(typed.legal_basis, "legal_basis")
    one.contact = checks.email(typed.contact, "contact")
    one.since = checks.optional(checks.day, typed.since, "since")
    states = session.scalars(select(State).where(State.iso2.in_(set(typed.states)))).all()
    if len(states) < _FEWEST_STATES or len(states) != len(set(typed.states)):
        raise Invalid(N_("An arrangement is between at least two States."), field="states")
    one.states = list(states)


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound
