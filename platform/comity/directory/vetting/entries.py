"""What the directory says of a person when vetting lets them in, moves them or lets them go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from comity.directory import history
from comity.directory.acting import actor_for
from comity.directory.record import Practitioner
from comity.directory.search.index import index_person, raise_version
from comity.people.models import Account


def keep(session: Session, entry: Practitioner, by: int | None, now: datetime) -> None:
    """Write down what an entry says now, and let search find it, or no longer.

    by: account of whoever changed it; None for the operator, and for what ends by its date.
    """
    account = session.get(Account, by) if by is not None else None
    actor = actor_for(session, account, now) if account is not None else None
    history.record(session, entry, actor, now, history.ChangeSource.EDITED)
    index_person(session, entry)
    raise_version(session)
