"""Consultations that tests begin without walking through the pages."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import select

from comity.consultations.services import Opening, start
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.models import Authority
from comity.people.models import Account


def begin(database: Database, email: str, other: str, subject: str = "Bank records") -> str:
    """A new consultation; its public id. email: who starts it. other: code of the other authority, as `th-a`."""
    now = datetime.now(UTC)
    with database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        authority = session.scalars(select(Authority.id).where(Authority.code == other)).one()
        opening = Opening(
            authority_id=authority, subject=subject, stage="before-submission", kind="extradition",
            side="requesting", reference="", client_id=secrets.token_hex(8),
        )  # fmt: skip
        return start(session, actor_for(session, account, now), now, opening).public_id
