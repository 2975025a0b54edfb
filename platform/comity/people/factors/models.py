"""What a person proves to be themselves with, besides the password, and the short-lived states on the way in."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.people.models import Account


class FactorRow(Base):
    """What a passkey and an authenticator have in common."""

    __abstract__ = True

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[ShortText]
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class Passkey(FactorRow):
    """A discoverable credential (WebAuthn Level 3, 4).

    credential_id: base64url without padding. public_key: COSE_Key (RFC 9052, 7). user_handle: 32 random bytes, the
    same for all passkeys of an account. sign_count: as the authenticator last reported it; 0 where it does not count.
    """

    __tablename__ = "passkey"

    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)


class Authenticator(FactorRow):
    """An application that shows one-time codes (RFC 6238).

    sealed_secret: see `sealing`. secret_digest: SHA-256 of the secret, so that none is taken twice. last_step: the time
    step of the last code that was accepted; no code of this step or an earlier one is accepted any more.
    """

    __tablename__ = "authenticator"

    sealed_secret: Mapped[str] = mapped_column(String(300))
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    last_step: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """One of ten codes for who has lost every other factor, good once. digest: SHA-256 of 100 random bits."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "digest"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class HalfSignIn(Base):
    """A browser that proved one thing and still owes a second factor. It opens nothing but the next step.

    vouched_by: as of `SignInSession`, which gets it.
    """

    __tablename__ = "half_sign_in"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[str] = mapped_column(String(30))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    vouched_by: Mapped[str | None] = mapped_column(String(64), index=True)

    account: Mapped[Account] = relationship()


class Challenge(Base):
    """What an authenticator is asked to sign (WebAuthn Level 3, 13.4.3). Deleted when it is used, whatever comes of it.

    token_digest: of the token in the cookie of the browser that asked. purpose: see `Purpose`. account_id: None where
    the passkey says who comes. user_handle: for the credential to be made.
    """

    __tablename__ = "passkey_challenge"

    id: Mapped[Key]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    user_handle: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[Instant] = mapped_column(index=True)
