"""Guidance in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from comity.core.i18n import listed, text_direction
from comity.core.text import to_html
from comity.directory.facts import Reader
from comity.directory.guidance.models import GuidanceLink
from comity.directory.guidance.rules import Asked, Reasons, Requirement
from comity.directory.guidance.terms import Element, Form, Kind, LinkKind, Need, When
from comity.directory.guidance.words import label
from comity.directory.names import language_name
from comity.directory.present import Chip

_TONES = {Need.COMPULSORY: "on", Need.WHERE_POSSIBLE: "", Need.NOT_NEEDED: "outline"}


@dataclass(frozen=True, slots=True)
class Version:
    """A text in one language."""

    words: str
    language: str
    direction: str
    language_name: str


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement. reasons: in which case it is asked for, in words. others: the text in further languages."""

    key: str
    need: Chip
    shown: Version
    reasons: tuple[str, ...]
    law: str
    others: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """An element of a request, with what is asked for under it."""

    key: str
    name: str
    article: str
    rows: tuple[RequirementRow, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link to a law, guide or model. id: for whoever takes it away."""

    id: int
    kind: str
    title: str
    language: str
    direction: str
    language_name: str
    url: str


def version(words: str, language: str, reader: Reader) -> Version:
    """A text with the name of its language."""
    return Version(words, language, text_direction(language), tongue(language, reader))


def tongue(language: str, reader: Reader) -> str:
    """The name of a language tag's language."""
    return language_name(language.partition("-")[0], reader.language)


def sections(asked: Iterable[Asked], reader: Reader, wanted: Iterable[str]) -> tuple[Section, ...]:
    """What is asked for, under its elements. wanted: languages to read it in, best first."""
    rows: dict[Element, list[RequirementRow]] = {}
    for one in asked:
        rows.setdefault(one.requirement.element, []).append(_row(one, reader, tuple(wanted)))
    return tuple(
        Section(element.value, _(label(element)), element.article, tuple(found)) for element, found in rows.items()
    )


def stated(requirements: Iterable[Requirement]) -> tuple[Asked, ...]:
    """All requirements as they are stated, each with the case that it is for."""
    return tuple(Asked(one, Reasons(None, (), one.when)) for one in requirements)


def link_rows(links: Iterable[GuidanceLink], reader: Reader) -> tuple[LinkRow, ...]:
    """Links, laws first."""
    ordered = sorted(links, key=lambda one: list(LinkKind).index(one.kind))
    return tuple(
        LinkRow(
            one.id, _(label(one.kind)), one.title, one.language, text_direction(one.language),
            tongue(one.language, reader), one.url,
        )
        for one in ordered
    )  # fmt: skip


def prose(texts: Mapping[str, str], wanted: Iterable[str], reader: Reader) -> Version | None:
    """The text as clean HTML: in the first language wanted that there is, else English, else any."""
    if not texts:
        return None
    language = next((code for code in (*wanted, "en") if code in texts), next(iter(texts)))
    return version(to_html(texts[language]), language, reader)


def kind_words(kind: Kind) -> str:
    """ "Extradition (16)"."""
    return f"{_(label(kind))} ({kind.article})"


def form_words(form: Form) -> str:
    """ "Service of judicial documents · 18(3)(b)"."""
    return f"{_(label(form))} · {form.article}"


def _row(asked: Asked, reader: Reader, wanted: tuple[str, ...]) -> RequirementRow:
    one = asked.requirement
    words, language = one.words(wanted)
    codes = [one.original, *(code for code in one.texts if code != one.original)]
    return RequirementRow(
        key=one.key,
        need=Chip(_(label(one.need)), _TONES[one.need]),
        shown=version(words, language, reader),
        reasons=_reasons(asked, reader),
        law=one.law,
        others=tuple(version(one.texts[code], code, reader) for code in codes if code != language),
    )


def _reasons(asked: Asked, reader: Reader) -> tuple[str, ...]:
    one, found = asked.requirement, []
    if one.when is not When.ALWAYS:
        found.append(_(label(one.when)))
    forms = [form for form in Form if form in one.forms] or list(asked.reasons.forms)
    if forms:
        found.append(listed((f"{_(label(form))} ({form.article})" for form in forms), reader.language))
    elif one.kinds and asked.reasons.kind is None:
        found.append(listed((_(label(kind)) for kind in Kind if kind in one.kinds), reader.language))
    return tuple(found)
