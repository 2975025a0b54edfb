"""Whether typed guidance can be used. Pure: it raises Invalid with the field, and gives what is to be kept."""

from __future__ import annotations

from dataclasses import dataclass

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.directory import checks
from comity.directory.guidance.rules import Requirement
from comity.directory.guidance.terms import Element, Form, Kind, LinkKind, Need, When

LONGEST_REQUIREMENT, MOST_LANGUAGES = 2_000, 12


@dataclass(frozen=True, slots=True)
class Typed:
    """A requirement as it was typed. texts: (language, text) pairs, of which the first one with a text counts."""

    element: str = ""
    need: str = Need.COMPULSORY.value
    case: str = When.ALWAYS.value
    kinds: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    law: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A link as it was typed."""

    kind: str = ""
    title: str = ""
    language: str = ""
    url: str = ""


def requirement(typed: Typed, key: str, position: int) -> Requirement:
    """The requirement that was typed. Raises Invalid with the field: `text-2` and `language-2` for the second text."""
    kinds = frozenset(checks.term(value, Kind, "kinds") for value in typed.kinds)
    forms = frozenset(checks.term(value, Form, "forms") for value in typed.forms)
    if forms and kinds and Kind.MUTUAL_LEGAL_ASSISTANCE not in kinds:
        raise Invalid(N_("Forms of assistance belong to mutual legal assistance."), field="forms")
    texts = _texts(typed.texts)
    return Requirement(
        key=key,
        element=checks.term(typed.element, Element, "element"),
        need=checks.term(typed.need, Need, "need"),
        when=checks.term(typed.case, When, "case"),
        kinds=kinds or (frozenset({Kind.MUTUAL_LEGAL_ASSISTANCE}) if forms else frozenset()),
        forms=forms,
        law=checks.line(typed.law, "law", needed=False),
        original=next(iter(texts)),
        texts=texts,
        position=position,
    )


def link(typed: TypedLink) -> TypedLink:
    """The link in its kept form. Raises Invalid with the field."""
    return TypedLink(
        kind=checks.term(typed.kind, LinkKind, "kind").value,
        title=checks.line(typed.title, "title"),
        language=checks.language_tag(typed.language, "language"),
        url=checks.web(typed.url, "url"),
    )


def _texts(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (language, text) in enumerate(pairs, start=1):
        if not text.strip():
            continue
        code = checks.language_tag(language, f"language-{number}")
        if code in found:
            raise Invalid(N_("There is a text in this language already."), field=f"language-{number}")
        found[code] = checks.body(text, f"text-{number}", longest=LONGEST_REQUIREMENT)
    if not found:
        raise Invalid(N_("Please fill this in."), field="text-1")
    if len(found) > MOST_LANGUAGES:
        raise Invalid(N_("Please enter at most %(most)s languages."), field="text-1", most=MOST_LANGUAGES)
    return found
