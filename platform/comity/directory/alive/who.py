"""Whom a record's questions go to: its focal point, the coordinators of its State's networks, the secretariat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from comity.core.actor import Role
from comity.directory.models import Authority, network_membership
from comity.directory.posts import Holding, Post, in_force
from comity.directory.record import NetworkCoordinator
from comity.people.models import Account


def focal_points(session: Session, authority_id: int, now: datetime) -> Sequence[Account]:
    """Who is focal point of an authority now. Empty where nobody is."""
    query = _holding(now).where(Post.authority_id == authority_id, Post.focal)
    return session.scalars(query).unique().all()


def has_focal_point(session: Session, authority_id: int, now: datetime) -> bool:
    return bool(focal_points(session, authority_id, now))


def coordinators(session: Session, authority: Authority, now: datetime) -> Sequence[Account]:
    """Who coordinates a network that the authority's State is a member of."""
    networks = select(network_membership.c.network_code).where(network_membership.c.state_iso2 == authority.state_iso2)
    query = (
        _holding(now)
        .join(NetworkCoordinator, NetworkCoordinator.post_id == Post.id)
        .where(NetworkCoordinator.network_code.in_(networks), NetworkCoordinator.since <= now)
        .where(or_(NetworkCoordinator.until.is_(None), NetworkCoordinator.until > now))
    )
    return session.scalars(query).unique().all()


def secretariat(session: Session) -> Sequence[Account]:
    """Everybody of the secretariat."""
    people = session.scalars(select(Account).where(Account.closed_at.is_(None)).order_by(Account.id))
    return [account for account in people if Role.SECRETARIAT.value in account.roles]


def but(people: Iterable[Account], email: str) -> list[Account]:
    """Without whoever has an address."""
    return [account for account in people if account.email != email.lower()]


def _holding(now: datetime) -> Select[Account]:
    return (
        select(Account)
        .join(Holding, Holding.account_id == Account.id)
        .join(Post, Holding.post_id == Post.id)
        .where(Account.closed_at.is_(None), *in_force(now))
        .order_by(Account.id)
    )
