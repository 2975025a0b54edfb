"""Clients of the API, what was allowed to them, and their tokens. Secrets and tokens are random and kept as SHA-256."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.people.models import Account


class ClientKind(StrEnum):
    """SYSTEM: an authority's own, with a secret; it acts as a post. TOOL: acts for people who allow it to (PKCE)."""

    SYSTEM = "system"
    TOOL = "tool"


class TokenKind(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"


def _kind(kind: type[StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=10, values_callable=lambda terms: [term.value for term in terms])


class Client(Base):
    """A case system or a tool. client_id: public. post: whose holder registered it, and as which a system acts.

    secret_digest: of a system's secret; None for a tool, which has none (OAuth 2.1, 2.1). redirect_uris: of a tool.
    """

    __tablename__ = "oauth_client"

    id: Mapped[Key]
    client_id: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[ClientKind] = mapped_column(_kind(ClientKind))
    name: Mapped[ShortText]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    secret_digest: Mapped[str | None] = mapped_column(String(64))
    redirect_uris: Mapped[list[str]]
    scopes: Mapped[list[str]]
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship()


class Allowance(Base):
    """What a person allowed a client: all tokens that come of it fall with it. A system has one from its beginning."""

    __tablename__ = "oauth_allowance"

    id: Mapped[Key]
    client_id: Mapped[int] = mapped_column(ForeignKey("oauth_client.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]

    client: Mapped[Client] = relationship()
    account: Mapped[Account] = relationship()


class Code(Base):
    """An authorisation code: good once, for a minute. used_at: kept, so that a replay is known for one."""

    __tablename__ = "oauth_code"

    id: Mapped[Key]
    allowance_id: Mapped[int] = mapped_column(ForeignKey("oauth_allowance.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    redirect_uri: Mapped[ShortText]
    challenge: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[Instant | None]

    allowance: Mapped[Allowance] = relationship()


class Token(Base):
    """An access or refresh token. used_at: when a refresh token was exchanged; shown again, it was stolen."""

    __tablename__ = "oauth_token"

    id: Mapped[Key]
    allowance_id: Mapped[int] = mapped_column(ForeignKey("oauth_allowance.id"), index=True)
    kind: Mapped[TokenKind] = mapped_column(_kind(TokenKind))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    issued_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]

    allowance: Mapped[Allowance] = relationship()


class ApplicationPassword(Base):
    """A password for programs that know no better, made by the machine and shown once. It opens `dav` alone."""

    __tablename__ = "application_password"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[ShortText]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship()
