"""Reports that a record is outdated: to the focal point, seen on the record until they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory import history
from comity.directory.alive import letters, who
from comity.directory.alive.due import Record, record_of
from comity.directory.alive.models import OutdatedReport
from comity.directory.snapshots import EntityKind

LONGEST = 2000
CONFIRMED = N_("The record was looked at and is right.")
_SUBJECT = N_("%(record)s is reported as outdated")
_BODY = N_(
    "Dear %(name)s,\n\n"
    "%(by)s reports that an entry of the directory is outdated: %(record)s.\n\n"
    "%(words)s\n\n"
    "Change or confirm the entry, and answer:\n%(link)s\n"
)
_ANSWER_SUBJECT = N_("An answer to your report on %(record)s")
_ANSWER_BODY = N_(
    "Dear %(name)s,\n\nthere is an answer to your report on %(record)s.\n\n%(answer)s\n\nSee the entry:\n%(link)s\n"
)


def report(
    session: Session,
    actor: Actor,
    now: datetime,
    mailer: letters.Mailer,
    *,
    kind: EntityKind,
    ref: str,
    words: str,
) -> OutdatedReport:
    """Say that a record is outdated. words: what is wrong. Whoever looks after the record is told.

    Raises NotFound, Refused, Invalid, and Conflict where an earlier report by the same person is open.
    """
    record = record_to_report(session, actor, kind, ref)
    journal.lock(session, record.entity.topic)
    cleaned = _checked(words, "words")
    if any(one.account_id == actor.account_id for one in open_reports(session, record)):
        raise Conflict(N_("Your report on this record is open still. Whoever looks after the record was told."))
    found = OutdatedReport(
        kind=kind, ref=ref, authority_id=record.authority.id, words=cleaned, account_id=actor.account_id,
        by=history.function_of(actor), created_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    _journal(session, record, "record.reported", found, actor, now)
    focal = who.focal_points(session, record.authority.id, now)
    letters.send(
        session, mailer, focal or who.secretariat(session), now, _SUBJECT, _BODY,
        record=record.name, by=found.by, words=cleaned, link=f"{mailer.base_url}/directory/confirmations",
    )  # fmt: skip
    return found


def record_to_report(session: Session, actor: Actor, kind: EntityKind, ref: str) -> Record:
    """The record that somebody wants to report. Raises NotFound, Refused."""
    record = record_of(session, kind, ref)
    if record is None or not may(actor, Action.SEE_DIRECTORY):
        raise NotFound
    if not may(actor, Action.PROPOSE_CHANGE):
        raise Refused
    return record


def answer(
    session: Session, actor: Actor, now: datetime, mailer: letters.Mailer, report_id: int, words: str
) -> OutdatedReport:
    """Answer a report, for whoever confirms the record. Raises NotFound, Conflict, Invalid."""
    found = session.get(OutdatedReport, report_id)
    if found is None or not answers(session, actor, found.authority_id, now):
        raise NotFound
    if found.answered_at is not None:
        raise Conflict
    cleaned = _checked(words, "answer")
    _close(session, found, actor, now, mailer, cleaned)
    return found


def close_reports(session: Session, record: Record, actor: Actor, now: datetime, mailer: letters.Mailer) -> None:
    """Answer every open report on a record that was just confirmed."""
    for found in open_reports(session, record):
        _close(session, found, actor, now, mailer, CONFIRMED)


def open_reports(session: Session, record: Record) -> Sequence[OutdatedReport]:
    """Reports on a record that nobody has answered, the oldest first."""
    return session.scalars(
        _open().where(OutdatedReport.kind == record.entity.kind, OutdatedReport.ref == record.entity.ref)
    ).all()


def reports_for(session: Session, actor: Actor, now: datetime) -> Sequence[OutdatedReport]:
    """Open reports that the actor is to answer."""
    query = _open().options(joinedload(OutdatedReport.authority), joinedload(OutdatedReport.account))
    if not actor.is_secretariat:
        query = query.where(OutdatedReport.authority_id.in_(actor.focal_of))
    return [one for one in session.scalars(query) if answers(session, actor, one.authority_id, now)]


def answers(session: Session, actor: Actor, authority_id: int, now: datetime) -> bool:
    """Whether somebody answers reports on an authority's records."""
    orphan = not who.has_focal_point(session, authority_id, now)
    return may(actor, Action.CONFIRM_ORPHAN if orphan else Action.CONFIRM_RECORD, [authority_id])


def _open() -> Select[OutdatedReport]:
    return select(OutdatedReport).where(OutdatedReport.answered_at.is_(None)).order_by(OutdatedReport.id)


def _close(
    session: Session, found: OutdatedReport, actor: Actor, now: datetime, mailer: letters.Mailer, words: str
) -> None:
    record = record_of(session, found.kind, found.ref)
    found.answered_at, found.answered_by_account_id, found.answer = now, actor.account_id, words
    if record is None:
        return
    _journal(session, record, "record.answered", found, actor, now)
    letters.send(
        session, mailer, [found.account], now, _ANSWER_SUBJECT, _ANSWER_BODY, record=record.name, answer=words,
        link=f"{mailer.base_url}/directory/authorities/{record.authority.id}",
    )  # fmt: skip


def _journal(session: Session, record: Record, kind: str, found: OutdatedReport, actor: Actor, now: datetime) -> None:
    journal.append(
        session, record.entity.topic, kind, {"report": found.id}, now=now,
        account_id=actor.account_id, post_id=actor.posts[0].id if actor.posts else None,
    )  # fmt: skip


def _checked(words: str, field: str) -> str:
    cleaned = words.strip()
    if not cleaned or len(cleaned) > LONGEST:
        raise Invalid(N_("Please write something, in at most %(most)s characters."), field=field, most=LONGEST)
    return cleaned
