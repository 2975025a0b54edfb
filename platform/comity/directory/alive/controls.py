"""The form of an authority's record in the reader's language: groups of controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from babel.dates import get_day_names
from flask import request
from flask_babel import gettext as _

from comity.core.i18n import N_
from comity.directory import fields
from comity.directory.alive.parsing import Problems, Typed
from comity.directory.alive.words import term_words
from comity.directory.fields import Field, Group, Shape

_INPUTS: Mapping[Shape, str] = {
    Shape.EMAIL: "email", Shape.TELEPHONE: "tel", Shape.WEB: "url", Shape.DAY: "date", Shape.CLOCK: "time",
    Shape.NUMBER: "number", Shape.LINES: "lines", Shape.CLOSED_DAYS: "lines", Shape.TERM: "select",
    Shape.TERMS: "boxes", Shape.WEEKDAYS: "boxes", Shape.FLAG: "box", Shape.ZONE: "zone",
}  # fmt: skip
_HINTS: Mapping[str, str] = {
    "telephone": N_("With the country: +43 1 53115."),
    "original_language": N_("Its name in any language, or its code."),
    "languages_accepted": N_("Names in any language, separated by commas."),
    "languages_spoken": N_("Names in any language, separated by commas."),
    "territories": N_("One a line; none means the whole State."),
    "documents": N_("One a line."),
    "closed_on": N_("One day a line, as 2026-12-24."),
    "holiday_calendar": N_("The code of the State, as AT, or of a part of it, as DE-BY."),
    "zone": N_("As in the IANA database, for example Europe/Vienna."),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One field of the form. kind: type of the input, or select, boxes, box, lines, zone. values: what is typed."""

    name: str
    label: str
    kind: str
    article: str
    hint: str
    values: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    error: str
    required: bool

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of controls."""

    key: str
    title: str
    controls: tuple[Control, ...]


def sections(typed: Typed, problems: Problems, language: str) -> list[Section]:
    """The whole form. language: of the reader."""
    return [
        Section(
            group.value,
            _(fields.GROUP_LABELS[group]),
            tuple(_control(field, typed, problems, language) for field in fields.EDITABLE if field.group is group),
        )
        for group in Group
    ]


def zones() -> list[str]:
    """The names of time zones to choose from."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))


def sent() -> dict[str, list[str]]:
    """The form as it was sent with this request."""
    return {field.name: request.form.getlist(field.name) for field in fields.EDITABLE}


def told(problems: Problems) -> dict[str, str]:
    """Problems as words at their fields."""
    return {name: _(problem.message, **problem.parameters) for name, problem in problems.items()}


def _control(field: Field, typed: Typed, problems: Problems, language: str) -> Control:
    problem = problems.get(field.name)
    return Control(
        name=field.name,
        label=_(field.label),
        kind=_INPUTS.get(field.shape, "text"),
        article=field.article,
        hint=_(_HINTS[field.name]) if field.name in _HINTS else "",
        values=tuple(typed.get(field.name, ())),
        options=_options(field, language),
        error=_(problem.message, **problem.parameters) if problem else "",
        required=field.needed and field.group is not Group.PRACTICE,
    )


def _options(field: Field, language: str) -> tuple[tuple[str, str], ...]:
    if field.shape is Shape.WEEKDAYS:
        names = get_day_names("wide", locale=language)
        return tuple((str(number + 1), names[number]) for number in range(7))
    return tuple((term.value, term_words(field, term.value)) for term in field.terms or ())
