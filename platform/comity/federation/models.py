"""Providers, whom they vouch for, and what that gave."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post
from comity.people.models import Account


class IdentityProvider(Base):
    """An authority's OpenID provider.

    code: stands in our addresses. name: on the sign-in button. issuer: exactly as the provider writes it.
    sealed_secret: of the client, see `boxes`. domains: of the addresses that it may vouch for. groups_claim: where a
    token names the person's groups. counts_factor: whether its own second factor counts here; acr_values: those
    that prove one.
    """

    __tablename__ = "identity_provider"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    name: Mapped[ShortText]
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[ShortText]
    sealed_secret: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]]
    domains: Mapped[list[str]]
    groups_claim: Mapped[str] = mapped_column(String(100))
    counts_factor: Mapped[bool]
    acr_values: Mapped[list[str]]
    created_at: Mapped[Instant]

    authority: Mapped[Authority] = relationship()


class ProviderGroup(Base):
    """A group whose members hold a post, for as long as the provider says that they are in it."""

    __tablename__ = "provider_group"
    __table_args__ = (UniqueConstraint("provider_id", "name", "post_id"),)

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"))
    name: Mapped[ShortText]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)

    post: Mapped[Post] = relationship()


class ProviderSubject(Base):
    """Who an account is at a provider: bound at the first sign-in, and never changed by one.

    subject: the `sub` claim (OpenID Connect Core 1.0, 2).
    """

    __tablename__ = "provider_subject"
    __table_args__ = (UniqueConstraint("provider_id", "subject"), UniqueConstraint("provider_id", "account_id"))

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"))
    subject: Mapped[str] = mapped_column(String(255))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    bound_at: Mapped[Instant]

    account: Mapped[Account] = relationship()


class ProviderHolding(Base):
    """A holding that a group gave. What was given by hand is none of a provider's business."""

    __tablename__ = "provider_holding"

    holding_id: Mapped[int] = mapped_column(ForeignKey("holding.id"), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"), index=True)

    holding: Mapped[Holding] = relationship()


class ProviderVisit(Base):
    """One sign-in that a provider vouched for.

    reference: in the `vouched_by` of what it opened here. sid: of the session there, where it names one. sealed_token:
    the id_token, which the provider asks for at sign-out (RP-Initiated Logout 1.0, 2).
    """

    __tablename__ = "provider_visit"

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"))
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(255), index=True)
    sid: Mapped[str | None] = mapped_column(String(255))
    sealed_token: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[Instant] = mapped_column(index=True)

    provider: Mapped[IdentityProvider] = relationship()


class ProviderFlow(Base):
    """A browser that was sent to a provider. Deleted when it comes back, whatever comes of it.

    token_digest: of the token in the browser's cookie, which state, nonce and PKCE's verifier are derived from.
    sign_in_id: the session that is to be confirmed; None for a sign-in.
    """

    __tablename__ = "provider_flow"

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    onward: Mapped[str] = mapped_column(Text)
    sign_in_id: Mapped[int | None]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)


class SpentLogout(Base):
    """A logout token that was taken in: none is taken in twice (Back-Channel Logout 1.0, 2.6)."""

    __tablename__ = "spent_logout"
    __table_args__ = (UniqueConstraint("provider_id", "jti_digest"),)

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"))
    jti_digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[Instant] = mapped_column(index=True)
