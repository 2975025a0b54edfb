"""What people allow tools, the codes and tokens that come of it, and the signs of theft that end it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.people.events import Kind, record
from comity.people.oauth import rules
from comity.people.oauth.clients import may_use
from comity.people.oauth.models import Allowance, Client, ClientKind, Code, Token, TokenKind
from comity.people.tokens import digest, new_token


@dataclass(frozen=True, slots=True)
class Asked:
    """What a tool asks a person for, checked. challenge: S256 of RFC 7636."""

    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str


def allow(session: Session, actor: Actor, client: Client, asked: Asked, now: datetime) -> str:
    """A person lets a tool act for them. Returns the code for the tool, good once within a minute.

    Raises NotFound for a tool of an authority in which the person holds no post.
    """
    if not may_use(actor, client):
        raise NotFound
    allowance = Allowance(
        client_id=client.id, account_id=actor.account_id, scopes=list(asked.scopes), created_at=now,
        expires_at=now + rules.ALLOWED_LASTS,
    )  # fmt: skip
    session.add(allowance)
    session.flush()
    code = new_token()
    session.add(
        Code(
            allowance_id=allowance.id, digest=digest(code), redirect_uri=asked.redirect_uri,
            challenge=asked.challenge, expires_at=now + rules.CODE_LASTS,
        )
    )  # fmt: skip
    scopes = " ".join(asked.scopes)
    record(
        session, Kind.TOOL_ALLOWED, actor.account_id, now, by=actor.account_id, client=client.client_id,
        name=client.name, scopes=scopes,
    )  # fmt: skip
    return code


def find_code(session: Session, client: Client, code: str, now: datetime) -> Code | None:
    """The code that a tool shows, or None for one that is over or another's.

    Its row is held until the commit, so that of two that come at once the second sees what the first did. One that
    was used already ends everything that came of it (OAuth 2.1, 4.1.3): let the work commit.
    """
    query = select(Code).where(Code.digest == digest(code)).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.allowance.client_id != client.id:
        return None
    if row.used_at is not None:
        _end(session, row.allowance, Kind.CODE_REPLAYED, now)
        return None
    return row if row.expires_at > now and row.allowance.revoked_at is None else None


def find_refresh(session: Session, client: Client, token: str, now: datetime) -> Token | None:
    """The refresh token that a tool shows, or None. Its row is held until the commit.

    One that was exchanged before is in two hands: everything that came of it ends (RFC 9700, 4.14.2).
    """
    query = select(Token).where(Token.digest == digest(token), Token.kind == TokenKind.REFRESH).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.allowance.client_id != client.id:
        return None
    if row.used_at is not None:
        _end(session, row.allowance, Kind.TOKEN_REUSED, now)
        return None
    return row if row.expires_at > now and row.revoked_at is None else None


def find_token(session: Session, token: str) -> Token | None:
    """An access or refresh token, good or not."""
    return session.scalars(select(Token).where(Token.digest == digest(token))).one_or_none()


def keep_tokens(
    session: Session, allowance: Allowance, scopes: Sequence[str], access: str, refresh: str | None, now: datetime
) -> None:
    """Keep the digests of tokens that were just made."""
    made = [(TokenKind.ACCESS, access, rules.ACCESS_LASTS)]
    if refresh is not None:
        made.append((TokenKind.REFRESH, refresh, rules.REFRESH_LASTS))
    for kind, token, lasts in made:
        ends = min(now + lasts, allowance.expires_at or now + lasts)
        session.add(
            Token(
                allowance_id=allowance.id, kind=kind, digest=digest(token), scopes=list(scopes), issued_at=now,
                expires_at=ends,
            )
        )  # fmt: skip
    allowance.used_at = now
    allowance.client.used_at = now


def revoke_token(session: Session, token: Token, now: datetime) -> None:
    """A client gives a token back (RFC 7009, 2.1): a refresh token ends everything that came of it."""
    if token.kind is TokenKind.REFRESH and token.allowance.client.kind is ClientKind.TOOL:
        _end(session, token.allowance, Kind.TOOL_ENDED, now)
    elif token.revoked_at is None:
        token.revoked_at = now


def tools_of(session: Session, account_id: int, now: datetime) -> Sequence[Allowance]:
    """What a person allows tools now, the latest first."""
    query = (
        select(Allowance)
        .join(Client)
        .where(Allowance.account_id == account_id, Allowance.revoked_at.is_(None), Allowance.expires_at > now)
        .where(Client.kind == ClientKind.TOOL, Client.revoked_at.is_(None))
        .options(joinedload(Allowance.client))
        .order_by(Allowance.created_at.desc(), Allowance.id.desc())
    )
    return session.scalars(query).all()


def end_tool(session: Session, account_id: int, allowance_id: int, now: datetime) -> None:
    """A person ends what they allowed a tool. Raises NotFound for anybody else's."""
    found = session.get(Allowance, allowance_id)
    if found is None or found.account_id != account_id or found.client.kind is not ClientKind.TOOL:
        raise NotFound
    _end(session, found, Kind.TOOL_ENDED, now, by=account_id)


def _end(session: Session, allowance: Allowance, kind: Kind, now: datetime, by: int | None = None) -> None:
    """End an allowance and its tokens. The sign of a theft is written each time, the end once."""
    tokens = update(Token).where(Token.allowance_id == allowance.id, Token.revoked_at.is_(None))
    session.execute(tokens.values(revoked_at=now))
    again = allowance.revoked_at is not None
    allowance.revoked_at = allowance.revoked_at or now
    if not again or kind is not Kind.TOOL_ENDED:
        client = allowance.client
        record(session, kind, allowance.account_id, now, by=by, client=client.client_id, name=client.name)
