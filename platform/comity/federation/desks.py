"""What a provider's groups give at its authority's posts, and take away again.

A post that a group gives is held beside whoever else holds it: several may staff one desk. What was given by hand stays
with whoever has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.directory.posts import Holding, Post, in_force
from comity.federation.models import IdentityProvider, ProviderGroup, ProviderHolding
from comity.people.events import Kind, record


def apply_groups(
    session: Session, provider: IdentityProvider, account_id: int, groups: Iterable[str], now: datetime
) -> None:
    """Let a person hold what their groups give, and nothing more of what this provider gave before."""
    wanted = _wanted(session, provider, groups)
    given = _given(session, provider.id, now, account_id)
    _take(session, provider, [holding for holding in given if holding.post_id not in wanted], now)
    held = {holding.post_id for holding in _held(session, account_id, now)}
    fresh = [Holding(post_id=post_id, account_id=account_id, since=now) for post_id in sorted(wanted - held)]
    session.add_all(fresh)
    session.flush()
    session.add_all(ProviderHolding(holding_id=holding.id, provider_id=provider.id) for holding in fresh)
    for holding in fresh:
        record(session, Kind.POST_GIVEN, account_id, now, provider=provider.code, post=holding.post_id)


def take_all(session: Session, provider: IdentityProvider, now: datetime) -> None:
    """Take away everything that a provider gave to anybody."""
    _take(session, provider, _given(session, provider.id, now), now)


def authorities_of(session: Session, account_id: int, now: datetime) -> frozenset[int]:
    """The authorities where an account holds a post now."""
    query = select(Post.authority_id).join(Holding).where(Holding.account_id == account_id, *in_force(now))
    return frozenset(session.scalars(query))


def _take(session: Session, provider: IdentityProvider, holdings: list[Holding], now: datetime) -> None:
    for holding in holdings:
        holding.until = now
        record(session, Kind.POST_TAKEN, holding.account_id, now, provider=provider.code, post=holding.post_id)
    session.flush()


def _wanted(session: Session, provider: IdentityProvider, groups: Iterable[str]) -> set[int]:
    """The posts that groups give: at the provider's own authority alone, whatever the mapping says."""
    query = (
        select(Post.id)
        .join(ProviderGroup, ProviderGroup.post_id == Post.id)
        .where(ProviderGroup.provider_id == provider.id, ProviderGroup.name.in_(list(groups)))
        .where(Post.authority_id == provider.authority_id)
    )
    return set(session.scalars(query))


def _given(session: Session, provider_id: int, now: datetime, account_id: int | None = None) -> list[Holding]:
    query = select(Holding).join(ProviderHolding).where(ProviderHolding.provider_id == provider_id, *in_force(now))
    if account_id is not None:
        query = query.where(Holding.account_id == account_id)
    return list(session.scalars(query))


def _held(session: Session, account_id: int, now: datetime) -> list[Holding]:
    return list(session.scalars(select(Holding).where(Holding.account_id == account_id, *in_force(now))))
