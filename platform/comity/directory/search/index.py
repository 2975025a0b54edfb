"""Filling the rows that search reads: one function for each kind. Call `raise_version` once after them.

A row holds nothing that not every member may see: no contact detail of a person is ever written here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache

from babel.dates import get_timezone_location
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.core.i18n import LANGUAGES
from comity.directory.fold import fold, indexed, transliterate
from comity.directory.models import Authority, Network, SearchKind, SearchRow, SearchVersion, State
from comity.directory.names import own_names, state_names
from comity.directory.record import Notification, Practitioner
from comity.directory.reference import DATA
from comity.directory.search import tokens
from comity.directory.search.initials import initials
from comity.directory.vocabulary import Function, NotificationStatus, Part, Vetting

_BRACKETS = re.compile(r"[(（].*?[)）]")
_ARTICLE_OF = {Function.MUTUAL_LEGAL_ASSISTANCE: "18(13)"}


def index_state(session: Session, state: State) -> None:
    """What a State is found by: its names in the six languages and its own, its codes, capital, and other names."""
    names = [*state_names(state.iso2), *own_names(state.iso2, state.languages), *state.also, state.iso2, state.iso3]
    joined = [folded.replace(" ", "") for name in names if " " in (folded := fold(name)) and folded.isascii()]
    notified = select(Notification.provision).where(
        Notification.state_iso2 == state.iso2, Notification.status == NotificationStatus.CURRENT
    )
    codes = [
        tokens.of_state(state.iso2),
        tokens.of_region(state.region),
        *(tokens.of_network(network.code) for network in state.networks),
        *(tokens.of_provision(provision) for provision in session.scalars(notified)),
    ]
    row = _row(session, SearchKind.STATE, state.iso2)
    _fill(row, [*names, *joined], _cities(state.zone, state.iso2), codes)


def index_authority(session: Session, authority: Authority) -> None:
    """What an authority is found by: its names and their initials; unit, parent, mailbox, address; what it does."""
    state = authority.state
    codes = [
        tokens.of_state(state.iso2),
        tokens.of_region(state.region),
        tokens.of_part(authority.part),
        tokens.of_kind(authority.kind),
        *(tokens.of_network(network.code) for network in state.networks),
        *(tokens.of_function(function) for function in authority.designations),
        *(tokens.accepts(language) for language in authority.languages_accepted),
        *(tokens.speaks(language) for language in authority.languages_spoken),
        *(tokens.takes(means) for means in authority.transmission),
        *_provisions(authority),
        *([tokens.when_urgent(tokens.Urgent.ORAL)] if authority.oral_when_urgent else []),
        *([tokens.when_urgent(tokens.Urgent.INTERPOL)] if authority.interpol_when_urgent else []),
    ]
    names = [authority.name_en, authority.name_original]
    more = [authority.unit, authority.parent, authority.mailbox, authority.address, *(authority.territories or ())]
    row = _row(session, SearchKind.AUTHORITY, str(authority.id))
    row.part = authority.part
    row.hours = written_hours(authority)
    short = [short for name in names for short in initials(fold(_bare(name)))]
    _fill(row, [*map(_bare, names), *short], [*more, *names, *_cities(authority.zone, state.iso2)], codes)


def written_hours(authority: Authority) -> str:
    """Zone, weekdays, opening, closing, public holidays kept (- for none) and further days on which it is closed."""
    closed = ",".join(authority.closed_on or ()) or "-"
    week = f"{authority.zone} {authority.office_days} {authority.opens:%H:%M} {authority.closes:%H:%M}"
    return f"{week} {authority.holiday_calendar or '-'} {closed}"


def index_person(session: Session, person: Practitioner) -> None:
    """What a practitioner is found by: names; title, post, authority; languages, specialities, networks, posting.

    One who is not active is taken out. No contact detail is written.
    """
    row = _row(session, SearchKind.PERSON, str(person.id))
    if person.vetting is not Vetting.ACTIVE:
        _fill(row, [], [], [])
        return
    authority, liaison = person.authority, person.liaison
    codes = [
        tokens.of_state(authority.state_iso2),
        tokens.of_region(authority.state.region),
        tokens.of_role(person.role),
        *(tokens.speaks(language) for language in person.languages),
        *(tokens.of_speciality(speciality) for speciality in person.knows),
        *(tokens.of_network(network.code) for network in person.networks),
        *(tokens.of_function(function) for function in authority.designations),
        *([tokens.posted_in(liaison.host_iso2), tokens.of_state(liaison.host_iso2)] if liaison else []),
    ]
    more = [
        person.title,
        person.post.title if person.post else "",
        _bare(authority.name_en),
        _bare(authority.name_original),
        *([liaison.city] if liaison else []),
    ]
    _fill(row, [person.name, person.name_latin], more, codes)


def index_network(session: Session, network: Network) -> None:
    """What a network is found by: its names, languages and members."""
    codes = [
        tokens.of_network(network.code),
        *(tokens.speaks(language) for language in network.languages),
        *(tokens.of_state(state.iso2) for state in network.members),
    ]
    row = _row(session, SearchKind.NETWORK, network.code)
    _fill(row, [network.name, network.full_name, network.code, fold(network.name).replace(" ", "")], [], codes)


def reindex(session: Session) -> None:
    """Write the rows of everything, after a migration or a change to what is indexed."""
    with session.no_autoflush:  # each thing has one row: nothing written here is read again
        for state in session.scalars(select(State)).all():
            index_state(session, state)
        for network in session.scalars(select(Network)).all():
            index_network(session, network)
        for authority in session.scalars(select(Authority)).all():
            index_authority(session, authority)
        for person in session.scalars(select(Practitioner)).all():
            index_person(session, person)
    raise_version(session)


def raise_version(session: Session) -> None:
    """Tell the processes that rows changed, and the rows when. Call once in each unit of work that wrote some."""
    session.flush()
    counter = session.scalars(select(SearchVersion).with_for_update()).one_or_none()
    if counter is None:
        counter = SearchVersion(version=0)
        session.add(counter)
    counter.version += 1
    # Under the counter's lock: whoever has read up to a version has missed no row of it.
    session.execute(
        update(SearchRow).where(SearchRow.version == 0).values(version=counter.version),
        execution_options={"synchronize_session": "fetch"},
    )
    session.flush()


def _provisions(authority: Authority) -> list[str]:
    articles = {function.provision.article for function in authority.designations}
    if authority.part is Part.A:
        articles |= {_ARTICLE_OF[function] for function in authority.designations if function in _ARTICLE_OF}
    return [tokens.of_provision(article) for article in sorted(articles)]


def _bare(name: str) -> str:
    """A name without what stands in brackets, which people leave out."""
    return " ".join(_BRACKETS.sub(" ", name).split()) or name


@cache
def _capitals() -> dict[str, tuple[str, ...]]:
    """Seats of government that give no time zone its name, in six languages."""
    with (DATA / "capitals.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["iso2"]: tuple(name for language in LANGUAGES for name in row[language].split("; "))
            for row in csv.DictReader(file)
        }


@cache
def _cities(zone: str, iso2: str) -> tuple[str, ...]:
    """The names of the seat of government in the six languages: Vienna, Vienne, Viena, Вена, 维也纳, فيينا."""
    if iso2 in _capitals():
        return _capitals()[iso2]
    return tuple(
        dict.fromkeys(str(get_timezone_location(zone, locale=language, return_city=True)) for language in LANGUAGES)
    )


def _row(session: Session, kind: SearchKind, ref: str) -> SearchRow:
    row = session.scalars(select(SearchRow).where(SearchRow.kind == kind, SearchRow.ref == ref)).one_or_none()
    if row is None:
        row = SearchRow(kind=kind, ref=ref, names="", more="", codes="")
        session.add(row)
    return row


def _fill(row: SearchRow, names: Iterable[str], more: Iterable[str], codes: Iterable[str]) -> None:
    row.names = "\n".join(dict.fromkeys(line for name in names for line in (fold(name), transliterate(name)) if line))
    row.more = " ".join(dict.fromkeys(word for text in more for word in indexed(text).split() if word))
    row.codes, row.version = " ".join(dict.fromkeys(codes)), 0
