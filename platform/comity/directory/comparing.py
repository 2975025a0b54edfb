"""Two States side by side: what their central authorities say, name by name, and where they differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.directory.facts import Fact
from comity.directory.models import Authority
from comity.directory.vocabulary import Function, Part


@dataclass(frozen=True, slots=True)
class Pair:
    """One name, and what either State says under it; None where one says nothing."""

    name: str
    article: str
    a: Fact | None
    b: Fact | None

    @property
    def differs(self) -> bool:
        return _said(self.a) != _said(self.b)


def pairs(a: Iterable[Fact], b: Iterable[Fact]) -> tuple[Pair, ...]:
    """Facts by their names, in the order of the first State; what only the second one says stands at the end."""
    left, right = {fact.name: fact for fact in a}, {fact.name: fact for fact in b}
    names = [*left, *(name for name in right if name not in left)]
    found = []
    for name in names:
        one = left.get(name) or right[name]
        found.append(Pair(name, one.article, left.get(name), right.get(name)))
    return tuple(found)


def speaks_for(authorities: Sequence[Authority]) -> Authority | None:
    """The authority that is compared: the first of part A for mutual legal assistance, else the first of part A."""
    central = [one for one in authorities if one.part is Part.A]
    assisting = (one for one in central if Function.MUTUAL_LEGAL_ASSISTANCE in one.designations)
    return next(assisting, central[0] if central else None)


def _said(fact: Fact | None) -> tuple[str, ...] | None:
    """The order in which several things are said does not matter."""
    return tuple(sorted(fact.items or (fact.text,))) if fact else None
