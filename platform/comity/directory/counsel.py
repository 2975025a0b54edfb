"""What "Whom do I ask?" reads: the desks of a State, liaison postings and networks between two States."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory.access import may_view_directory
from comity.directory.asking import Answer, Channel, Contact, Desk, Matter, ask
from comity.directory.models import Authority, Network, State
from comity.directory.record import LiaisonPosting, NetworkCoordinator, Practitioner
from comity.directory.vocabulary import Vetting


@dataclass(frozen=True, slots=True)
class Counsel:
    """An answer with what it speaks of. coordinators: the post that coordinates a network, by its code."""

    answer: Answer
    authorities: dict[int, Authority]
    liaison: dict[int, Practitioner]
    networks: dict[str, Network]
    coordinators: dict[str, str]


def counsel(session: Session, actor: Actor, matter: Matter, now: datetime) -> Counsel:
    """Whom to ask. Raises NotFound for a State that is not there, or somebody who may not view the directory."""
    if not may_view_directory(actor):
        raise NotFound
    state = session.scalars(
        select(State).where(State.iso2 == matter.state).options(selectinload(State.networks))
    ).one_or_none()
    if state is None:
        raise NotFound
    authorities = session.scalars(
        select(Authority).where(Authority.state_iso2 == state.iso2).options(joinedload(Authority.practice))
    ).all()
    liaison = _liaison(session, matter, now)
    networks = _shared_networks(session, state, matter)
    contacts = [Contact(channel, str(person.id)) for channel, person in liaison]
    contacts += [Contact(Channel.NETWORK, network.code) for network in networks]
    return Counsel(
        ask(matter, map(desk, authorities), contacts, now),
        {authority.id: authority for authority in authorities},
        {person.id: person for _channel, person in liaison},
        {network.code: network for network in networks},
        _coordinators(session, [network.code for network in networks], now),
    )


def territories(session: Session, iso2: str) -> list[str]:
    """The territories that a State's authorities are designated for, in English; none for most States."""
    found = session.scalars(select(Authority.territories).where(Authority.state_iso2 == iso2))
    return sorted({territory for some in found for territory in some or ()})


def desk(authority: Authority) -> Desk:
    """An authority as `asking` needs it."""
    return Desk(
        id=authority.id,
        part=authority.part,
        functions=frozenset(authority.designations),
        territories=tuple(authority.territories or ()),
        languages=tuple(authority.languages_accepted),
        translation=authority.translation,
        draft_when_urgent=authority.draft_when_urgent,
        means=authority.transmission,
        oral_when_urgent=authority.oral_when_urgent,
        interpol_when_urgent=authority.interpol_when_urgent,
        duty=authority.duty,
        hours=authority.hours,
    )


def _liaison(session: Session, matter: Matter, now: datetime) -> list[tuple[Channel, Practitioner]]:
    """Active liaison magistrates and officers of one of the two States posted in the other, or covering it."""
    query = (
        select(Practitioner)
        .join(LiaisonPosting)
        .where(Practitioner.vetting == Vetting.ACTIVE)
        .options(joinedload(Practitioner.authority), joinedload(Practitioner.liaison))
        .order_by(Practitioner.id)
    )
    found = []
    for person in session.scalars(query):
        posting, home = person.liaison, person.authority.state_iso2
        if posting is None or posting.since > now.date() or (posting.until and posting.until < now.date()):
            continue
        reach = {posting.host_iso2, *posting.covers}
        if home == matter.from_state and matter.state in reach:
            found.append((Channel.LIAISON_THERE, person))
        elif home == matter.state and matter.from_state in reach:
            found.append((Channel.LIAISON_HERE, person))
    return found


def _shared_networks(session: Session, state: State, matter: Matter) -> Sequence[Network]:
    mine = select(State).where(State.iso2 == matter.from_state).options(selectinload(State.networks))
    asking = session.scalars(mine).one_or_none()
    codes = {network.code for network in asking.networks} if asking else set()
    return [network for network in state.networks if network.code in codes]


def _coordinators(session: Session, codes: list[str], now: datetime) -> dict[str, str]:
    """ "Title, authority" of the post that coordinates each network."""
    query = select(NetworkCoordinator).where(
        NetworkCoordinator.network_code.in_(codes), NetworkCoordinator.since <= now
    )
    return {
        found.network_code: f"{found.post.title}, {found.post.authority.name_en}"
        for found in session.scalars(query)
        if found.until is None or found.until > now
    }
