"""Regional networks in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.text import to_html
from comity.directory.browse import StateLine, state_line
from comity.directory.facts import Reader, languages
from comity.directory.labels import label
from comity.directory.models import Network
from comity.directory.names import sorting_key, state_name
from comity.directory.record import NetworkCoordinator
from comity.directory.vocabulary import RegionalGroup


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A network in a list. members, people: how many. languages: in which it works, in one line."""

    url: str
    name: str
    full_name: str
    year: int
    languages: str
    members: int
    people: int


@dataclass(frozen=True, slots=True)
class CoordinatorRow:
    """A post that coordinates a network. id: of the coordination."""

    id: int
    title: str
    authority: str
    authority_url: str
    state: str


@dataclass(frozen=True, slots=True)
class MemberGroup:
    """Members of one regional group."""

    name: str
    states: tuple[StateLine, ...]


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """A network on its own page. about: clean HTML, in English."""

    row: NetworkRow
    code: str
    about: str
    web: str
    groups: tuple[MemberGroup, ...]
    coordinators: tuple[CoordinatorRow, ...]


def network_row(one: Network, people: Mapping[str, int], reader: Reader) -> NetworkRow:
    """A network as a row of a list. people: how many take part, by code."""
    return NetworkRow(
        url=url_for("directory.networks.page", code=one.code),
        name=one.name,
        full_name=one.full_name,
        year=one.year,
        languages=languages(one.languages, reader.language),
        members=len(one.members),
        people=people.get(one.code, 0),
    )


def network_page(
    one: Network, coordinators: Iterable[NetworkCoordinator], people: Mapping[str, int], reader: Reader
) -> NetworkPage:
    """What a network's page says, but for the people in it."""
    return NetworkPage(
        row=network_row(one, people, reader),
        code=one.code,
        about=to_html(one.about),
        web=one.web or "",
        groups=_groups(one, reader),
        coordinators=coordinator_rows(coordinators, reader),
    )


def coordinator_rows(found: Iterable[NetworkCoordinator], reader: Reader) -> tuple[CoordinatorRow, ...]:
    """The posts that coordinate a network."""
    return tuple(
        CoordinatorRow(
            one.id,
            one.post.title,
            one.post.authority.name_en,
            url_for("directory.authority", authority_id=one.post.authority_id),
            state_name(one.post.authority.state_iso2, reader.language),
        )
        for one in found
    )


def _groups(one: Network, reader: Reader) -> tuple[MemberGroup, ...]:
    found = []
    for region in RegionalGroup:
        lines = [state_line(state, reader.language) for state in one.members if state.region is region]
        if lines:
            found.append(MemberGroup(_(label(region)), tuple(sorted(lines, key=lambda line: sorting_key(line.name)))))
    return tuple(found)
