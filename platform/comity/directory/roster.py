"""The people of the directory, as somebody may see them: every function answers with seen practitioners alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory.access import may_view_directory
from comity.directory.models import Authority, Network
from comity.directory.names import sorting_key
from comity.directory.record import LiaisonPosting, Practitioner
from comity.directory.visibility import SeenPractitioner, Viewer, see, see_all
from comity.directory.vocabulary import Vetting


def person(session: Session, actor: Actor, public_id: str) -> SeenPractitioner:
    """A practitioner. Raises NotFound for nobody, and for somebody whom the actor may not know of."""
    found = session.scalars(_query(actor).where(Practitioner.public_id == public_id)).one_or_none()
    seen = see(Viewer.of(actor), found) if found else None
    if seen is None:
        raise NotFound
    return seen


def own(session: Session, actor: Actor) -> SeenPractitioner | None:
    """The actor's own entry, where there is one."""
    found = session.scalars(_query(actor).where(Practitioner.account_id == actor.account_id)).one_or_none()
    return see(Viewer.of(actor), found) if found else None


def people_of(session: Session, actor: Actor, authority_id: int) -> tuple[SeenPractitioner, ...]:
    """Who is listed in an authority, by name."""
    return _people(session, actor, Practitioner.authority_id == authority_id)


def people_in_network(session: Session, actor: Actor, code: str) -> tuple[SeenPractitioner, ...]:
    """Who takes part in a network, by name."""
    return _people(session, actor, Practitioner.networks.any(Network.code == code))


def people_at(session: Session, actor: Actor, post_ids: Sequence[int]) -> tuple[SeenPractitioner, ...]:
    """Who is listed at some posts, by name."""
    return _people(session, actor, Practitioner.post_id.in_(list(post_ids)))


def liaison_in(session: Session, actor: Actor, iso2: str, on: date) -> tuple[SeenPractitioner, ...]:
    """Liaison magistrates and officers posted in a State on a day (resolution 8/1, para 5)."""
    return _posted(session, actor, Practitioner.liaison.has(LiaisonPosting.host_iso2 == iso2), on)


def liaison_from(session: Session, actor: Actor, iso2: str, on: date) -> tuple[SeenPractitioner, ...]:
    """Liaison magistrates and officers whom a State has posted elsewhere on a day."""
    return _posted(session, actor, Practitioner.authority.has(Authority.state_iso2 == iso2), on)


def everybody(session: Session, actor: Actor, *where: ColumnElement[bool]) -> tuple[SeenPractitioner, ...]:
    """Everybody whom the actor may know of, by name. where: to take some of them."""
    return _people(session, actor, *where)


def by_ids(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, SeenPractitioner]:
    """Practitioners by their keys: those whom the actor may know of."""
    viewer = Viewer.of(actor)
    rows = session.scalars(_query(actor).where(Practitioner.id.in_(list(ids)))) if ids else ()
    return {one.id: seen for one in rows if (seen := see(viewer, one)) is not None}


def _posted(session: Session, actor: Actor, where: ColumnElement[bool], on: date) -> tuple[SeenPractitioner, ...]:
    found = _people(session, actor, where, Practitioner.liaison.has())
    return tuple(one for one in found if one.liaison and one.liaison.lasts(on))


def _people(session: Session, actor: Actor, *where: ColumnElement[bool]) -> tuple[SeenPractitioner, ...]:
    rows = session.scalars(_query(actor).where(*where)).all()
    return tuple(sorted(see_all(Viewer.of(actor), rows), key=lambda one: sorting_key(one.name_latin)))


def _query(actor: Actor) -> Select[Practitioner]:
    """Who may be known is asked for here already, so that nobody else is even read; `see` decides."""
    if not may_view_directory(actor):
        raise NotFound
    query = select(Practitioner).options(
        joinedload(Practitioner.authority),
        joinedload(Practitioner.post),
        joinedload(Practitioner.liaison),
        joinedload(Practitioner.deputy),
        selectinload(Practitioner.details),
        selectinload(Practitioner.networks),
    )
    if actor.is_secretariat:
        return query
    return query.where(
        or_(
            Practitioner.vetting == Vetting.ACTIVE,
            Practitioner.account_id == actor.account_id,
            Practitioner.authority_id.in_(actor.focal_of),
        )
    )
