"""As whom a token acts, decided anew at each request: what its client, post and person may do at that moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.people.models import Account
from comity.people.oauth.models import Allowance, ApplicationPassword, Client, ClientKind, Token, TokenKind
from comity.people.oauth.scopes import Scope
from comity.people.tokens import digest

ActorOf = Callable[[Session, Account, datetime], Actor]
"""Makes an account an actor, with the posts held at an instant; the directory knows how."""

USED_EACH = timedelta(minutes=5)
"""How exactly "last used" is kept: writing at each request would make readers queue as writers."""


@dataclass(frozen=True, slots=True)
class World:
    """What decides besides the rows themselves. demo: whether accounts of the demonstration open anything."""

    actor_of: ActorOf
    demo: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever calls the API. through: the client's public name for the journal. scopes: what the token opens.

    stale: whether "last used" is due to be written, for `touch`.
    """

    actor: Actor
    through: str
    scopes: frozenset[str]
    stale: bool
    allowance_id: int | None = None
    password_id: int | None = None


def by_token(session: Session, token: str, world: World) -> Caller | None:
    """Who calls with an access token (RFC 6750), or None when it opens nothing (any more)."""
    query = select(Token).where(Token.digest == digest(token), Token.kind == TokenKind.ACCESS)
    row = session.scalars(query).one_or_none()
    if row is None or not is_live(row, world.now):
        return None
    allowance = row.allowance
    actor = actor_by(session, allowance, world)
    if actor is None:
        return None
    scopes = frozenset(row.scopes) & frozenset(allowance.client.scopes)
    stale = _is_stale(allowance.used_at, world.now)
    return Caller(actor, allowance.client.client_id, scopes, stale, allowance_id=allowance.id)


def by_password(session: Session, email: str, password: str, world: World) -> Caller | None:
    """Who calls with an application password (RFC 7617), or None. The name is the account's address."""
    query = select(ApplicationPassword).where(ApplicationPassword.digest == digest(spoken(password)))
    row = session.scalars(query).one_or_none()
    if row is None or row.revoked_at is not None or row.account.email != email.strip().lower():
        return None
    if not _may_enter(row.account, world):
        return None
    actor = bare(world.actor_of(session, row.account, world.now))
    stale = _is_stale(row.used_at, world.now)
    through = f"application-password:{row.id}"
    return Caller(actor, through, frozenset({Scope.DAV.value}), stale, password_id=row.id)


def touch(session: Session, caller: Caller, now: datetime) -> None:
    """Keep when a client or password was last used."""
    if caller.password_id is not None:
        own = ApplicationPassword.id == caller.password_id
        session.execute(update(ApplicationPassword).where(own).values(used_at=now))
    if caller.allowance_id is not None:
        session.execute(update(Allowance).where(Allowance.id == caller.allowance_id).values(used_at=now))
        of_client = select(Allowance.client_id).where(Allowance.id == caller.allowance_id).scalar_subquery()
        session.execute(update(Client).where(Client.id == of_client).values(used_at=now))


def actor_by(session: Session, allowance: Allowance, world: World) -> Actor | None:
    """As whom an allowance acts now; None when it has ended, or its person or post no longer carries it.

    Never with a role or network, and with posts of the client's authority alone: a system with its own post.
    """
    client = allowance.client
    ended = allowance.expires_at is not None and allowance.expires_at <= world.now
    if ended or allowance.revoked_at is not None or client.revoked_at is not None:
        return None
    if not _may_enter(allowance.account, world):
        return None
    actor = world.actor_of(session, allowance.account, world.now)
    of_system = client.kind is ClientKind.SYSTEM
    posts = tuple(
        post
        for post in actor.posts
        if post.authority_id == client.authority_id and (post.id == client.post_id or not of_system)
    )
    return replace(bare(actor), posts=posts) if posts else None


def bare(actor: Actor) -> Actor:
    """A person without what is theirs beyond their posts: roles and networks do not travel with a token."""
    return replace(actor, roles=frozenset(), networks=frozenset(), coordinates=frozenset())


def is_live(token: Token, now: datetime) -> bool:
    """Whether a token by itself is still good."""
    return token.revoked_at is None and token.used_at is None and token.expires_at > now


def spoken(password: str) -> str:
    """An application password without the spaces it is shown with."""
    return "".join(password.split()).lower()


def _may_enter(account: Account, world: World) -> bool:
    return account.may_sign_in and (world.demo or not account.demonstration)


def _is_stale(used_at: datetime | None, now: datetime) -> bool:
    return used_at is None or used_at <= now - USED_EACH
