"""Registering an authority's case systems and tools, and ending them. Each service checks who acts, and flushes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core.actor import Actor, PostRef
from comity.core.errors import Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.people.events import Kind, record
from comity.people.oauth import rules
from comity.people.oauth.access import may_keep_clients
from comity.people.oauth.models import Allowance, Client, ClientKind
from comity.people.tokens import digest, new_token


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person typed to register a client; not yet checked. redirect_uris: one in each line, of a tool."""

    kind: str
    name: str
    scopes: tuple[str, ...]
    redirect_uris: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A client that was registered. secret: of a system, to be shown once; empty for a tool."""

    client: Client
    secret: str


def register(session: Session, actor: Actor, now: datetime, wanted: Wanted) -> Registered:
    """Register a client of the actor's authority; a system acts as the actor's post from then on.

    Raises Refused for who holds no post, Invalid with the field that cannot be used.
    """
    post = _post(actor)
    if wanted.kind not in set(ClientKind):
        raise Invalid(N_("Choose what it is."), field="kind")
    kind = ClientKind(wanted.kind)
    secret = new_token() if kind is ClientKind.SYSTEM else ""
    client = Client(
        client_id=secrets.token_urlsafe(16),
        kind=kind,
        name=rules.name(wanted.name),
        authority_id=post.authority_id,
        post_id=post.id,
        account_id=actor.account_id,
        secret_digest=digest(secret) if secret else None,
        redirect_uris=[] if kind is ClientKind.SYSTEM else rules.redirect_uris(wanted.redirect_uris),
        scopes=rules.client_scopes(wanted.scopes),
        created_at=now,
    )
    session.add(client)
    session.flush()
    if kind is ClientKind.SYSTEM:
        session.add(Allowance(client_id=client.id, account_id=actor.account_id, scopes=client.scopes, created_at=now))
    _journal(session, Kind.CLIENT_REGISTERED, client, actor, now)
    session.flush()
    return Registered(client, secret)


def clients_of(session: Session, actor: Actor) -> Sequence[Client]:
    """The clients of the actor's authorities that were not ended, the latest first."""
    query = (
        select(Client)
        .where(Client.authority_id.in_(actor.authority_ids), Client.revoked_at.is_(None))
        .options(joinedload(Client.account))
        .order_by(Client.created_at.desc(), Client.id.desc())
    )
    return session.scalars(query).all()


def revoke_client(session: Session, actor: Actor, client_id: str, now: datetime) -> None:
    """End a client and every access through it, at once. Raises NotFound for one of another authority."""
    found = find_client(session, client_id, lock=True)
    if found is None or not may_keep_clients(actor, found.authority_id):
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = now
        _journal(session, Kind.CLIENT_REVOKED, found, actor, now)


def find_client(session: Session, client_id: str, *, lock: bool = False) -> Client | None:
    """A client by its public name, ended or not. lock: hold its row until the commit."""
    query = select(Client).where(Client.client_id == client_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def system_allowance(session: Session, client: Client) -> Allowance:
    """What a system has from its beginning."""
    return session.scalars(select(Allowance).where(Allowance.client_id == client.id)).one()


def may_use(actor: Actor, client: Client) -> bool:
    """Whether somebody may let a tool act for them: a tool is for the people of the authority that registered it."""
    return client.revoked_at is None and may_keep_clients(actor, client.authority_id)


def scope_choices(client: Client, asked: Iterable[str]) -> list[str]:
    """What a tool may be allowed of what it asks for; of a tool that names nothing, all that it is registered for."""
    wanted = list(asked)
    return [scope for scope in client.scopes if scope in wanted or not wanted]


def _post(actor: Actor) -> PostRef:
    post = actor.posts[0] if actor.posts else None
    if post is None or not may_keep_clients(actor, post.authority_id):
        raise Refused(N_("Only the holder of a post in an authority can register this."))
    return post


def _journal(session: Session, kind: Kind, client: Client, actor: Actor, now: datetime) -> None:
    record(
        session, kind, client.account_id, now, by=actor.account_id, client=client.client_id, name=client.name,
        type=client.kind.value, post=client.post_id, scopes=" ".join(client.scopes),
    )  # fmt: skip
