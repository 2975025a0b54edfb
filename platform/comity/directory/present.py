"""The directory in the reader's language: what templates and the search island are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import listed, text_direction
from comity.core.times import both_clocks, both_zones, day
from comity.directory.access import may_consult
from comity.directory.alive.cycle import is_stale
from comity.directory.closed_days import HolidayLine, holiday_lines
from comity.directory.facts import Fact, Reader, practice_facts, receiving_facts, trust_facts, weekly_hours
from comity.directory.hours import OfficeHours
from comity.directory.labels import label
from comity.directory.models import Authority, Network
from comity.directory.names import state_name
from comity.directory.vocabulary import Function


@dataclass(frozen=True, slots=True)
class Chip:
    """A few words with a colour: good, warn, on or none."""

    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """An authority in a list. competence: its functions, in one line."""

    url: str
    name: str
    native_name: str
    native_language: str
    native_direction: str
    state: str
    kind: str
    competence: str
    hours: Chip
    trust: Chip
    stale: bool


@dataclass(frozen=True, slots=True)
class AuthorityPage:
    """An authority on its own page."""

    row: AuthorityRow
    part: str
    state_url: str
    functions: tuple[Chip, ...]
    receiving: tuple[Fact, ...]
    practice: tuple[Fact, ...]
    trust: tuple[Fact, ...]
    local_time: str
    weekly_hours: str
    networks: tuple[NetworkLink, ...]
    territories: tuple[str, ...]
    holidays: tuple[HolidayLine, ...]
    may_consult: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class NetworkLink:
    """A regional network, by its English names."""

    url: str
    name: str
    full_name: str


def network_links(networks: Iterable[Network]) -> tuple[NetworkLink, ...]:
    """Networks as links to their pages."""
    return tuple(
        NetworkLink(url_for("directory.networks.page", code=one.code), one.name, one.full_name) for one in networks
    )


def function_words(function: Function) -> str:
    """ "Mutual legal assistance · UNTOC, Article 18"."""
    provision = function.provision
    article = _(label(provision.instrument), article=provision.article)
    return f"{_(label(function))} · {article}"


def authority_row(authority: Authority, reader: Reader) -> AuthorityRow:
    """An authority as a row of a list."""
    return AuthorityRow(
        url=url_for("directory.authority", authority_id=authority.id),
        name=authority.name_en,
        native_name="" if authority.name_original == authority.name_en else authority.name_original,
        native_language=authority.original_language,
        native_direction=text_direction(authority.original_language),
        state=state_name(authority.state_iso2, reader.language),
        kind=_(label(authority.kind)),
        competence=listed((_(label(function)) for function in authority.designations), reader.language),
        hours=hours_chip(authority.hours, reader),
        trust=trust_chip(authority, reader),
        stale=is_stale(authority.next_review_on, reader.now),
    )


def hours_chip(hours: OfficeHours, reader: Reader) -> Chip:
    """Whether somebody is at their desk there, with both clocks: theirs first."""
    reachable, mine = hours.at(reader.now), reader.actor.zone
    if reachable.is_open:
        until = both_clocks(reachable.changes_at, reader.language, hours.zone, mine)
        return Chip(_("Open now, until %(time)s", time=until), "good")
    opens = both_zones(reachable.changes_at, reader.language, hours.zone, mine)
    if reachable.closed_for is None:
        return Chip(_("Closed now, opens %(time)s", time=opens))
    if reachable.closed_for.name:
        return Chip(_("Closed today: public holiday; opens %(time)s", time=opens), "warn")
    return Chip(_("Closed today; opens %(time)s", time=opens), "warn")


def trust_chip(authority: Authority, reader: Reader) -> Chip:
    """When the entry was last confirmed, and whether a review is overdue, or so long that it is greyed out."""
    when = day(authority.confirmed_on, reader.language)
    if is_stale(authority.next_review_on, reader.now):
        return Chip(_("Not confirmed since %(date)s", date=when), "warn")
    if authority.next_review_on < reader.now.date():
        return Chip(_("Confirmed %(date)s, review overdue", date=when), "warn")
    return Chip(_("Confirmed %(date)s", date=when), "good")


def authority_page(authority: Authority, reader: Reader) -> AuthorityPage:
    """Everything that an authority's page says."""
    return AuthorityPage(
        row=authority_row(authority, reader),
        part=_(label(authority.part)),
        state_url=url_for("directory.state", iso2=authority.state_iso2),
        functions=tuple(Chip(function_words(function), "on") for function in authority.designations),
        receiving=receiving_facts(authority, reader),
        practice=practice_facts(authority),
        trust=trust_facts(authority, reader),
        local_time=both_zones(reader.now, reader.language, authority.zone, reader.actor.zone),
        weekly_hours=weekly_hours(authority.hours, reader),
        networks=network_links(authority.state.networks),
        territories=tuple(authority.territories),
        holidays=holiday_lines(authority.hours, reader),
        may_consult=may_consult(reader.actor, authority.id),
        is_own=authority.id in reader.actor.authority_ids,
    )
