"""Addresses that mail comes back from: marked, told about, and cleared when mail arrives again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from comity.core import journal
from comity.core.i18n import N_
from comity.directory.alive import letters, who
from comity.directory.models import Authority
from comity.directory.record import ContactDetail, Practitioner
from comity.directory.snapshots import entity_of
from comity.directory.vocabulary import DetailKind

_SUBJECT = N_("Mail to %(address)s comes back")
_BODY = N_(
    "Dear %(name)s,\n\n"
    "mail to %(address)s came back. The address stands in the directory, in the entry of %(authority)s.\n\n"
    "Correct it, or confirm that it is right:\n%(link)s\n"
)


def mark(session: Session, address: str, now: datetime, mailer: letters.Mailer) -> int:
    """Mark an address wherever the directory has it, and tell whoever looks after it, once until it is cleared.

    Returns how many records were marked.
    """
    marked: dict[int, Authority] = {}
    count = 0
    for authority in _mailboxes(session, address):
        if authority.mailbox_bounced_at is None:
            authority.mailbox_bounced_at, count = now, count + 1
            marked[authority.id] = authority
            journal.append(session, entity_of(authority).topic, "address.bounced", {"field": "mailbox"}, now=now)
    for detail in _details(session, address):
        if detail.bounced_at is None:
            detail.bounced_at, count = now, count + 1
            marked[detail.practitioner.authority_id] = detail.practitioner.authority
            topic = entity_of(detail.practitioner).topic
            journal.append(session, topic, "address.bounced", {"detail": detail.id}, now=now)
    for authority in marked.values():
        _tell(session, authority, address, now, mailer)
    return count


def clear(session: Session, address: str) -> None:
    """Mail to an address was taken: it is good again."""
    session.execute(
        update(Authority)
        .where(func.lower(Authority.mailbox) == address.lower(), Authority.mailbox_bounced_at.is_not(None))
        .values(mailbox_bounced_at=None)
    )
    session.execute(
        update(ContactDetail)
        .where(ContactDetail.kind == DetailKind.EMAIL, func.lower(ContactDetail.value) == address.lower())
        .where(ContactDetail.bounced_at.is_not(None))
        .values(bounced_at=None)
    )


def _mailboxes(session: Session, address: str) -> Sequence[Authority]:
    return session.scalars(select(Authority).where(func.lower(Authority.mailbox) == address.lower())).all()


def _details(session: Session, address: str) -> Sequence[ContactDetail]:
    query = select(ContactDetail).where(
        ContactDetail.kind == DetailKind.EMAIL, func.lower(ContactDetail.value) == address.lower()
    )
    return session.scalars(
        query.options(joinedload(ContactDetail.practitioner).joinedload(Practitioner.authority))
    ).all()


def _tell(session: Session, authority: Authority, address: str, now: datetime, mailer: letters.Mailer) -> None:
    """The focal points, but by no mail to the address itself; the secretariat where nobody else is left."""
    people = who.but(who.focal_points(session, authority.id, now), address)
    letters.send(
        session, mailer, people or who.but(who.secretariat(session), address), now, _SUBJECT, _BODY,
        address=address, authority=authority.name_en,
        link=f"{mailer.base_url}/directory/authorities/{authority.id}",
    )  # fmt: skip
