"""The demonstration's past: what entries said before, a proposal that waits, a report, a person to confirm.

Everything is invented, as the entries themselves are. Repeatable: what is there is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.directory import fields, history
from comity.directory.alive.cycle import review_after
from comity.directory.alive.merging import changed
from comity.directory.alive.models import ChangeProposal, OutdatedReport, ProposalStatus
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post, in_force
from comity.directory.record import Practitioner
from comity.directory.snapshots import EntityKind, entity_of, snapshot

_EARLIER: Mapping[str, Mapping[str, Any]] = {
    "th-a": {"telephone": "+66 00 555 0100", "languages_accepted": ["th"], "closes": "15:30", "means": ["post"]},
    "at-a": {"telephone": "+43 00 555 0100", "translation": "mandatory", "means": ["post", "telefax"]},
    "ke-a": {"address": "Sample Street, Nairobi", "oral_when_urgent": False},
}
"""What entries said when they were notified, where that differs."""

_PROPOSED: Mapping[str, Any] = {"telephone": "+66 00 555 0188", "closes": "17:00", "oral_when_urgent": False}
_AUTHORITY, _SUGGESTS, _REPORTS = "th-a", "at-a", "ke-a"
_WAITS, _OVERDUE, _ASIDE = timedelta(days=3), timedelta(days=10), timedelta(days=1)


def live_through(session: Session, now: datetime) -> None:
    """Write the past of the demonstration's entries. Call when they are loaded, before their histories begin."""
    session.flush()
    with_history = set(
        session.scalars(select(history.RecordVersion.ref).where(history.RecordVersion.kind == EntityKind.AUTHORITY))
    )
    for authority in session.scalars(select(Authority).where(Authority.demonstration).order_by(Authority.id)):
        if str(authority.id) not in with_history:
            _past(session, authority, now)
    session.flush()
    found = session.scalars(select(Authority).where(Authority.code == _AUTHORITY)).one_or_none()
    if found is None or session.scalars(select(ChangeProposal.id).limit(1)).first() is not None:
        return
    _propose(session, found, now)
    _report(session, found, now)
    _leave_unconfirmed(session, found, now)
    session.flush()


def _past(session: Session, authority: Authority, now: datetime) -> None:
    """Two versions: as notified, and as confirmed since; today's alone where the days are not in that order."""
    if not authority.notified_on < authority.confirmed_on <= now.date():
        return
    entity, today = entity_of(authority), snapshot(authority)
    first, second = _midnight(authority.notified_on), _midnight(authority.confirmed_on)
    at_first = today | {
        "confirmed_on": authority.notified_on.isoformat(),
        "next_review_on": review_after(authority.notified_on, 12).isoformat(),
        **_EARLIER.get(authority.code, {}),
    }
    session.add(history.loaded(entity, at_first, first, second, 1))
    session.add(history.loaded(entity, today, second, None, 2))


def _propose(session: Session, authority: Authority, now: datetime) -> None:
    by, version = _holder(session, _SUGGESTS, now, focal=False), history.current(session, entity_of(authority))
    if by is None or version is None:
        return
    before, after = changed(fields.EDITABLE, version.fields, _PROPOSED)
    session.add(
        ChangeProposal(
            authority=authority, based_on=version.number, before=before, after=after, own=False,
            note="They told us on the telephone when we last spoke.", account_id=by.account_id, post_id=by.post_id,
            by=_function(by), status=ProposalStatus.WAITING, created_at=now - _WAITS,
        )
    )  # fmt: skip


def _report(session: Session, authority: Authority, now: datetime) -> None:
    by = _holder(session, _REPORTS, now, focal=None)
    if by is not None:
        entity = entity_of(authority)
        session.add(
            OutdatedReport(
                kind=entity.kind, ref=entity.ref, authority_id=authority.id,
                words="Nobody answers at this number any more.",
                account_id=by.account_id, by=_function(by), created_at=now - _ASIDE,
            )
        )  # fmt: skip


def _leave_unconfirmed(session: Session, authority: Authority, now: datetime) -> None:
    query = select(Practitioner).where(Practitioner.authority_id == authority.id).order_by(Practitioner.id.desc())
    person = session.scalars(query).first()
    if person is not None:
        person.next_review_on = (now - _OVERDUE).date()
        person.confirmed_on = review_after(person.next_review_on, -6)


def _holder(session: Session, code: str, now: datetime, *, focal: bool | None) -> Holding | None:
    query = select(Holding).join(Post).join(Authority).where(Authority.code == code, *in_force(now))
    if focal is not None:
        query = query.where(Post.focal == focal)
    return session.scalars(query.order_by(Holding.id)).first()


def _function(holding: Holding) -> str:
    return f"{holding.post.title}, {holding.post.authority.name_en}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
