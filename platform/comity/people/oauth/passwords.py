"""Application passwords: made by the machine, shown once, each with a name, each ended by itself."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.core.errors import NotFound
from comity.people.events import Kind, record
from comity.people.oauth import rules
from comity.people.oauth.acting import spoken
from comity.people.oauth.models import Allowance, ApplicationPassword, Client
from comity.people.tokens import digest

_GROUP = 4


def make_password(session: Session, account_id: int, typed_name: str, now: datetime) -> str:
    """A new application password of 120 random bits, in groups as it is shown. Raises Invalid for its name."""
    name = rules.name(typed_name)
    letters = base64.b32encode(secrets.token_bytes(15)).decode().lower()
    shown = " ".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
    session.add(ApplicationPassword(account_id=account_id, name=name, digest=digest(spoken(shown)), created_at=now))
    record(session, Kind.APPLICATION_PASSWORD_MADE, account_id, now, by=account_id, name=name)
    return shown


def passwords_of(session: Session, account_id: int) -> Sequence[ApplicationPassword]:
    """A person's application passwords that are good, the latest first."""
    own = (ApplicationPassword.account_id == account_id, ApplicationPassword.revoked_at.is_(None))
    query = select(ApplicationPassword).where(*own).order_by(ApplicationPassword.id.desc())
    return session.scalars(query).all()


def revoke_password(session: Session, account_id: int, password_id: int, now: datetime) -> None:
    """End one. Raises NotFound for anybody else's."""
    found = session.get(ApplicationPassword, password_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = now
        record(session, Kind.APPLICATION_PASSWORD_REVOKED, account_id, now, by=account_id, name=found.name)


def revoke_all_of(session: Session, account_id: int, now: datetime) -> None:
    """End every access that does not come through a browser: for who has lost everything that lets them in."""
    for table in (Allowance, ApplicationPassword):
        open_ones = update(table).where(table.account_id == account_id, table.revoked_at.is_(None))
        session.execute(open_ones.values(revoked_at=now))
    clients = update(Client).where(Client.account_id == account_id, Client.secret_digest.is_not(None))
    session.execute(clients.where(Client.revoked_at.is_(None)).values(revoked_at=now))
