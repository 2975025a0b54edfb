"""Columns: what a value is as the text of a cell, and as the column of the database has it. Pure.

Every value has one canonical text, so that what was exported and what stands there can be compared as texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.directory import checks

YES, NO = "yes", "no"
_MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Shape:
    """What a cell holds.

    form: in words, for the table of columns. clean: typed text and field to canonical text; raises Invalid.
    value: canonical text to what the database keeps. text: the way back. terms: values offered, if there is a list.
    """

    form: str
    clean: Callable[[str, str], str]
    value: Callable[[str], Any] = str
    text: Callable[[Any], str] = str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column. needed: it may not be empty. fixed: it is exported, and an import may not change it.

    together: name of a group of columns that may be empty only all at once.
    """

    name: str
    shape: Shape
    needed: bool = True
    fixed: bool = False
    together: str = ""

    def read(self, typed: str) -> str:
        """The canonical text of what was typed, which is not empty. Raises Invalid."""
        return self.shape.clean(typed, self.name)

    def value(self, text: str) -> Any:
        """The value of a canonical text: None for an empty one that has no value of its own."""
        if text:
            return self.shape.value(text)
        return self.shape.value("") if self.shape in (LINE, BODY, LINES, LANGUAGES, DAYS) else None

    def text(self, value: Any) -> str:
        """The canonical text of a value."""
        return "" if value is None else self.shape.text(value)


def _words(check: Callable[[str, str], str]) -> Callable[[str, str], str]:
    """Several codes in one cell, each checked: their order stays, repetitions go."""
    return lambda typed, field: " ".join(dict.fromkeys(check(word, field) for word in typed.split()))


def _iso(check: Callable[[str, str], date]) -> Callable[[str, str], str]:
    return lambda typed, field: check(typed, field).isoformat()


def _lines(typed: str, field: str) -> str:
    return "\n".join(dict.fromkeys(checks.line(one, field) for one in typed.splitlines() if one.strip()))


def _flag(typed: str, field: str) -> str:
    if typed.casefold() not in (YES, NO):
        raise Invalid(N_("Please write yes or no."), field=field)
    return typed.casefold()


def _weekdays(typed: str, field: str) -> str:
    if not typed or not set(typed) <= set("1234567"):
        raise Invalid(N_("Weekdays are digits: 1 is Monday, 7 is Sunday."), field=field)
    return "".join(sorted(set(typed)))


def _number(typed: str, field: str) -> str:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 4):
        raise Invalid(N_("Please write a number."), field=field)
    return str(int(typed))


def _state(typed: str, field: str) -> str:
    if not (len(typed) == 2 and typed.isascii() and typed.isalpha()):
        raise Invalid(N_("There is no such State."), field=field)
    return typed.upper()


def _code(typed: str, field: str) -> str:
    found = checks.line(typed, field, longest=40)
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in found):
        raise Invalid(N_("A code has letters, digits and hyphens."), field=field)
    return found.lower()


def _split(text: str) -> list[str]:
    return text.split()


def _join(values: Iterable[str]) -> str:
    return " ".join(values)


def one_of(kind: type[StrEnum]) -> Shape:
    """One term of an enumeration, by its value."""
    terms = tuple(one.value for one in kind)
    return Shape("one of", lambda typed, field: checks.term(typed, kind, field).value, kind, lambda v: v.value, terms)


def some_of(kind: type[StrEnum]) -> Shape:
    """Terms of an enumeration, by their values, with a space between."""
    terms = tuple(one.value for one in kind)
    clean = _words(lambda word, field: checks.term(word, kind, field).value)
    return Shape("some of, with spaces between", clean, _split, _join, terms)


CODE = Shape("code", _code)
LINE = Shape("text", lambda typed, field: checks.line(typed, field))
BODY = Shape("text of several lines", lambda typed, field: checks.body(typed, field))
LINES = Shape("texts, one a line", _lines, lambda text: text.splitlines(), "\n".join)
EMAIL = Shape("e-mail address", checks.email)
TELEPHONE = Shape("number with +country", checks.telephone)
WEB = Shape("web address", checks.web)
FLAG = Shape("yes or no", _flag, lambda text: text == YES, lambda value: YES if value else NO, (YES, NO))
ZONE = Shape("IANA time zone", checks.zone)
WEEKDAYS = Shape("digits, 1 is Monday", _weekdays)
NUMBER = Shape("number", _number, int)
DAY = Shape("date, YYYY-MM-DD", _iso(checks.day), date.fromisoformat, date.isoformat)
DAYS = Shape("dates with spaces between", lambda typed, field: " ".join(checks.closed_days(typed.split(), field)),
             _split, _join)  # fmt: skip
CLOCK = Shape("time, HH:MM", lambda typed, field: checks.clock(typed, field).isoformat("minutes"), time.fromisoformat,
              lambda value: value.isoformat("minutes"))  # fmt: skip
CALENDAR = Shape("ISO 3166 code of public holidays", checks.holiday_calendar)
LANGUAGE = Shape("language tag, BCP 47", checks.language_tag)
LANGUAGES = Shape("ISO 639 codes with spaces between", _words(checks.language), _split, _join)
STATE = Shape("ISO 3166-1 alpha-2 code", _state)
STATES = Shape("alpha-2 codes with spaces between",
               lambda typed, field: " ".join(sorted({_state(one, field) for one in typed.split()})), _split,
               lambda values: " ".join(sorted(values)))  # fmt: skip


def optional(name: str, shape: Shape) -> Column:
    """A column that may be empty."""
    return Column(name, shape, needed=False)


Row = Mapping[str, str]
"""Canonical texts by the names of columns."""
