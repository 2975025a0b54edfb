"""Filling the record beside authorities with the demonstration's data. What somebody edited stays as it is."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core import journal
from comity.directory.entries import load_entries
from comity.directory.keeping import practitioner_topic
from comity.directory.models import Authority, Network, State
from comity.directory.posts import Post
from comity.directory.record import (
    Arrangement,
    ContactDetail,
    LiaisonPosting,
    NetworkCoordinator,
    Notification,
    Practitioner,
)
from comity.directory.record_entries import (
    ArrangementEntry,
    CoordinatorEntry,
    NoticeEntry,
    PersonEntry,
    load_arrangements,
    load_coordinators,
    load_notices,
    load_people,
)
from comity.directory.search.index import index_person
from comity.people.models import Account

_PUBLIC_ID_BYTES = 16


def load(session: Session, now: datetime) -> None:
    """Add people, notifications, arrangements and coordinators that are missing. Raises DataError."""
    posts = _posts(session)
    _people(session, posts, now)
    for notice in load_notices():
        _notification(session, notice, now)
    for arrangement in load_arrangements():
        _arrangement(session, arrangement, now)
    for coordinator in load_coordinators():
        _coordinator(session, coordinator, posts, now)
    session.flush()


def _posts(session: Session) -> dict[tuple[str, str], Post]:
    """The posts by the code of their authority and their key in its file."""
    titles = {(entry.code, post.title): post.key for entry in load_entries() for post in entry.posts}
    rows = session.execute(select(Authority.code, Post).join(Authority)).all()
    return {(code, titles[code, post.title]): post for code, post in rows if (code, post.title) in titles}


def _people(session: Session, posts: dict[tuple[str, str], Post], now: datetime) -> None:
    """Those who are missing, and account holders of whom nothing is said yet; then who stands in for whom."""
    known = {entry.mailbox: _known(session, entry) for entry in load_people()}
    fresh = [entry for entry in load_people() if _is_blank(session, known[entry.mailbox])]
    for entry in fresh:
        known[entry.mailbox] = _person(session, known[entry.mailbox], entry, posts, now)
    for entry in fresh:
        one = known[entry.mailbox]
        if one is not None and entry.deputy:
            one.deputy = known[entry.deputy]


def _is_blank(session: Session, one: Practitioner | None) -> bool:
    if one is None:
        return True
    return not one.specialities and journal.position(session, practitioner_topic(one.public_id)) == 0


def _person(
    session: Session,
    found: Practitioner | None,
    entry: PersonEntry,
    posts: dict[tuple[str, str], Post],
    now: datetime,
) -> Practitioner:
    authority = session.scalars(select(Authority).where(Authority.code == entry.authority)).one()
    one = found or Practitioner(
        public_id=secrets.token_urlsafe(_PUBLIC_ID_BYTES),
        authority=authority,
        post=posts[entry.authority, entry.post] if entry.post else None,
        vetting=entry.vetting,
        demonstration=True,
    )
    networks = list(session.scalars(select(Network).where(Network.code.in_(entry.networks))))
    _describe(one, entry)
    one.networks, one.updated_at = networks, now
    session.add(one)
    session.flush()
    index_person(session, one)
    return one


def _known(session: Session, entry: PersonEntry) -> Practitioner | None:
    query = select(Practitioner).outerjoin(Account).outerjoin(ContactDetail)
    wanted = (Account.email == entry.mailbox) | (ContactDetail.value == entry.mailbox)
    return session.scalars(query.where(wanted)).unique().first()


def _describe(one: Practitioner, entry: PersonEntry) -> None:
    for name in (
        "name", "name_latin", "language", "title", "role", "confirmed_on", "confirmed_by", "next_review_on",
    ):  # fmt: skip
        setattr(one, name, getattr(entry, name))
    one.languages = {code: level.value for code, level in entry.languages.items()}
    one.specialities = [term.value for term in entry.specialities]
    one.details = [
        ContactDetail(kind=row.kind, value=row.value, functional=row.functional, visibility=row.visibility)
        for row in entry.details
    ]
    if entry.hours:
        one.zone, one.opens, one.closes = entry.hours.zone, entry.hours.opens, entry.hours.closes
        one.office_days = "".join(str(day) for day in sorted(entry.hours.days))
    if entry.liaison:
        posted = entry.liaison
        one.liaison = LiaisonPosting(
            host_iso2=posted.host, city=posted.city, covers=list(posted.covers), since=posted.since, until=posted.until
        )


def _notification(session: Session, entry: NoticeEntry, now: datetime) -> None:
    if _notified(session, entry.code) is not None:
        return
    session.add(
        Notification(
            code=entry.code,
            state_iso2=entry.state,
            provision=entry.provision,
            status=entry.status,
            text=entry.text,
            language=entry.language,
            english=entry.english,
            deposited_on=entry.deposited_on,
            supersedes=_notified(session, entry.supersedes) if entry.supersedes else None,
            demonstration=True,
            updated_at=now,
        )
    )
    session.flush()


def _notified(session: Session, code: str) -> Notification | None:
    return session.scalars(select(Notification).where(Notification.code == code)).one_or_none()


def _arrangement(session: Session, entry: ArrangementEntry, now: datetime) -> None:
    if session.scalars(select(Arrangement.id).where(Arrangement.code == entry.code)).first() is not None:
        return
    states = [session.get_one(State, iso2) for iso2 in entry.states]
    said = {name: getattr(entry, name) for name in ("kind", "name", "area", "about", "legal_basis", "contact", "since")}
    session.add(Arrangement(code=entry.code, states=states, demonstration=True, updated_at=now, **said))


def _coordinator(session: Session, entry: CoordinatorEntry, posts: dict[tuple[str, str], Post], now: datetime) -> None:
    """The first coordinator of a network alone: where there ever was one, somebody has decided since."""
    known = select(NetworkCoordinator.id).where(NetworkCoordinator.network_code == entry.network)
    if session.scalars(known).first() is None:
        post = posts[entry.authority, entry.post]
        session.add(NetworkCoordinator(network_code=entry.network, post=post, since=now))
        session.flush()
