"""Filling the directory: reference data, and the demonstration's invented authorities. Repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Role
from comity.directory import history, loading_record
from comity.directory.alive.demonstration import live_through
from comity.directory.enlisting import enlist
from comity.directory.entries import Entry, PostEntry, load_entries
from comity.directory.guidance import loading as loading_guidance
from comity.directory.models import Authority, LawAndPractice, Network, SearchRow, State
from comity.directory.names import state_name
from comity.directory.posts import Holding, Post, appoint
from comity.directory.record import Arrangement, Notification, Practitioner
from comity.directory.reference import load_abouts, load_networks, load_states
from comity.directory.search.index import (
    index_authority,
    index_network,
    index_state,
    raise_version,
    reindex,
)
from comity.people.models import Account

ORGANISER = ("Noor Sample", "secretariat@comity.example", "Europe/Vienna")
_FOCAL = "head"
_FEATURED = (("at-a", "desk"), ("th-a", "head"))


@dataclass(frozen=True, slots=True)
class FeaturedPerson:
    """Whom a visitor can be. role_in_words: in English, for the terminal."""

    display_name: str
    role_in_words: str
    email: str


def featured_people() -> tuple[FeaturedPerson, ...]:
    """The officers of two States, and the organiser. Raises DataError."""
    entries = {entry.code: entry for entry in load_entries()}
    officers = [
        FeaturedPerson(post.holder or "", f"{post.title}, {state_name(entry.state, 'en')}", post.mailbox or "")
        for code, key in _FEATURED
        for entry in (entries[code],)
        for post in entry.posts
        if post.key == key
    ]
    name, email, _zone = ORGANISER
    return (*officers, FeaturedPerson(name, "organiser, secretariat", email))


def load_reference(session: Session) -> None:
    """Add the States and networks that are missing; what the secretariat edited stays as it is.

    Raises DataError for a row of the data files that cannot be used.
    """
    rows = load_states()
    present = {state.iso2: state for state in session.scalars(select(State))}
    for row in rows:
        if row.iso2 not in present:
            present[row.iso2] = State(
                iso2=row.iso2, iso3=row.iso3, kind=row.kind, region=row.region, party=row.party, zone=row.zone,
                languages=list(row.languages), also=list(row.also),
            )  # fmt: skip
            session.add(present[row.iso2])
    known = set(session.scalars(select(Network.code)))
    abouts = load_abouts()
    for network in load_networks(rows):
        if network.code not in known:
            members = [present[iso2] for iso2 in network.members]
            session.add(
                Network(
                    code=network.code,
                    name=network.name,
                    full_name=network.full_name,
                    year=network.year,
                    languages=list(network.languages),
                    about=abouts.get(network.code, ""),
                    members=members,
                )
            )
    session.flush()
    if session.scalar(select(SearchRow.id).limit(1)) is None:
        reindex(session)
        return
    for state in present.values():
        index_state(session, state)
    for known_network in session.scalars(select(Network)):
        index_network(session, known_network)
    raise_version(session)


def load_demonstration(session: Session, now: datetime) -> None:
    """Write the demonstration's authorities, posts, invented holders and the organiser's account, and their past.

    An authority that is there is brought up to the files, unless somebody has changed it; posts, accounts and holdings
    are added where they are missing. Call `load_reference` before. Raises DataError.
    """
    changed = history.changed_by_people(session)
    for entry in load_entries():
        authority = _authority(session, entry, now, changed)
        _join_networks(session, entry, authority.state)
        index_authority(session, authority)
        for post in entry.posts:
            _post(session, authority, post, now)
    for network in session.scalars(select(Network)):
        index_network(session, network)
    name, email, zone = ORGANISER
    _account(session, email, name, "en", zone, [Role.SECRETARIAT, Role.ORGANISER], now)
    loading_record.load(session, now)
    loading_guidance.load(session, now)
    session.flush()
    # Now that what they notified is there, which they are found by.
    for state in session.scalars(select(State).where(State.iso2.in_({entry.state for entry in load_entries()}))):
        index_state(session, state)
    raise_version(session)
    live_through(session, now)
    begin_histories(session, now)


def begin_histories(session: Session, now: datetime) -> None:
    """Give every record that has no history, or was loaded anew, a version that says what it says now."""
    people = select(Practitioner).options(
        joinedload(Practitioner.authority),
        joinedload(Practitioner.post),
        joinedload(Practitioner.liaison),
        selectinload(Practitioner.networks),
    )
    history.catch_up(session, session.scalars(select(State)), now)
    history.catch_up(session, session.scalars(select(Network).options(selectinload(Network.members))), now)
    history.catch_up(session, session.scalars(select(Authority).options(selectinload(Authority.practice))), now)
    history.catch_up(session, session.scalars(select(Notification)), now)
    history.catch_up(session, session.scalars(select(Arrangement).options(selectinload(Arrangement.states))), now)
    history.catch_up(session, session.scalars(people), now)


def _authority(session: Session, entry: Entry, now: datetime, changed: set[int]) -> Authority:
    found = session.scalars(select(Authority).where(Authority.code == entry.code)).one_or_none()
    if found is not None and found.id in changed:
        return found
    authority = found or Authority(code=entry.code)
    authority.state = session.get_one(State, entry.state)
    _identify(authority, entry)
    _describe(authority, entry)
    authority.demonstration, authority.updated_at = True, now
    session.add(authority)
    session.flush()
    return authority


def _identify(authority: Authority, entry: Entry) -> None:
    authority.part, authority.kind = entry.part, entry.kind
    authority.name_en, authority.name_original = entry.name, entry.name_original
    authority.original_language, authority.unit, authority.parent = entry.language, entry.unit, entry.parent
    authority.functions = [function.value for function in entry.functions]
    authority.territories = list(entry.territories)
    contact, hours = entry.contact, entry.hours
    authority.mailbox, authority.telephone, authority.telefax = contact.mailbox, contact.telephone, contact.telefax
    authority.duty, authority.address, authority.web = contact.duty, contact.address, contact.web
    authority.zone, authority.opens, authority.closes = hours.zone, hours.opens, hours.closes
    authority.office_days = "".join(str(day) for day in sorted(hours.days))
    authority.holiday_calendar = hours.calendar
    authority.closed_on = sorted(day.isoformat() for day in hours.closed_on)


def _describe(authority: Authority, entry: Entry) -> None:
    receiving, practice, trust = entry.receiving, entry.practice, entry.trust
    authority.languages_accepted = list(receiving.languages_accepted)
    authority.languages_spoken = list(receiving.languages_spoken)
    authority.means = [means.value for means in receiving.means]
    for name in (
        "translation", "draft_when_urgent", "electronic_signature", "encryption", "paper_original",
        "oral_when_urgent", "interpol_when_urgent", "diplomatic_channel",
    ):  # fmt: skip
        setattr(authority, name, getattr(receiving, name))
    for name in ("source", "notified_on", "confirmed_on", "confirmed_by", "next_review_on"):
        setattr(authority, name, getattr(trust, name))
    if practice is None:
        authority.practice = None
        return
    authority.practice = authority.practice or LawAndPractice()
    for name in type(practice).__slots__:
        value = getattr(practice, name)
        setattr(authority.practice, name, list(value) if isinstance(value, tuple) else value)


def _join_networks(session: Session, entry: Entry, state: State) -> None:
    for network in session.scalars(select(Network).where(Network.code.in_(entry.networks))):
        if network not in state.networks:
            state.networks.append(network)


def _post(session: Session, authority: Authority, entry: PostEntry, now: datetime) -> None:
    query = select(Post).where(Post.authority_id == authority.id, Post.title == entry.title)
    post = session.scalars(query).one_or_none()
    if post is None:
        post = Post(authority=authority, title=entry.title, focal=entry.key == _FOCAL, created_at=now)
        session.add(post)
        session.flush()
    if entry.holder is None or entry.mailbox is None or _was_held(session, post):
        return
    language = entry.language or "en"
    account = _account(session, entry.mailbox, entry.holder, language, authority.zone, [], now)
    appoint(session, post, account, now)
    enlist(session, post, account, now)


def _was_held(session: Session, post: Post) -> bool:
    return session.scalar(select(Holding.id).where(Holding.post_id == post.id).limit(1)) is not None


def _account(
    session: Session, email: str, name: str, language: str, zone: str, roles: Sequence[Role], now: datetime
) -> Account:
    found = session.scalars(select(Account).where(Account.email == email)).one_or_none()
    if found is not None:
        return found
    account = Account(
        email=email, display_name=name, locale=language, zone=zone, roles=[role.value for role in roles],
        demonstration=True, created_at=now,
    )  # fmt: skip
    session.add(account)
    session.flush()
    return account
