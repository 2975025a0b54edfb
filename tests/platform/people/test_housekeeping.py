"""What is long over is forgotten, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from comity.core.db import Database
from comity.people.events import Origin
from comity.people.housekeeping import KEPT, forget_expired
from comity.people.models import Account, Invitation, SignInSession
from comity.people.rules import IDLE, INVITATION_LASTS
from comity.people.sessions import open_session

MOMENT = timedelta(seconds=1)


def _left(database: Database, now: datetime) -> tuple[int, int, int]:
    with database.writing() as session:
        forgotten = forget_expired(session, now)
        sessions, invitations = (session.scalars(select(kind.id)).all() for kind in (SignInSession, Invitation))
        return forgotten, len(sessions), len(invitations)


def test_sessions_and_invitations_go_once_they_were_over_for_long(
    database: Database, account: Account, now: datetime
) -> None:
    with database.writing() as session:
        open_session(session, account, Origin(), now, method="password")
    assert _left(database, now + IDLE + KEPT - MOMENT) == (0, 1, 1)
    assert _left(database, now + IDLE + KEPT) == (1, 0, 1)
    assert _left(database, now + INVITATION_LASTS + KEPT) == (1, 0, 0)
