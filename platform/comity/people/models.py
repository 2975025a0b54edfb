"""Accounts, and what lets a person in: invitations and sign-in sessions.

Tokens are random (256 bits) and stored as SHA-256, so that a copy of the database opens nothing.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText


class Account(Base):
    """A person who may sign in.

    email: addr-spec, in lower case. locale: BCP 47 code of one of the six languages. zone: IANA name.
    theme: auto, light or dark. roles: values of `Role`. password_hash: argon2id in PHC string format.
    suspended_at: closed for the time being; such an account can be opened again.
    """

    __tablename__ = "account"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[ShortText]
    password_hash: Mapped[str | None] = mapped_column(String(300))
    locale: Mapped[str] = mapped_column(String(20), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    roles: Mapped[list[str]] = mapped_column(default=list)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    suspended_at: Mapped[Instant | None]

    @property
    def may_sign_in(self) -> bool:
        return self.closed_at is None


class Invitation(Base):
    """A link, good once, with which an invited person sets a password."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship()


class SignInSession(Base):
    """One signed-in browser. Its token is rotated; the one before it stays good for a moment: see `rules`.

    factor_at: when the person last proved a second factor here; None before the first time, when it opens nothing.
    vouched_by: reference to what vouched for the person from elsewhere; None for who came by what is their own.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    previous_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    rotated_at: Mapped[Instant]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    user_agent: Mapped[ShortText]
    factor_at: Mapped[Instant | None]
    vouched_by: Mapped[str | None] = mapped_column(String(64), index=True)

    account: Mapped[Account] = relationship()
