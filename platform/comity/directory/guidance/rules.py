"""What a State asks of a request of some kind, in order and with the reason for each. Pure.

The readiness check is fed from here: a `Requirement` has the key, element and need that the check knows by value, and
`words` gives its text with its language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.directory.guidance.terms import Element, Form, Kind, Need, When

_COERCIVE_KINDS = frozenset({Kind.CONFISCATION, Kind.SPECIAL_INVESTIGATIVE_TECHNIQUES, Kind.PROVISIONAL_ARREST})
_FORMS_OF: Mapping[When, frozenset[Form]] = {
    When.COERCIVE: frozenset({Form.SEARCH_SEIZURE_FREEZING, Form.TRAFFIC_DATA}),
    When.BANK_RECORDS: frozenset({Form.RECORDS, Form.TRACING}),
    When.ELECTRONIC_EVIDENCE: frozenset({Form.PRESERVATION, Form.STORED_DATA, Form.TRAFFIC_DATA}),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that a State asks for.

    key: stable within the State. kinds, forms: of cooperation and assistance that it is for; none means all. law: the
    article or law it stands on. original: language of the text that counts, BCP 47. texts: language to text.
    position: within its element, from 1.
    """

    key: str
    element: Element
    need: Need
    when: When
    kinds: frozenset[Kind]
    forms: frozenset[Form]
    law: str
    original: str
    texts: Mapping[str, str]
    position: int

    def words(self, wanted: Iterable[str] = ()) -> tuple[str, str]:
        """The text and its language: the first one wanted that there is, else English, else the original."""
        language = next((code for code in (*wanted, "en") if code in self.texts), self.original)
        return self.texts[language], language


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something is asked for: for this kind, for these forms, in this case. All empty: of every request."""

    kind: Kind | None
    forms: tuple[Form, ...]
    when: When


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement that applies, and why."""

    requirement: Requirement
    reasons: Reasons


def requirements_for(
    stated: Iterable[Requirement], kind: Kind, forms: Iterable[Form] = (), *, urgent: bool = False
) -> tuple[Asked, ...]:
    """What is asked of a request, in the order of the article's elements, then of the State.

    stated: all that the State states. forms: of assistance that are sought; they matter to mutual legal assistance
    alone, and none means that they are not known yet: then what any form may need is included.
    """
    sought = frozenset(forms) if kind is Kind.MUTUAL_LEGAL_ASSISTANCE else frozenset()
    open_forms = kind is Kind.MUTUAL_LEGAL_ASSISTANCE and not sought
    found = [
        Asked(one, Reasons(kind if one.kinds else None, _matching(one, sought), one.when))
        for one in stated
        if _is_for(one, kind, sought, open_forms) and _is_case(one.when, kind, sought, urgent, open_forms)
    ]
    return tuple(sorted(found, key=lambda asked: _order(asked.requirement)))


def in_order(stated: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """All requirements in the order of the article's elements, then of the State."""
    return tuple(sorted(stated, key=_order))


def by_element(stated: Sequence[Requirement]) -> dict[Element, tuple[Requirement, ...]]:
    """Requirements under their elements, in order; an element without any is left out."""
    ordered = in_order(stated)
    return {e: found for e in Element if (found := tuple(one for one in ordered if one.element is e))}


def languages_of(stated: Iterable[Requirement], texts: Iterable[str] = ()) -> tuple[str, ...]:
    """The languages that guidance can be read in, those with most texts first. texts: languages of the prose."""
    counts: dict[str, int] = {}
    for language in (*texts, *(code for one in stated for code in one.texts)):
        counts[language] = counts.get(language, 0) + 1
    return tuple(sorted(counts, key=lambda code: (-counts[code], code)))


def _is_for(one: Requirement, kind: Kind, sought: frozenset[Form], open_forms: bool) -> bool:
    if one.kinds and kind not in one.kinds:
        return False
    return not one.forms or open_forms or bool(one.forms & sought)


def _is_case(when: When, kind: Kind, sought: frozenset[Form], urgent: bool, open_forms: bool) -> bool:
    if when is When.ALWAYS:
        return True
    if when is When.URGENT:
        return urgent or kind is Kind.PROVISIONAL_ARREST
    if when is When.COERCIVE and kind in _COERCIVE_KINDS:
        return True
    return open_forms or bool(_FORMS_OF[when] & sought)


def _matching(one: Requirement, sought: frozenset[Form]) -> tuple[Form, ...]:
    found = (one.forms | _FORMS_OF.get(one.when, frozenset())) & sought
    return tuple(form for form in Form if form in found)


def _order(one: Requirement) -> tuple[int, int, str]:
    return list(Element).index(one.element), one.position, one.key
