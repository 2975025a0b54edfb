"""The States as lists for a reader: by regional group, each group in the order of the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.directory.labels import label
from comity.directory.models import State
from comity.directory.names import sorting_key, state_name
from comity.directory.vocabulary import Part, RegionalGroup


@dataclass(frozen=True, slots=True)
class StateLine:
    """A State in a list. entries: how many authorities of the chosen part the directory has."""

    url: str
    name: str
    region: str
    party: bool
    entries: int


@dataclass(frozen=True, slots=True)
class Group:
    """A regional group with its States."""

    key: str
    name: str
    states: tuple[StateLine, ...]


def state_line(state: State, language: str, entries: int = 0) -> StateLine:
    """A State as a line of a list."""
    return StateLine(
        url=url_for("directory.state", iso2=state.iso2),
        name=state_name(state.iso2, language),
        region=_(label(state.region)),
        party=state.party,
        entries=entries,
    )


def groups(states: Iterable[State], counts: Counter[tuple[str, Part]], part: Part, language: str) -> list[Group]:
    """The States by regional group.

    counts: entries by State and part. part: the one to count.
    """
    lines: dict[RegionalGroup, list[StateLine]] = {region: [] for region in RegionalGroup}
    for state in states:
        lines[state.region].append(state_line(state, language, counts[state.iso2, part]))
    return [
        Group(region.value, _(label(region)), tuple(sorted(found, key=lambda line: sorting_key(line.name))))
        for region, found in lines.items()
        if found
    ]
