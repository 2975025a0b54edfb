"""The way of one browser to a provider and back: begun once, finished once, by the same browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from comity.federation.errors import FlowOver
from comity.federation.models import ProviderFlow
from comity.people.tokens import digest, new_token

LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What binds request and answer together, all derived from one token in the browser's cookie.

    So nothing in the database finishes anybody's sign-in. Each is 256 bits in base64url (RFC 7636, 4.1).
    """

    token: str

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        return self._derived("verifier")

    def _derived(self, purpose: str) -> str:
        mac = hmac.new(self.token.encode(), f"comity provider {purpose}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Flow:
    """A way that was gone to its end. sign_in_id: see `ProviderFlow`."""

    secrets: Secrets
    onward: str
    sign_in_id: int | None
    created_at: datetime


def begin(session: Session, provider_id: int, onward: str, now: datetime, *, sign_in_id: int | None = None) -> Secrets:
    """Send a browser on its way. Returns what its cookie and the request are made of."""
    secrets = Secrets(new_token())
    session.add(
        ProviderFlow(
            provider_id=provider_id, token_digest=digest(secrets.token), onward=onward, sign_in_id=sign_in_id,
            created_at=now, expires_at=now + LASTS,
        )
    )  # fmt: skip
    return secrets


def finish(session: Session, provider_id: int, token: str, state: str, now: datetime) -> Flow:
    """Take a browser back in, once; let the unit of work commit. Raises FlowOver.

    token: from its cookie. state: from the answer. An answer with a wrong state leaves the way open: else anybody could
    end a sign-in that is under way with a link.
    """
    secrets = Secrets(token)
    if not hmac.compare_digest(secrets.state.encode(), state.encode()):
        raise FlowOver
    query = select(ProviderFlow).where(
        ProviderFlow.token_digest == digest(token),
        ProviderFlow.provider_id == provider_id,
        ProviderFlow.expires_at > now,
    )
    row = session.scalars(query).one_or_none()
    gone = (
        row and session.scalars(delete(ProviderFlow).where(ProviderFlow.id == row.id).returning(ProviderFlow.id)).all()
    )
    if row is None or not gone:
        raise FlowOver
    return Flow(secrets, row.onward, row.sign_in_id, row.created_at)
