"""Regional networks (Annex II 1 (e)): their pages, and what the secretariat keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.access import may_view_directory
from comity.directory.models import Authority, Network, State
from comity.directory.posts import Post
from comity.directory.record import NetworkCoordinator, Practitioner, practitioner_network
from comity.directory.search.index import index_authority, index_network, index_state, raise_version
from comity.directory.vocabulary import Vetting

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Described:
    """A network as it was typed. languages: ISO 639 codes. members: alpha-2 codes."""

    name: str
    full_name: str
    year: str
    web: str
    about: str
    languages: tuple[str, ...]
    members: tuple[str, ...]


def all_networks(session: Session, actor: Actor) -> Sequence[Network]:
    """The networks by name, with their members. Raises NotFound."""
    _check(actor)
    return session.scalars(select(Network).order_by(Network.name).options(selectinload(Network.members))).all()


def network(session: Session, actor: Actor, code: str) -> Network:
    """A network with its members. Raises NotFound."""
    _check(actor)
    query = select(Network).where(Network.code == code).options(selectinload(Network.members))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def sizes(session: Session, actor: Actor) -> dict[str, int]:
    """How many active practitioners take part in each network, by its code. Raises NotFound."""
    _check(actor)
    code = practitioner_network.c.network_code
    query = select(code, func.count()).join(Practitioner).where(Practitioner.vetting == Vetting.ACTIVE).group_by(code)
    return {row[0]: row[1] for row in session.execute(query)}


def coordinators(session: Session, actor: Actor, code: str, now: datetime) -> Sequence[NetworkCoordinator]:
    """The posts that coordinate a network now. Raises NotFound."""
    _check(actor)
    query = (
        select(NetworkCoordinator)
        .where(NetworkCoordinator.network_code == code, NetworkCoordinator.since <= now)
        .where(or_(NetworkCoordinator.until.is_(None), NetworkCoordinator.until > now))
        .order_by(NetworkCoordinator.since, NetworkCoordinator.id)
        .options(joinedload(NetworkCoordinator.post).joinedload(Post.authority))
    )
    return session.scalars(query).all()


def all_posts(session: Session, actor: Actor) -> Sequence[Post]:
    """Every post of the directory, to choose a coordinator from. Raises NotFound."""
    keeping.check_editor(actor)
    query = select(Post).join(Authority).order_by(Authority.state_iso2, Authority.part, Post.id)
    return session.scalars(query.options(joinedload(Post.authority))).all()


def save(session: Session, actor: Actor, now: datetime, code: str, typed: Described) -> Network:
    """Change what is said of a network, and its members. Raises NotFound, and Invalid with the field."""
    keeping.check_editor(actor)
    found = network(session, actor, code)
    keeping.hold(session, found)
    old, before = values(found), set(found.members)
    found.name, found.full_name = checks.line(typed.name, "name"), checks.line(typed.full_name, "full_name")
    found.year = _year(typed.year)
    found.web = checks.optional(checks.web, typed.web, "web")
    found.about = checks.body(typed.about, "about", needed=False)
    found.languages = [checks.language(one, "languages") for one in typed.languages]
    members = session.scalars(select(State).where(State.iso2.in_(set(typed.members)))).all()
    if len(members) != len(set(typed.members)):
        raise Invalid(N_("Please choose one of those offered."), field="members")
    found.members = list(members)
    changes = keeping.differences(old, values(found))
    if changes:
        keeping.note(session, found, actor, now, "network.changed", {"changes": changes})
        _index(session, found, before ^ set(found.members))
    return found


def appoint_coordinator(session: Session, actor: Actor, now: datetime, code: str, post_id: str) -> None:
    """Let a post coordinate a network from now on. Raises NotFound, Invalid."""
    keeping.check_editor(actor)
    found = network(session, actor, code)
    keeping.hold(session, found)
    post = session.get(Post, int(post_id)) if post_id.isdecimal() and len(post_id) < 10 else None
    if post is None:
        raise Invalid(N_("Please choose one of those offered."), field="post")
    if any(one.post_id == post.id for one in coordinators(session, actor, code, now)):
        raise Invalid(N_("This post coordinates the network already."), field="post")
    session.add(NetworkCoordinator(network=found, post=post, since=now))
    session.flush()
    keeping.note(session, found, actor, now, "network.coordinator", {"post": post.id})


def end_coordination(session: Session, actor: Actor, now: datetime, code: str, coordinator_id: int) -> None:
    """Let a post coordinate a network no longer. Raises NotFound."""
    keeping.check_editor(actor)
    keeping.hold(session, network(session, actor, code))
    found = next((one for one in coordinators(session, actor, code, now) if one.id == coordinator_id), None)
    if found is None:
        raise NotFound
    found.until = now
    keeping.note(session, found.network, actor, now, "network.coordinator-ended", {"post": found.post_id})


def values(one: Network) -> dict[str, object]:
    """What the directory says of a network, by field."""
    said = {name: getattr(one, name) for name in ("name", "full_name", "year", "web", "about")}
    return said | {"languages": sorted(one.languages), "members": sorted(state.iso2 for state in one.members)}


def _index(session: Session, found: Network, moved: set[State]) -> None:
    """Let search find what was changed. moved: States that came or went, which are found by their networks."""
    index_network(session, found)
    for state in moved:
        index_state(session, state)
        for authority in state.authorities:
            index_authority(session, authority)
    raise_version(session)


def _year(typed: str) -> int:
    if not (typed.isdecimal() and len(typed) == 4 and _FIRST_YEAR <= int(typed) <= _LAST_YEAR):
        raise Invalid(N_("A year has four digits."), field="year")
    return int(typed)


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound
