"""What forms of the record offer to choose from, in the reader's language: (value, words) pairs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from babel import Locale
from babel.dates import get_day_names
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.directory import checks
from comity.directory.labels import label
from comity.directory.models import State
from comity.directory.names import language_name, sorting_key, state_name
from comity.directory.reference import load_states

Options = list[tuple[str, str]]
_SHORT = 2


def terms(kind: Iterable[StrEnum]) -> Options:
    """Terms of the vocabulary, in their order."""
    return [(term.value, _(label(term))) for term in kind]


def states(session: Session, language: str) -> Options:
    """States and other Parties by name."""
    codes = session.scalars(select(State.iso2)).all()
    named = [(code, state_name(code, language)) for code in codes]
    return sorted(named, key=lambda pair: sorting_key(pair[1]))


def languages(language: str, kept: Iterable[str] = ()) -> Options:
    """Languages by name. kept: what a form holds already, which it must go on offering."""
    found = _languages(language)
    known = {code for code, _name in found}
    return [*found, *((code, code) for code in dict.fromkeys(kept) if code and code not in known)]


def weekdays(language: str) -> Options:
    """ISO weekdays as digits, from Monday."""
    names = get_day_names("wide", locale=language)
    return [(str(number + 1), names[number]) for number in range(7)]


@cache
def _languages(language: str) -> tuple[tuple[str, str], ...]:
    """Those with a code of two letters, and official ones without: the rest would hide what people look for."""
    official = {code for state in load_states() for code in state.languages}
    codes = [code for code in map(str, Locale("en").languages) if len(code) == _SHORT or code in official]
    named = [(code, language_name(code, language)) for code in codes if checks.is_language(code)]
    return tuple(sorted(named, key=lambda pair: sorting_key(pair[1])))
