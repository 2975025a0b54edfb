"""Values of a record in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _

from comity.core.i18n import listed
from comity.core.times import day
from comity.directory.facts import yes_no
from comity.directory.fields import Field, Shape
from comity.directory.labels import label
from comity.directory.names import language_name, state_name
from comity.directory.present import function_words
from comity.directory.versions import Change
from comity.directory.vocabulary import Function

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changed, in words. old, new: one line or several."""

    name: str
    label: str
    article: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def difference(change: Change, language: str) -> Difference:
    """A change in words. language: of the reader."""
    field = change.field
    return Difference(
        field.name,
        _(field.label),
        field.article,
        words(field, change.old, language),
        words(field, change.new, language),
    )


def words(field: Field, value: Any, language: str) -> tuple[str, ...]:
    """A JSON value in words, as lines; a dash for none. A value that the vocabulary no longer knows stands as it is."""
    if value is None or value in ("", []):
        return (NOTHING,)
    read = _READ.get(field.shape)
    found = str(value) if read is None else read(field, value, language)
    return (found,) if isinstance(found, str) else tuple(found)


def term_words(field: Field, value: str) -> str:
    """A term by its label."""
    if field.terms is None:
        return value
    try:
        term = field.terms(value)
    except ValueError:
        return value
    if isinstance(term, Function):
        return function_words(term)
    return str(_(label(term)))


def _language(code: str, language: str) -> str:
    try:
        return language_name(code.replace("-", "_"), language)
    except KeyError:
        return code


def _weekdays(_field: Field, value: str, language: str) -> str:
    names = get_day_names("wide", locale=language)
    return listed((names[int(digit) - 1] for digit in value), language)


_Read = Callable[[Field, Any, str], Any]
_READ: Mapping[Shape, _Read] = {
    Shape.FLAG: lambda field, value, language: yes_no(value),
    Shape.TERM: lambda field, value, language: term_words(field, value),
    Shape.TERMS: lambda field, value, language: [term_words(field, one) for one in value],
    Shape.LINES: lambda field, value, language: value,
    Shape.LONG: lambda field, value, language: value.splitlines(),
    Shape.LANGUAGE: lambda field, value, language: _language(value, language),
    Shape.LANGUAGES: lambda field, value, language: [_language(one, language) for one in value],
    Shape.DAY: lambda field, value, language: day(date.fromisoformat(value), language),
    Shape.CLOSED_DAYS: lambda field, value, language: [day(date.fromisoformat(one), language) for one in value],
    Shape.WEEKDAYS: _weekdays,
    Shape.STATE: lambda field, value, language: state_name(value, language),
    Shape.STATES: lambda field, value, language: [state_name(one, language) for one in value],
}
