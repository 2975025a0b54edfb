"""Filters beside the words: which there are, what is chosen, and how many answers each choice would leave. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comity.directory.models import SearchKind
from comity.directory.search import tokens
from comity.directory.search.memory import Contents
from comity.directory.vocabulary import Function, Means, Part, RegionalGroup


class Tab(StrEnum):
    """What kind of answers a page shows."""

    ALL = "all"
    A = "a"
    B = "b"
    PEOPLE = "people"
    NETWORKS = "networks"


class Filter(StrEnum):
    """What can be filtered by. The value is the name in the address."""

    FUNCTION = "function"
    NETWORK = "network"
    ACCEPTS = "accepts"
    MEANS = "means"
    URGENT = "urgent"
    REGION = "region"
    OPEN = "open"


OPEN_NOW = "now"
_TABS: Mapping[Tab, str] = {
    Tab.A: tokens.of_part(Part.A),
    Tab.B: tokens.of_part(Part.B),
    Tab.PEOPLE: SearchKind.PERSON.value,
    Tab.NETWORKS: SearchKind.NETWORK.value,
}
Chosen = Mapping[Filter, str]
"""One value for each filter that is set."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter. count: answers that it would leave."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What filters and tabs leave. mask: the rows of the tab shown. tabs: answers in each. choices: of each filter."""

    mask: int
    tabs: Mapping[Tab, int]
    choices: Mapping[Filter, tuple[Choice, ...]]


def counted(contents: Contents, found: int, chosen: Chosen, tab: Tab, now: datetime) -> Counted:
    """Combine words and filters.

    found: mask of what answers to the words; -1 where there are none. now: for who is open.
    """
    masks = {one: _mask(contents, one, value, now) for one, value in chosen.items()}
    everything = _all(contents)
    left = found & everything
    for mask in masks.values():
        left &= mask
    tabs = {one: (left & _tab(contents, one)).bit_count() for one in Tab}
    choices = {}
    for one in Filter:
        base = found & everything & _tab(contents, tab)
        for other, mask in masks.items():
            base &= mask if other is not one else -1
        counts = (
            Choice(value, (base & _mask(contents, one, value, now)).bit_count()) for value in _values(contents, one)
        )
        choices[one] = tuple(choice for choice in counts if choice.count or choice.value == chosen.get(one))
    return Counted(left & _tab(contents, tab), tabs, choices)


def code_of(one: Filter, value: str) -> str | None:
    """The code that a filter's value stands for; None for a value that is none, and for the office hours."""
    if one in _CODES:
        return _CODES[one].get(value)
    if one is Filter.NETWORK:
        return tokens.of_network(value)
    return tokens.accepts(value) if one is Filter.ACCEPTS else None


def _mask(contents: Contents, one: Filter, value: str, now: datetime) -> int:
    if one is Filter.OPEN:
        return contents.open_at(now)
    code = code_of(one, value)
    return contents.mask(code) if code else 0


def _tab(contents: Contents, tab: Tab) -> int:
    return contents.mask(_TABS[tab]) if tab in _TABS else -1


def _all(contents: Contents) -> int:
    everything = 0
    for kind in SearchKind:
        everything |= contents.mask(kind.value)
    return everything


def _values(contents: Contents, one: Filter) -> Iterable[str]:
    if one in _CODES:
        return _CODES[one]
    if one is Filter.NETWORK:
        return sorted(e.ref for e in contents.of_kind(SearchKind.NETWORK))
    if one is Filter.ACCEPTS:
        prefix = tokens.accepts("")
        return sorted(code.removeprefix(prefix) for code in contents.codes() if code.startswith(prefix))
    return (OPEN_NOW,)


_CODES: Mapping[Filter, Mapping[str, str]] = {
    Filter.FUNCTION: {function.value: tokens.of_function(function) for function in Function},
    Filter.MEANS: {means.value: tokens.takes(means) for means in Means},
    Filter.URGENT: {urgent.value: tokens.when_urgent(urgent) for urgent in tokens.Urgent},
    Filter.REGION: {region.value: tokens.of_region(region) for region in RegionalGroup},
}
