"""Searching for somebody: what was found as things that they may see, in an order that their language expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory import roster
from comity.directory.access import may_view_directory
from comity.directory.models import Authority, Network, SearchKind, State
from comity.directory.names import sorting_key, state_name
from comity.directory.search.filters import Chosen, Counted, Tab, counted
from comity.directory.search.find import Answer, Hit, find
from comity.directory.search.memory import Contents, Memory, ids_in
from comity.directory.visibility import SeenPractitioner
from comity.directory.vocabulary import Vetting

Thing = State | Authority | SeenPractitioner | Network
PAGE = 30
_ORDER = {kind: at for at, kind in enumerate(SearchKind)}


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the first results are while somebody types. corrected: what was looked for instead."""

    things: tuple[Thing, ...]
    corrected: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. corrected: what was looked for instead. total: answers in the tab. page: from 1."""

    things: tuple[Thing, ...]
    corrected: str
    counted: Counted
    total: int
    page: int
    pages: int


def suggest(session: Session, actor: Actor, memory: Memory, asked: str, most: int = 10) -> Suggested:
    """The best results for what was typed so far. Raises NotFound for somebody who may not view the directory."""
    _check(actor)
    answer = find(session, memory, asked)
    hits = _in_order(answer.hits, actor.locale)
    return Suggested(things(session, actor, hits[: most * 2])[:most], answer.corrected)


def search(
    session: Session, actor: Actor, memory: Memory, asked: str, chosen: Chosen, tab: Tab, now: datetime, page: int = 1
) -> Found:
    """A page of results for words and filters together, or filters alone.

    asked: may be empty. page: from 1. Raises NotFound.
    """
    _check(actor)
    contents = memory.contents(session)
    answer = find(session, memory, asked, all_of_them=True) if asked else Answer((), "", -1)
    counts = counted(contents, answer.mask, chosen, tab, now)
    if asked and counts.mask != answer.mask:
        answer = find(session, memory, asked, within=counts.mask)
    hits = _in_order(answer.hits, actor.locale) if asked else _alone(contents, counts.mask, actor.locale)
    total = counts.mask.bit_count()
    pages = max(1, -(-min(total, len(hits)) // PAGE))
    page = min(max(page, 1), pages)
    shown = things(session, actor, hits[(page - 1) * PAGE : page * PAGE])
    return Found(shown, answer.corrected, counts, total, page, pages)


def best_tab(found: Suggested) -> Tab:
    """The tab of the first result that stands in a part."""
    first = next((thing for thing in found.things if isinstance(thing, Authority)), None)
    return Tab(first.part.value) if first else Tab.ALL


def things(session: Session, actor: Actor, hits: Sequence[Hit]) -> tuple[Thing, ...]:
    """The things that were hit, in the same order. Nobody who is not active is among them."""
    found: dict[tuple[SearchKind, str], Thing] = {}
    refs: Mapping[SearchKind, list[str]] = {kind: [hit.ref for hit in hits if hit.kind is kind] for kind in SearchKind}
    if codes := refs[SearchKind.STATE]:
        states = session.scalars(select(State).where(State.iso2.in_(codes)))
        found |= {(SearchKind.STATE, state.iso2): state for state in states}
    if ids := [int(ref) for ref in refs[SearchKind.AUTHORITY]]:
        authorities = session.scalars(select(Authority).where(Authority.id.in_(ids)))
        found |= {(SearchKind.AUTHORITY, str(authority.id)): authority for authority in authorities}
    if ids := [int(ref) for ref in refs[SearchKind.PERSON]]:
        people = roster.by_ids(session, actor, ids)
        found |= {(SearchKind.PERSON, str(one)): seen for one, seen in people.items() if seen.vetting is Vetting.ACTIVE}
    if codes := refs[SearchKind.NETWORK]:
        networks = session.scalars(select(Network).where(Network.code.in_(codes)))
        found |= {(SearchKind.NETWORK, network.code): network for network in networks}
    return tuple(thing for hit in hits if (thing := found.get((hit.kind, hit.ref))) is not None)


def _in_order(hits: Sequence[Hit], language: str) -> list[Hit]:
    """Of equal hits States come first, then part A, each by the State's name in the reader's language."""
    return sorted(hits, key=lambda hit: (-hit.score, *_place(hit, language)))


def _alone(contents: Contents, mask: int, language: str) -> list[Hit]:
    hits = (Hit.of(contents.entries[one]) for one in ids_in(mask))
    return sorted(hits, key=lambda hit: _place(hit, language))


def _place(hit: Hit, language: str) -> tuple[int, str, str, int, str]:
    return _ORDER[hit.kind], hit.part or "", _state_key(hit.state, language), len(hit.ref), hit.ref


@cache
def _state_key(iso2: str, language: str) -> str:
    return sorting_key(state_name(iso2, language)) if iso2 else ""


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound
