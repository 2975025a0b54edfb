"""What the pages of the directory read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Never

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory.access import may_view_directory
from comity.directory.models import Authority, SearchKind, State
from comity.directory.names import sorting_key, state_name
from comity.directory.search.find import Hit, find
from comity.directory.search.spelling import Spelling
from comity.directory.vocabulary import Part


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave, best first: everything in one order, and by kind."""

    both: tuple[State | Authority, ...]

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(thing for thing in self.both if isinstance(thing, State))

    def authorities(self, part: Part) -> tuple[Authority, ...]:
        """The authorities of a part."""
        return tuple(thing for thing in self.both if isinstance(thing, Authority) and thing.part is part)

    @property
    def best_part(self) -> Part:
        """The part to show first: part A for whoever asks for a State, else the part of the best authority."""
        named = {state.iso2 for state in self.states}
        if any(authority.state_iso2 in named for authority in self.authorities(Part.A)):
            return Part.A
        return next((thing.part for thing in self.both if isinstance(thing, Authority)), Part.A)


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


def search(session: Session, actor: Actor, spelling: Spelling, asked: str, most: int = 100) -> Found:
    """States and authorities that answer to what was typed. most: of both together. Raises NotFound."""
    _check(actor)
    hits = find(session, spelling, asked)[:most]
    states = _states(session, [hit.ref for hit in hits if hit.kind is SearchKind.STATE])
    authorities = _authorities(session, [int(hit.ref) for hit in hits if hit.kind is SearchKind.AUTHORITY])
    things = [(hit, thing) for hit in hits if (thing := _thing(hit, states, authorities)) is not None]
    things.sort(key=lambda pair: (-pair[0].score, _in_order(pair[1], actor.locale)))
    return Found(tuple(thing for _hit, thing in things))


def _in_order(thing: State | Authority, language: str) -> tuple[bool, str, str]:
    """Of equal hits States come first, then part A, each by the State's name in the reader's language."""
    if isinstance(thing, State):
        return False, "", sorting_key(state_name(thing.iso2, language))
    return True, thing.part.value, sorting_key(state_name(thing.state_iso2, language))


def _thing(hit: Hit, states: dict[str, State], authorities: dict[int, Authority]) -> State | Authority | None:
    return states.get(hit.ref) if hit.kind is SearchKind.STATE else authorities.get(int(hit.ref))


def _states(session: Session, codes: Sequence[str]) -> dict[str, State]:
    if not codes:
        return {}
    return {found.iso2: found for found in session.scalars(select(State).where(State.iso2.in_(codes)))}


def _authorities(session: Session, ids: Sequence[int]) -> dict[int, Authority]:
    if not ids:
        return {}
    return {found.id: found for found in session.scalars(select(Authority).where(Authority.id.in_(ids)))}


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound


def _nothing() -> Never:
    raise NotFound
