"""The directory in the reader's language: what templates and the search island are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import listed, text_direction
from comity.core.times import both_clocks, both_zones, day
from comity.directory.access import may_consult
from comity.directory.facts import Fact, Reader, practice_facts, receiving_facts, trust_facts, weekly_hours
from comity.directory.labels import label
from comity.directory.models import Authority
from comity.directory.names import state_name
from comity.directory.posts import Holding
from comity.directory.vetting.deputies import last_day
from comity.directory.vetting.models import Absence
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
    networks: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str], ...]
    may_consult: bool
    is_own: bool


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
        hours=hours_chip(authority, reader),
        trust=trust_chip(authority, reader),
    )


def hours_chip(authority: Authority, reader: Reader) -> Chip:
    """Whether somebody is at their desk there, with both clocks: theirs first."""
    reachable = authority.reachable(reader.now)
    mine = reader.actor.zone
    if reachable.is_open:
        until = both_clocks(reachable.changes_at, reader.language, authority.zone, mine)
        return Chip(_("Open now, until %(time)s", time=until), "good")
    opens = both_zones(reachable.changes_at, reader.language, authority.zone, mine)
    return Chip(_("Closed now, opens %(time)s", time=opens))


def trust_chip(authority: Authority, reader: Reader) -> Chip:
    """When the entry was last confirmed, and whether a review is overdue."""
    when = day(authority.confirmed_on, reader.language)
    if authority.next_review_on < reader.now.date():
        return Chip(_("Confirmed %(date)s, review overdue", date=when), "warn")
    return Chip(_("Confirmed %(date)s", date=when), "good")


def _away(absence: Absence | None, reader: Reader) -> str:
    if absence is None:
        return ""
    until = day(last_day(absence), reader.language, year=False)
    words: str = _("away until %(day)s; deputy: %(deputy)s", day=until, deputy=absence.deputy.title)
    return words


def authority_page(
    authority: Authority, people: list[Holding], away: Mapping[int, Absence], reader: Reader
) -> AuthorityPage:
    """Everything that an authority's page says. away: by post, for those whose holder is away now."""
    return AuthorityPage(
        row=authority_row(authority, reader),
        part=_(label(authority.part)),
        state_url=url_for("directory.state", iso2=authority.state_iso2),
        functions=tuple(Chip(function_words(function), "on") for function in authority.designations),
        receiving=receiving_facts(authority, reader),
        practice=practice_facts(authority),
        trust=trust_facts(authority, reader),
        local_time=both_zones(reader.now, reader.language, authority.zone, reader.actor.zone),
        weekly_hours=weekly_hours(authority, reader),
        networks=tuple((network.name, network.full_name) for network in authority.state.networks),
        people=tuple(
            (holding.account.display_name, holding.post.title, _away(away.get(holding.post_id), reader))
            for holding in people
        ),
        may_consult=may_consult(reader.actor, authority.id),
        is_own=authority.id in reader.actor.authority_ids,
    )
