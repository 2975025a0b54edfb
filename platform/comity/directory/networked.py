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
from comity.directory.visibility import SeenPractitioner
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
    """A post that coordinates a network. id: of the coordination. holders: address, name, language of the name."""

    id: int
    title: str
    authority: str
    authority_url: str
    state: str
    holders: tuple[tuple[str, str, str], ...] = ()


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
    one: Network,
    coordinators: Iterable[NetworkCoordinator],
    holders: Iterable[SeenPractitioner],
    people: Mapping[str, int],
    reader: Reader,
) -> NetworkPage:
    """What a network's page says, but for the people in it. holders: of the coordinating posts."""
    return NetworkPage(
        row=network_row(one, people, reader),
        code=one.code,
        about=to_html(one.about),
        web=one.web or "",
        groups=_groups(one, reader),
        coordinators=coordinator_rows(coordinators, reader, holders),
    )


def coordinator_rows(
    found: Iterable[NetworkCoordinator], reader: Reader, holders: Iterable[SeenPractitioner] = ()
) -> tuple[CoordinatorRow, ...]:
    """The posts that coordinate a network, with those of their holders whom the reader may know of."""
    by_post: dict[int | None, list[tuple[str, str, str]]] = {}
    for seen in holders:
        url = url_for("directory.people.page", public_id=seen.public_id)
        by_post.setdefault(seen.post_id, []).append((url, seen.listed_name, seen.language))
    return tuple(
        CoordinatorRow(
            one.id,
            one.post.title,
            one.post.authority.name_en,
            url_for("directory.authority", authority_id=one.post.authority_id),
            state_name(one.post.authority.state_iso2, reader.language),
            tuple(by_post.get(one.post_id, ())),
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
