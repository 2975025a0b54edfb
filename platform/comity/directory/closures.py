"""Public holidays, from the library `holidays`: on which days an office is closed, and what the day is called. Pure.

A calendar is named by ISO 3166-1 (a State), or by ISO 3166-2 (a part of one with holidays of its own): `DE-BE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

_ENGLISH = ("en_US", "en_GB")
_A_YEAR = 366


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which offices are closed. language: of the name, BCP 47; empty where it is not known."""

    on: date
    name: str
    language: str


@cache
def is_calendar(code: str) -> bool:
    """Whether public holidays are known by a code."""
    country, _, part = code.partition("-")
    parts = holidays.list_supported_countries().get(country)
    return parts is not None and (not part or part in parts)


def holiday(calendar: str, on: date, language: str = "en") -> Holiday | None:
    """What is kept on a day, named in a language as far as the calendar has names in it; None on another day.

    Raises ValueError for a calendar that is not known.
    """
    return _year(calendar, on.year, language).get(on)


def upcoming(calendar: str, after: date, language: str = "en", most: int = 4) -> tuple[Holiday, ...]:
    """The holidays from a day on, within a year, the day itself included."""
    found: list[Holiday] = []
    for one in _from(calendar, after, language):
        if one.on > after + timedelta(days=_A_YEAR) or len(found) == most:
            break
        found.append(one)
    return tuple(found)


def _from(calendar: str, after: date, language: str) -> Iterator[Holiday]:
    for year in (after.year, after.year + 1):
        kept = _year(calendar, year, language)
        yield from (kept[on] for on in sorted(kept) if on >= after)


@cache
def _year(calendar: str, year: int, language: str) -> dict[date, Holiday]:
    if not is_calendar(calendar):
        raise ValueError(f"no public holidays are known by {calendar!r}")
    country, _, part = calendar.partition("-")
    spoken = _spoken(country, language)
    kept = holidays.country_holidays(country, subdiv=part or None, years=year, language=spoken)
    tag = (spoken or "en").replace("_", "-")
    return {on: Holiday(on, name, tag) for on, name in kept.items() if on.year == year}


@cache
def _spoken(country: str, language: str) -> str | None:
    """The library's name of the language to take: the wanted one, else English, else what there is."""
    kept = holidays.country_holidays(country)
    offered = tuple(kept.supported_languages)
    wanted = [one for one in offered if one.split("_")[0] == language]
    english = [one for one in (*_ENGLISH, *offered) if one in offered and one.startswith("en")]
    return next(iter((*wanted, *english)), kept.default_language)
