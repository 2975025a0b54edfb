"""Who acts: an account with the posts it holds at this moment, and what comes with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from comity.core.actor import Actor, PostRef, Role
from comity.directory.posts import Holding, Post, in_force
from comity.directory.record import NetworkCoordinator, Practitioner, practitioner_network
from comity.directory.vetting.deputies import standing_in
from comity.directory.vocabulary import Vetting
from comity.people.models import Account


def actor_for(session: Session, account: Account, now: datetime) -> Actor:
    """The account as an actor, with the posts it holds at this moment, then those it stands in for."""
    query = (
        select(Holding)
        .where(Holding.account_id == account.id, *in_force(now))
        .order_by(Holding.since, Holding.id)
        .options(joinedload(Holding.post).joinedload(Post.authority))
    )
    held = tuple(_reference(holding.post) for holding in session.scalars(query))
    posts = (*held, *_stood_in_for(session, held, now)) if held else ()
    return Actor(
        account_id=account.id,
        display_name=account.display_name,
        locale=account.locale,
        zone=account.zone,
        posts=posts,
        roles=frozenset(Role(role) for role in account.roles),
        networks=_networks(session, account),
        coordinates=_coordinated(session, posts, now) if posts else frozenset(),
    )


def _networks(session: Session, account: Account) -> frozenset[str]:
    """The networks that an active practitioner takes part in: one who was suspended sees what is shown in none."""
    query = (
        select(practitioner_network.c.network_code)
        .join(Practitioner)
        .where(Practitioner.account_id == account.id, Practitioner.vetting == Vetting.ACTIVE)
    )
    return frozenset(session.scalars(query))


def _stood_in_for(session: Session, held: tuple[PostRef, ...], now: datetime) -> Iterator[PostRef]:
    """Posts of colleagues who are away; not of those for whom a colleague stands in in turn."""
    own = {post.id for post in held}
    for post in standing_in(session, own, now):
        if post.id not in own:
            yield replace(_reference(post), deputising=True)


def _coordinated(session: Session, posts: tuple[PostRef, ...], now: datetime) -> frozenset[str]:
    query = select(NetworkCoordinator.network_code).where(
        NetworkCoordinator.post_id.in_([post.id for post in posts]),
        NetworkCoordinator.since <= now,
        or_(NetworkCoordinator.until.is_(None), NetworkCoordinator.until > now),
    )
    return frozenset(session.scalars(query))


def _reference(post: Post) -> PostRef:
    authority = post.authority
    return PostRef(
        id=post.id,
        title=post.title,
        authority_id=authority.id,
        authority_name=authority.name_en,
        state=authority.state_iso2,
        zone=authority.zone,
        focal=post.focal,
    )
