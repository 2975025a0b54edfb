"""The daily run of the confirmation cycle: one mail to each person, with all the records that are due for them.

What was asked and the mail that asks are rows of one transaction: a run that is killed did nothing, and the next one
asks nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.i18n import N_, catalogue
from comity.directory import history
from comity.directory.alive import letters, tokens, who
from comity.directory.alive.cycle import Step, next_step
from comity.directory.alive.due import Record, all_due
from comity.directory.alive.models import ConfirmationRequest
from comity.directory.snapshots import Entity
from comity.people.models import Account

TOPIC = "directory:confirmations"
_SUBJECT = N_("Is this still right? Entries of the directory to confirm")
_BODY = N_(
    "Dear %(name)s,\n\n"
    "you look after these entries of the directory. Please say whether they are still right.\n\n"
    "%(records)s\n"
    "All of them on one page:\n%(page)s\n"
)
_ENTRY = N_("%(record)s\n  Still right: %(right)s\n  Change: %(change)s\n")
_REMINDED = N_("%(record)s (asked before, on %(date)s)")
_LATE_SUBJECT = N_("Entries of the directory that nobody confirms")
_LATE_BODY = N_(
    "Dear %(name)s,\n\n"
    "the focal points of these entries were asked whether they are still right, and have not answered.\n\n"
    "%(records)s\n"
    "Please reach them, or say who looks after these entries.\n"
)
_LATE_ENTRY = N_("%(record)s\n  %(link)s\n")


@dataclass
class _Letter:
    """What one person is told in one run: records to confirm, and records that others leave unanswered."""

    account: Account
    questions: list[tuple[Record, ConfirmationRequest]] = field(default_factory=list)
    late: list[Record] = field(default_factory=list)


def ask_due(session: Session, now: datetime, mailer: letters.Mailer, secret: str) -> int:
    """Take every step of the cycle that is due. secret: signs the links. Returns how many mails were written."""
    journal.lock(session, TOPIC)
    asked = {Entity(one.kind, one.ref): one for one in session.scalars(select(ConfirmationRequest))}
    post: dict[int, _Letter] = {}
    steps = 0
    for record in all_due(session, now):
        request = asked.get(Entity(record.entity.kind, record.entity.ref))
        step = next_step(
            record.confirmed_on, record.next_review_on, request.asked_at if request else None,
            request.sent - 1 if request else 0, now,
        )  # fmt: skip
        if step is Step.NOTHING:
            continue
        request = _taken(session, record, request, step, now)
        steps += 1
        _address(session, post, record, request, step, now)
    mails = sum(_write(session, letter, now, mailer, secret) for letter in post.values())
    if steps:
        journal.append(session, TOPIC, "confirmation.asked", {"steps": steps, "mails": mails}, now=now)
    return mails


def _taken(
    session: Session, record: Record, request: ConfirmationRequest | None, step: Step, now: datetime
) -> ConfirmationRequest:
    if request is None:
        request = ConfirmationRequest(kind=record.entity.kind, ref=record.entity.ref, asked_at=now, sent=0)
        session.add(request)
    if step is Step.ASK:
        request.asked_at, request.sent = now, 0
    request.sent, request.last_sent_at = request.sent + 1, now
    return request


def _address(
    session: Session, post: dict[int, _Letter], record: Record, request: ConfirmationRequest, step: Step, now: datetime
) -> None:
    """Put a record into the letters of those whom a step concerns; the next ones are told where there is nobody."""
    focal = who.focal_points(session, record.authority.id, now)
    if step in (Step.ASK, Step.REMIND) and focal:
        for account in focal:
            post.setdefault(account.id, _Letter(account)).questions.append((record, request))
        return
    people = () if step is Step.SECRETARIAT else who.coordinators(session, record.authority, now)
    for account in people or who.secretariat(session):
        post.setdefault(account.id, _Letter(account)).late.append(record)


def _write(session: Session, letter: _Letter, now: datetime, mailer: letters.Mailer, secret: str) -> int:
    texts, account = catalogue(letter.account.locale), letter.account
    if letter.questions:
        entries = "\n".join(_questions(session, letter, now, mailer, secret))
        page = f"{mailer.base_url}/directory/confirmations"
        letters.send(session, mailer, [account], now, _SUBJECT, _BODY, records=entries, page=page)
    if letter.late:
        entries = "\n".join(
            texts.gettext(_LATE_ENTRY) % {"record": _named(record), "link": _page(mailer, record)}
            for record in letter.late
        )
        letters.send(session, mailer, [account], now, _LATE_SUBJECT, _LATE_BODY, records=entries)
    return bool(letter.questions) + bool(letter.late)


def _questions(session: Session, letter: _Letter, now: datetime, mailer: letters.Mailer, secret: str) -> Iterator[str]:
    texts = catalogue(letter.account.locale)
    for record, request in letter.questions:
        version = history.current(session, record.entity)
        number = version.number if version else 0
        asked = tokens.Asked(record.entity.kind, record.entity.ref, number, letter.account.id, now)
        words = _named(record)
        if request.sent > 1:
            words = texts.gettext(_REMINDED) % {"record": words, "date": request.asked_at.date().isoformat()}
        yield texts.gettext(_ENTRY) % {
            "record": words,
            "right": f"{mailer.base_url}/directory/confirm/{tokens.write(secret, asked)}",
            "change": _form(mailer, record),
        }


def _named(record: Record) -> str:
    if record.is_person:
        return f"{record.name}, {record.authority.name_en}"
    return record.name


def _form(mailer: letters.Mailer, record: Record) -> str:
    """Where a record is changed: a person's own form, or that of the authority."""
    if record.is_person:
        return f"{mailer.base_url}/directory/people/{record.entity.ref}/edit"
    return f"{_page(mailer, record)}/propose"


def _page(mailer: letters.Mailer, record: Record) -> str:
    """The page of a record's authority, where people stand too."""
    return f"{mailer.base_url}/directory/authorities/{record.authority.id}"
