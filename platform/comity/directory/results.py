"""What was found, and the filters beside it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import text_direction
from comity.directory.facts import Reader
from comity.directory.labels import label
from comity.directory.models import Authority, Network, State
from comity.directory.names import language_name, sorting_key, state_name
from comity.directory.present import AuthorityRow, authority_row
from comity.directory.search.filters import Choice, Chosen, Counted, Filter, Tab
from comity.directory.search.tokens import Urgent
from comity.directory.searching import Thing
from comity.directory.visibility import SeenPractitioner
from comity.directory.vocabulary import Function, Means, RegionalGroup


@dataclass(frozen=True, slots=True)
class Result:
    """A State, a person or a network in a list: a name, who that is, and where it leads. language: of the name.

    authority: instead of all that, for an authority.
    """

    url: str
    name: str
    detail: str
    language: str = ""
    direction: str = ""
    kind: str = ""
    authority: AuthorityRow | None = None


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter as a list to choose from. options: value and words with their count. value: what is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class TabLink:
    """A kind of answers as a tab."""

    label: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Set:
    """A filter that is set, with the address of the same page without it."""

    words: str
    without: str


def result(thing: Thing, reader: Reader) -> Result:
    """Something found, as a line."""
    if isinstance(thing, State):
        url = url_for("directory.state", iso2=thing.iso2)
        return Result(url, state_name(thing.iso2, reader.language), _(label(thing.region)), kind=_("State"))
    if isinstance(thing, Authority):
        row = authority_row(thing, reader)
        said = (row.state, row.kind, row.trust.words if row.stale else "")
        return Result(row.url, row.name, " · ".join(words for words in said if words), "en", "ltr", "", row)
    if isinstance(thing, Network):
        url = url_for("directory.networks.page", code=thing.code)
        return Result(url, thing.name, thing.full_name, "en", "ltr", _("Network"))
    return _person(thing, reader)


def _person(person: SeenPractitioner, reader: Reader) -> Result:
    said = (person.post, person.authority_name, state_name(person.state, reader.language))
    return Result(
        url_for("directory.people.page", public_id=person.public_id),
        person.listed_name,
        " · ".join(words for words in said if words),
        person.language,
        text_direction(person.language),
        _("Person"),
    )


def tab_links(counted: Counted, tab: Tab, asked: str, chosen: Chosen) -> list[TabLink]:
    """The tabs, each with what it would show."""
    names = {
        Tab.ALL: _("All"),
        Tab.A: _("Part A"),
        Tab.B: _("Part B"),
        Tab.PEOPLE: _("People"),
        Tab.NETWORKS: _("Networks"),
    }
    return [
        TabLink(names[one], address(asked, chosen, one), one is tab, counted.tabs[one])
        for one in Tab
        if counted.tabs[one] or one in (tab, Tab.ALL)
    ]


def filter_fields(counted: Counted, chosen: Chosen, networks: Mapping[str, str], reader: Reader) -> list[FilterField]:
    """The filters that leave something. networks: names by code."""
    fields = []
    for one in Filter:
        options = [(choice, _value(one, choice.value, networks, reader)) for choice in counted.choices[one]]
        if one in (Filter.ACCEPTS, Filter.NETWORK):
            options.sort(key=lambda pair: sorting_key(pair[1]))
        if options:
            fields.append(FilterField(one.value, _name(one), tuple(map(_option, options)), chosen.get(one, "")))
    return fields


def filters_set(chosen: Chosen, tab: Tab, asked: str, networks: Mapping[str, str], reader: Reader) -> list[Set]:
    """The filters that are set, each with a way out."""
    return [
        Set(
            f"{_name(one)}: {_value(one, value, networks, reader)}",
            address(asked, {other: kept for other, kept in chosen.items() if other is not one}, tab),
        )
        for one, value in chosen.items()
    ]


def page_links(page: int, pages: int, asked: str, chosen: Chosen, tab: Tab) -> list[tuple[int, str | None]]:
    """Numbers of pages and their addresses; none for the current one."""
    return [(at, None if at == page else address(asked, chosen, tab, at)) for at in range(1, pages + 1)]


def address(asked: str, chosen: Chosen, tab: Tab, page: int = 1) -> str:
    """The address of results: one that can be shared."""
    arguments = {one.value: value for one, value in chosen.items()}
    return url_for(
        "directory.index",
        q=asked or None,
        part=tab.value,
        page=page if page > 1 else None,
        **arguments,  # type: ignore[arg-type]
    )


def _option(pair: tuple[Choice, str]) -> tuple[str, str]:
    choice, words = pair
    return choice.value, f"{words} ({choice.count})"


def _name(one: Filter) -> str:
    names: dict[Filter, str] = {
        Filter.FUNCTION: _("Function"),
        Filter.NETWORK: _("Network"),
        Filter.ACCEPTS: _("Accepts language"),
        Filter.MEANS: _("Means of transmission"),
        Filter.URGENT: _("When urgent"),
        Filter.REGION: _("Regional group"),
        Filter.OPEN: _("Office hours"),
    }
    return names[one]


def _value(one: Filter, value: str, networks: Mapping[str, str], reader: Reader) -> str:
    if one is Filter.NETWORK:
        return networks.get(value, value)
    if one is Filter.ACCEPTS:
        return language_name(value, reader.language)
    if one is Filter.OPEN:
        return str(_("Open now"))
    if one is Filter.URGENT:
        return str(_("Oral request when urgent") if value == Urgent.ORAL else _("Through INTERPOL when urgent"))
    terms: Sequence[type[Function] | type[Means] | type[RegionalGroup]] = (Function, Means, RegionalGroup)
    kind = next(kind for kind in terms if value in set(kind))
    return str(_(label(kind(value))))
