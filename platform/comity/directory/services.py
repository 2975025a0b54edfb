"""What the pages of the directory read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Never

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory.access import may_view_directory
from comity.directory.models import Authority, Network, State
from comity.directory.vocabulary import Part


def all_states(session: Session, actor: Actor) -> Sequence[State]:
    """All States and other Parties. Raises NotFound for somebody who may not view the directory."""
    _check(actor)
    return session.scalars(select(State).order_by(State.iso2)).all()


def entry_counts(session: Session, actor: Actor) -> Counter[tuple[str, Part]]:
    """How many authorities stand in the directory, by State and part. Raises NotFound."""
    _check(actor)
    query = select(Authority.state_iso2, Authority.part, func.count()).group_by(Authority.state_iso2, Authority.part)
    return Counter({(iso2, part): count for iso2, part, count in session.execute(query)})


def state(session: Session, actor: Actor, iso2: str) -> State:
    """A State with its authorities and networks. iso2: alpha-2 code, in any case. Raises NotFound."""
    _check(actor)
    query = (
        select(State)
        .where(State.iso2 == iso2.upper())
        .options(selectinload(State.authorities), selectinload(State.networks))
    )
    return session.scalars(query).one_or_none() or _nothing()


def authority(session: Session, actor: Actor, authority_id: int) -> Authority:
    """An authority with its law and practice, State and networks. Raises NotFound."""
    _check(actor)
    query = (
        select(Authority)
        .where(Authority.id == authority_id)
        .options(joinedload(Authority.practice), joinedload(Authority.state).selectinload(State.networks))
    )
    return session.scalars(query).one_or_none() or _nothing()


def network_names(session: Session, actor: Actor) -> dict[str, str]:
    """The short names of the networks by code. Raises NotFound."""
    _check(actor)
    return dict(session.execute(select(Network.code, Network.name)).tuples().all())


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound


def _nothing() -> Never:
    raise NotFound
