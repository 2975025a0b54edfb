"""How times are written for people: in the reader's zone and the other party's, the zone named. Pure.

Names of cities, days and months come from CLDR.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location

_ENGLISH_DAY, _ENGLISH_DAY_AND_YEAR = "EEE d MMM", "EEE d MMM y"
"""Day before month, as diplomatic correspondence has it; CLDR's plain English would give the American order."""


def both_zones(dt: datetime, locale: str, mine: str, theirs: str | None = None) -> str:
    """An instant for a reader and for the other party: "Tue 14 Oct 2025, 15:00 Vienna (20:00 Bangkok)".

    dt: aware. locale: BCP 47 code of the reader's language. mine, theirs: IANA names. The other party's part carries
    its own day where that differs, and is left out where both clocks show the same in the same place.
    Raises ValueError for a naive instant.
    """
    here = _in_zone(dt, mine)
    return f"{_joined(locale, day(here.date(), locale), _clock(here, locale, mine))}{_other(dt, locale, mine, theirs)}"


def both_clocks(dt: datetime, locale: str, mine: str, theirs: str | None = None) -> str:
    """As `both_zones`, for a place where the reader's day stands already: "15:00 Vienna (20:00 Bangkok)"."""
    return f"{_clock(_in_zone(dt, mine), locale, mine)}{_other(dt, locale, mine, theirs)}"


def day(value: date, locale: str, *, year: bool = True) -> str:
    """A calendar day that cannot be misread: "Tue 14 Oct 2025". year: False leaves it out."""
    if _language(locale) == "en":
        return str(format_date(value, _ENGLISH_DAY_AND_YEAR if year else _ENGLISH_DAY, locale="en"))
    # Noon, so that no zone can move the day.
    noon = datetime(value.year, value.month, value.day, 12)  # noqa: DTZ001
    return str(format_skeleton("yMMMEd" if year else "MMMEd", noon, locale=_locale(locale)))


def city(zone: str, locale: str) -> str:
    """The city that CLDR names a zone by: "Bangkok" for Asia/Bangkok, "UTC" for UTC."""
    name = str(get_timezone_location(ZoneInfo(zone), locale=_locale(locale), return_city=True))
    return name.rpartition("/")[2]


def _other(dt: datetime, locale: str, mine: str, theirs: str | None) -> str:
    if theirs is None or theirs == mine:
        return ""
    here, there = _in_zone(dt, mine), _in_zone(dt, theirs)
    text = _clock(there, locale, theirs)
    if here.date() != there.date():
        text = _joined(locale, day(there.date(), locale, year=False), text)
    return f" ({text})"


def _clock(local: datetime, locale: str, zone: str) -> str:
    # Already local: format_skeleton would turn an aware value back into UTC.
    return f"{format_skeleton('Hm', local.replace(tzinfo=None), locale=_locale(locale))} {city(zone, locale)}"


def _joined(locale: str, day_text: str, time_text: str) -> str:
    pattern = str(_locale(locale).datetime_formats["medium"])
    return pattern.replace("{1}", day_text).replace("{0}", time_text)


def _in_zone(dt: datetime, zone: str) -> datetime:
    if dt.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return dt.astimezone(ZoneInfo(zone))


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-")[0]


@cache
def _locale(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))
