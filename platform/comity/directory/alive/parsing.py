"""The form of an authority's record: what was typed becomes values, or is told at its field. Pure.

A form is a mapping of field name to the list of texts sent under it, as browsers send them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError

from comity.core.errors import Invalid
from comity.core.i18n import LANGUAGES, N_
from comity.directory import checks, fields
from comity.directory.fields import Field, Shape
from comity.directory.fold import fold
from comity.directory.snapshots import as_json
from comity.directory.vocabulary import AuthorityKind, Function, Part

Typed = Mapping[str, list[str]]
Values = dict[str, Any]
Problems = dict[str, Invalid]
_PRACTICE = frozenset(field.name for field in fields.PRACTICE)
_MOST_MONTHS, _MOST_LINES = 120, 60


def typed_from(values: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """The form as it stands before anybody typed. language: in which languages are named."""
    return {field.name: _typed(field, values.get(field.name), language) for field in fields.EDITABLE}


def parse(typed: Typed, base: Mapping[str, Any], language: str) -> tuple[Values, Problems]:
    """What was typed as JSON values, and what cannot be used, by field.

    base: what the record says. What was left as it was is not checked: it may be older than the rules.
    """
    untouched = typed_from(base, language)
    values, problems = {}, {}
    for field in fields.EDITABLE:
        given = typed.get(field.name, [])
        if _same(field, given, untouched[field.name]):
            values[field.name] = base.get(field.name)
            continue
        try:
            values[field.name] = as_json(_parsed(field, given))
        except Invalid as problem:
            problems[field.name] = problem
    values = _completed(values)
    return values, problems | {name: p for name, p in together(values).items() if name not in problems}


def _completed(values: Values) -> Values:
    """Law and practice is there as a whole or not at all: texts left empty are empty then, boxes left unticked no."""
    if not _says_practice(values):
        return values
    empty = {Shape.FLAG: False, Shape.TEXT: "", Shape.LINES: []}
    missing = {f.name: empty[f.shape] for f in fields.PRACTICE if f.shape in empty and values.get(f.name) is None}
    return values | missing


def together(values: Mapping[str, Any]) -> Problems:
    """What is wrong with values that are right each by itself."""
    found: Problems = {}
    opens, closes = values.get("opens"), values.get("closes")
    if opens and closes and opens >= closes:
        found["closes"] = Invalid(N_("An office closes after it opens."), field="closes")
    central = values.get("kind") == AuthorityKind.CENTRAL_AUTHORITY.value
    if values.get("part") == Part.A.value and not (central and values.get("functions")):
        found["part"] = Invalid(N_("Part A lists central authorities, each with a designation (18(13))."), field="part")
    if any(values.get(name) is None for name in _PRACTICE) and _says_practice(values):
        for name in ("dual_criminality", "video_hearing", "costs", "months_to_execute"):
            if values.get(name) is None:
                found[name] = Invalid(N_("Please fill this in."), field=name)
    return found


def _says_practice(values: Mapping[str, Any]) -> bool:
    return any(values.get(name) not in (None, False, "", []) for name in _PRACTICE)


def _same(field: Field, given: list[str], untouched: list[str]) -> bool:
    if field.shape in (Shape.TERMS, Shape.WEEKDAYS):
        return sorted(given) == sorted(untouched)
    return [text.strip().replace("\r\n", "\n") for text in given or [""]] == (untouched or [""])


def _typed(field: Field, value: Any, language: str) -> list[str]:
    if field.shape is Shape.FLAG:
        return ["1"] if value else []
    if value is None:
        return []
    if field.shape is Shape.WEEKDAYS:
        return list(value)
    if field.shape is Shape.TERMS:
        return list(value)
    if field.shape in (Shape.LINES, Shape.CLOSED_DAYS):
        return ["\n".join(value)]
    if field.shape is Shape.LANGUAGES:
        return [", ".join(_language_word(code, language) for code in value)]
    return [_language_word(value, language) if field.shape is Shape.LANGUAGE else str(value)]


def _parsed(field: Field, given: list[str]) -> Any:
    text = given[0] if given else ""
    if field.shape is Shape.FLAG:
        return bool(text)
    if not any(part.strip() for part in given):
        return _empty(field)
    return _PARSERS[field.shape](field, given)


def _empty(field: Field) -> Any:
    if field.needed and field.name not in _PRACTICE:
        raise Invalid(N_("Please fill this in."), field=field.name)
    if field.shape in (Shape.LINES, Shape.CLOSED_DAYS):
        return []
    return "" if field.shape is Shape.TEXT and field.name not in _NULLABLE else None


_NULLABLE = frozenset({"web", "telefax", "duty", "holiday_calendar"})


def _lines(field: Field, given: list[str]) -> list[str]:
    found = [checks.line(text, field.name) for text in given[0].splitlines() if text.strip()]
    if len(found) > _MOST_LINES:
        raise Invalid(N_("Please enter at most %(most)s lines."), field=field.name, most=_MOST_LINES)
    return found


def _terms(field: Field, given: list[str]) -> list[str]:
    kind = field.terms or Function
    chosen = {checks.term(text, kind, field.name) for text in given}
    return [term.value for term in kind if term in chosen]


def _weekdays(field: Field, given: list[str]) -> str:
    if not set(given) <= set("1234567"):
        raise Invalid(N_("Please choose one of those offered."), field=field.name)
    return "".join(sorted(set(given)))


def _languages(field: Field, given: list[str]) -> list[str]:
    words = given[0].replace("،", ",").replace("、", ",").replace("，", ",").replace(";", ",").split(",")
    return list(dict.fromkeys(language(word, field.name) for word in words if word.strip()))


def _months(field: Field, given: list[str]) -> int:
    text = given[0].strip()
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_MONTHS:
        raise Invalid(N_("Please enter a number of months from 1 to %(most)s."), field=field.name, most=_MOST_MONTHS)
    return int(text)


def _clock(field: Field, given: list[str]) -> str:
    return checks.clock(given[0], field.name).isoformat("minutes")


def language(text: str, field: str) -> str:
    """The code of a language that is named in one of the six, in itself, or by its code. Raises Invalid."""
    code = _codes().get(fold(text))
    if code is None:
        raise Invalid(N_("There is no language “%(name)s”."), field=field, name=text.strip()[:60])
    return code


def _language_word(code: str, language: str) -> str:
    known = Locale.parse(language.replace("-", "_")).languages
    return str(known.get(code.replace("-", "_"), code))


@cache
def _codes() -> dict[str, str]:
    """The code of each name. The first name wins, so that codes and English names mean what they say."""
    found: dict[str, str] = {}
    known = [str(code) for code in Locale("en").languages if checks.is_language(str(code))]
    for code in known:
        found.setdefault(fold(code), code)
    for spoken in ("en", *LANGUAGES):
        for code in known:
            found.setdefault(fold(str(Locale(spoken).languages[code])), code)
    for code in known:
        for name in _own_name(code):
            found.setdefault(fold(name), code)
    return found


def _own_name(code: str) -> list[str]:
    try:
        name = Locale.parse(code).get_language_name()
    except (UnknownLocaleError, ValueError):
        return []
    return [name] if name else []


_Parser = Callable[[Field, list[str]], Any]


def _one(check: Callable[[str, str], Any]) -> _Parser:
    return lambda field, given: check(given[0].strip(), field.name)


def _term(field: Field, given: list[str]) -> StrEnum:
    return checks.term(given[0], field.terms or Function, field.name)


_PARSERS: Mapping[Shape, _Parser] = {
    Shape.TEXT: _one(checks.line),
    Shape.LINES: _lines,
    Shape.EMAIL: _one(checks.email),
    Shape.TELEPHONE: _one(checks.telephone),
    Shape.WEB: _one(checks.web),
    Shape.TERM: _term,
    Shape.TERMS: _terms,
    Shape.LANGUAGE: _one(language),
    Shape.LANGUAGES: _languages,
    Shape.DAY: _one(checks.day),
    Shape.CLOSED_DAYS: lambda field, given: checks.closed_days(given[0].splitlines(), field.name),
    Shape.CLOCK: _clock,
    Shape.WEEKDAYS: _weekdays,
    Shape.ZONE: _one(checks.zone),
    Shape.CALENDAR: _one(lambda text, field: checks.holiday_calendar(text.upper(), field)),
    Shape.NUMBER: _months,
}
