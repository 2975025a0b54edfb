"""One-click sign-in to demonstration accounts: links that stay the same, where demonstration is switched on."""

from __future__ import annotations

import base64
import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.errors import NotFound
from comity.people.models import Account


def demonstration_token(secret: str, email: str) -> str:
    """The token of a demonstration sign-in link: the same at each start, so that printed links keep working.

    secret: the installation's secret key. email: the demonstration account's address.
    HMAC-SHA256 (RFC 2104) in URL-safe base64 without padding.
    """
    mac = hmac.new(secret.encode(), f"demonstration:{email}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def find_demonstration(session: Session, secret: str, token: str) -> Account:
    """The demonstration account that a link signs in to. Raises NotFound, for any other account as well."""
    query = select(Account).where(Account.demonstration, Account.closed_at.is_(None))
    for account in session.scalars(query):
        if hmac.compare_digest(demonstration_token(secret, account.email).encode(), token.encode()):
            return account
    raise NotFound
