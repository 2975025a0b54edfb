"""Between password and second factor: ten minutes in which a browser may do nothing but the next step."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from comity.people.events import Kind, Origin, record
from comity.people.factors.models import HalfSignIn
from comity.people.factors.rules import HALF_LASTS
from comity.people.models import Account
from comity.people.tokens import digest, new_token


def begin_half(
    session: Session, account: Account, origin: Origin, now: datetime, *, method: str, vouched_by: str | None = None
) -> str:
    """A person has proved one thing and owes another.

    method: what was proved: password, invitation or provider. vouched_by: for the session. Returns the token for the
    cookie.
    """
    token, end = new_token(), now + HALF_LASTS
    session.add(
        HalfSignIn(
            account_id=account.id, token_digest=digest(token), method=method, vouched_by=vouched_by, created_at=now,
            expires_at=end,
        )
    )  # fmt: skip
    record(session, Kind.HALF_SIGNED_IN, account.id, now, method=method, address=origin.address)
    return token


def find_half(session: Session, token: str, now: datetime) -> HalfSignIn | None:
    """The state that a token stands for, or None when it ran out, was used, or the account was closed."""
    query = select(HalfSignIn).where(HalfSignIn.token_digest == digest(token), HalfSignIn.expires_at > now)
    half = session.scalars(query).one_or_none()
    return half if half is not None and half.account.may_sign_in else None


def use_half(session: Session, token: str, now: datetime) -> HalfSignIn | None:
    """The same, used up: of two requests that finish one sign-in at once, the second finds nothing."""
    half = find_half(session, token, now)
    if half is None:
        return None
    gone = session.scalars(delete(HalfSignIn).where(HalfSignIn.id == half.id).returning(HalfSignIn.id)).all()
    return half if gone else None
