"""Confirming that a record is still right: signed in, or by the link of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import ComityError, NotFound
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory import history
from comity.directory.acting import actor_for
from comity.directory.alive import letters, tokens, who
from comity.directory.alive.cycle import review_after
from comity.directory.alive.due import Record, record_of
from comity.directory.alive.models import ConfirmationRequest
from comity.directory.alive.reporting import close_reports
from comity.directory.models import Authority
from comity.directory.record import ContactDetail
from comity.directory.snapshots import Entity, EntityKind
from comity.people.models import Account

BY_FOCAL_POINT = "Focal point of the authority"
"""What stands as `confirmed_by`: a function, in English, never a person."""


class LinkOver(ComityError):
    """A link whose record has been confirmed or changed since, or that was sent to somebody else by now."""

    code = "link-over"
    message = N_("This link is no longer good: the record was confirmed or changed since, or the link is too old.")


@dataclass(frozen=True, slots=True)
class Cycle:
    """After how many months a record is to be confirmed again."""

    people: int = 6
    authorities: int = 12

    def months(self, record: Record) -> int:
        return self.people if record.is_person else self.authorities


def confirms(session: Session, actor: Actor, authority_id: int, now: datetime) -> bool:
    """Whether somebody confirms an authority's records: its focal point, or the secretariat where there is none."""
    orphan = not who.has_focal_point(session, authority_id, now)
    return may(actor, Action.CONFIRM_ORPHAN if orphan else Action.CONFIRM_RECORD, [authority_id])


def confirm(
    session: Session,
    actor: Actor,
    now: datetime,
    cycle: Cycle,
    mailer: letters.Mailer,
    *,
    kind: EntityKind,
    ref: str,
) -> Record:
    """Say that a record is still right. Reports about it are answered by that. Raises NotFound."""
    record = record_of(session, kind, ref)
    if record is None or not confirms(session, actor, record.authority.id, now):
        raise NotFound
    _confirm(session, record, actor, now, cycle, mailer)
    return record


def asked_by(session: Session, secret: str, token: str, now: datetime) -> Record:
    """The record that a mail's link asks about, while the link is good. It changes nothing. Raises LinkOver."""
    record, _account = _opened(session, secret, token, now)
    return record


def confirm_by_link(
    session: Session, secret: str, token: str, now: datetime, cycle: Cycle, mailer: letters.Mailer
) -> Record:
    """Confirm by a mail's link, for whom it was sent to and is focal point still. Raises LinkOver."""
    record, account = _opened(session, secret, token, now, lock=True)
    _confirm(session, record, actor_for(session, account, now), now, cycle, mailer, by_mail=True)
    return record


def _opened(session: Session, secret: str, token: str, now: datetime, *, lock: bool = False) -> tuple[Record, Account]:
    asked = tokens.read(secret, token, now)
    if asked is None:
        raise LinkOver
    entity = Entity(asked.kind, asked.ref)
    if lock:
        journal.lock(session, entity.topic)
    record, version = record_of(session, asked.kind, asked.ref), history.current(session, entity)
    if record is None or version is None or version.number != asked.version:
        raise LinkOver
    people = who.focal_points(session, record.authority.id, now)
    account = next((one for one in people if one.id == asked.account_id), None)
    if account is None:
        raise LinkOver
    return record, account


def _confirm(
    session: Session,
    record: Record,
    actor: Actor,
    now: datetime,
    cycle: Cycle,
    mailer: letters.Mailer,
    *,
    by_mail: bool = False,
) -> None:
    thing, entity = record.thing, record.entity
    focal = record.authority.id in actor.focal_of
    thing.confirmed_on, thing.updated_at = now.date(), now
    thing.confirmed_by = BY_FOCAL_POINT if focal else history.SECRETARIAT
    thing.next_review_on = review_after(now.date(), cycle.months(record))
    _forgive(session, record)
    session.execute(
        delete(ConfirmationRequest).where(
            ConfirmationRequest.kind == entity.kind, ConfirmationRequest.ref == entity.ref
        )
    )
    history.record(session, thing, actor, now, history.ChangeSource.CONFIRMED)
    journal.append(
        session, entity.topic, "record.confirmed", {"by_mail": by_mail}, now=now,
        account_id=actor.account_id, post_id=actor.posts[0].id if actor.posts else None,
    )  # fmt: skip
    close_reports(session, record, actor, now, mailer)


def _forgive(session: Session, record: Record) -> None:
    """Addresses that mail came back from count as good again: whoever confirms has looked at them."""
    if isinstance(record.thing, Authority):
        record.thing.mailbox_bounced_at = None
        return
    details = update(ContactDetail).where(ContactDetail.practitioner_id == record.thing.id)
    session.execute(details.values(bounced_at=None))


def asked_on(session: Session, record: Record) -> datetime | None:
    """When the focal point was asked about a record, or None."""
    query = select(ConfirmationRequest.asked_at).where(
        ConfirmationRequest.kind == record.entity.kind, ConfirmationRequest.ref == record.entity.ref
    )
    return session.scalar(query)
