"""The readiness check: what a request contains (18(15), or 16 for extradition), and what is still missing. Pure.

Both sides tick and comment on a draft, without prejudice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from comity.consultations.requests.acts import EXTRADITION
from comity.consultations.requests.terms import Form
from comity.consultations.terms import Kind, Side


class Element(StrEnum):
    """What a request contains: 18(15)(a)-(f) for assistance; for extradition what its rules turn on."""

    AUTHORITY = "authority"
    SUBJECT = "subject"
    FACTS = "facts"
    ASSISTANCE = "assistance"
    PERSONS = "persons"
    PURPOSE = "purpose"
    PERSON_SOUGHT = "person-sought"
    OFFENCE_AND_PENALTY = "offence-and-penalty"
    WARRANT_OR_JUDGMENT = "warrant-or-judgment"
    BASIS = "basis"
    URGENCY = "urgency"


ARTICLES: Mapping[Element, str] = {
    Element.AUTHORITY: "18(15)(a)",
    Element.SUBJECT: "18(15)(b)",
    Element.FACTS: "18(15)(c)",
    Element.ASSISTANCE: "18(15)(d)",
    Element.PERSONS: "18(15)(e)",
    Element.PURPOSE: "18(15)(f)",
    Element.PERSON_SOUGHT: "16(10)-(11)",
    Element.OFFENCE_AND_PENALTY: "16(1)",
    Element.WARRANT_OR_JUDGMENT: "16(7)",
    Element.BASIS: "16(4)",
    Element.URGENCY: "16(9)",
}
_ASSISTANCE = (
    Element.AUTHORITY,
    Element.SUBJECT,
    Element.FACTS,
    Element.ASSISTANCE,
    Element.PERSONS,
    Element.PURPOSE,
)
_EXTRADITED = (
    Element.PERSON_SOUGHT,
    Element.FACTS,
    Element.OFFENCE_AND_PENALTY,
    Element.WARRANT_OR_JUDGMENT,
    Element.BASIS,
)
_WHERE_POSSIBLE = frozenset({Element.PERSONS})


class Need(StrEnum):
    """How much an item weighs."""

    COMPULSORY = "compulsory"
    WHERE_POSSIBLE = "where-possible"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that the requested State asks for besides, from its directory entry.

    key: stable in that entry. element: whose heading it stands under. text: as the entry has it. language: BCP 47.
    """

    key: str
    element: Element
    text: str
    language: str
    need: Need = Need.COMPULSORY


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the check: an element of the article, or a requirement of the requested State."""

    key: str
    element: Element
    need: Need
    requirement: Requirement | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What one side said of an item. A tick says "it is there", of the draft as it stands; it binds nobody."""

    ticked: bool
    comment: str = ""


Marks = Mapping[tuple[str, Side], Mark]


def items(kind: Kind, forms: Iterable[Form], requirements: Sequence[Requirement]) -> tuple[Item, ...]:
    """The lines of the check in the order of the article, each State's own requirements beneath their element.

    A summary of the facts is not needed where nothing but service of documents is asked for (18(15)(c)). Requirements
    under an element that this kind of cooperation does not have stand at the end.
    """
    asked = frozenset(forms)
    elements = _elements(kind)
    found: list[Item] = []
    for element in elements:
        found.append(Item(element.value, element, _need(element, kind, asked)))
        found += [_own(requirement) for requirement in requirements if requirement.element is element]
    return (*found, *(_own(requirement) for requirement in requirements if requirement.element not in elements))


def missing(check: Sequence[Item], marks: Marks, side: Side = Side.REQUESTED) -> tuple[Item, ...]:
    """The compulsory items that a side has not ticked. Nothing is missing: to that side the draft is ready."""
    return tuple(
        item
        for item in check
        if item.need is Need.COMPULSORY and not marks.get((item.key, side), Mark(ticked=False)).ticked
    )


def disagreed(check: Sequence[Item], marks: Marks) -> tuple[Item, ...]:
    """The items that the requesting side ticked, and of which the other one said that they are not there."""
    return tuple(
        item
        for item in check
        if (own := marks.get((item.key, Side.REQUESTING))) is not None
        and own.ticked
        and (other := marks.get((item.key, Side.REQUESTED))) is not None
        and not other.ticked
    )


def _elements(kind: Kind) -> tuple[Element, ...]:
    if kind is Kind.PROVISIONAL_ARREST:
        return (*_EXTRADITED, Element.URGENCY)
    return _EXTRADITED if kind in EXTRADITION else _ASSISTANCE


def _need(element: Element, kind: Kind, forms: frozenset[Form]) -> Need:
    if element is Element.FACTS and kind not in EXTRADITION and forms == {Form.SERVICE}:
        return Need.NOT_NEEDED
    return Need.WHERE_POSSIBLE if element in _WHERE_POSSIBLE else Need.COMPULSORY


def _own(requirement: Requirement) -> Item:
    return Item(f"{requirement.element.value}/{requirement.key}", requirement.element, requirement.need, requirement)
