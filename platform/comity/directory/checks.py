"""Whether a value of the record can be used: the rules that forms and import share. Pure.

Each takes what was typed and the field it was typed in, gives it in its kept form, and raises Invalid for that field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, time
from enum import StrEnum
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale

from comity.core.errors import Invalid
from comity.core.i18n import LANGUAGES, N_
from comity.directory import closures
from comity.directory.hours import OfficeHours
from comity.directory.reference import is_zone

Term = TypeVar("Term", bound=StrEnum)
Value = TypeVar("Value")
LONGEST_LINE, LONGEST_TEXT, LONGEST_ADDRESS, MOST_CLOSED_DAYS = 300, 20_000, 254, 60

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LETTERS = re.compile(r"[A-Za-z]")
_CODE = re.compile(r"[a-z]{2,3}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def line(value: str, field: str, *, needed: bool = True, longest: int = LONGEST_LINE) -> str:
    """One line of text with single spaces. needed: an empty one is refused."""
    cleaned = " ".join(unicodedata.normalize("NFC", value).split())
    if needed and not cleaned:
        raise Invalid(N_("Please fill this in."), field=field)
    return _checked(cleaned, field, longest)


def body(value: str, field: str, *, needed: bool = True, longest: int = LONGEST_TEXT) -> str:
    """Text of several lines."""
    cleaned = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if needed and not cleaned:
        raise Invalid(N_("Please fill this in."), field=field)
    return _checked(cleaned, field, longest)


def telephone(value: str, field: str) -> str:
    """A number with its country, in the international notation of E.123: "+43 1 53115".

    One that the numbering plan does not know keeps the groups it was typed in.
    """
    typed = line(value, field, longest=40)
    if not typed.startswith("+"):
        raise Invalid(N_("A number begins with + and the country: +43 1 234567."), field=field)
    try:
        number = phonenumbers.parse(typed, None)
    except phonenumbers.NumberParseException:
        raise Invalid(N_("No country has such a number."), field=field) from None
    if _LETTERS.search(typed) or number.country_code not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        raise Invalid(N_("No country has such a number."), field=field)
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return typed


def email(value: str, field: str) -> str:
    """An addr-spec (RFC 5322, 3.4.1) as people have it: dot-atom at a domain name. In lower case."""
    typed = value.strip()
    if len(typed) > LONGEST_ADDRESS or not _EMAIL.fullmatch(typed):
        raise Invalid(N_("This is not an e-mail address."), field=field)
    return typed.lower()


def web(value: str, field: str) -> str:
    """The address of a web page: http or https, with a host."""
    typed = line(value, field)
    try:
        parts = urlsplit(typed)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in typed and not parts.username
    except ValueError:
        usable = False
    if not usable:
        raise Invalid(N_("A web address begins with https://."), field=field)
    return typed


def zone(value: str, field: str) -> str:
    """The name of a time zone in the IANA database."""
    if not is_zone(value):
        raise Invalid(N_("There is no such time zone."), field=field)
    return value


def language(value: str, field: str) -> str:
    """A language's code (ISO 639) that CLDR names in all six languages."""
    if not is_language(value):
        raise Invalid(N_("There is no such language."), field=field)
    return value


def language_tag(value: str, field: str) -> str:
    """A language tag (BCP 47) of language, perhaps script and region: "sr-Latn"."""
    if not _LANGUAGE.fullmatch(value) or not is_language(value.partition("-")[0]):
        raise Invalid(N_("There is no such language."), field=field)
    return value


def holiday_calendar(value: str, field: str) -> str:
    """The code of public holidays: ISO 3166-1, or ISO 3166-2 for a part of a State that has its own."""
    if not closures.is_calendar(value):
        raise Invalid(N_("No public holidays are known by this code."), field=field)
    return value


def office_hours(zone_name: str, days: str, opens: str, closes: str, field: str) -> OfficeHours:
    """Weekly hours. days: ISO weekdays as digits, `12345`. opens, closes: HH:MM. field: for what is wrong of them."""
    try:
        found = frozenset(int(day) for day in days)
        return OfficeHours(zone(zone_name, "zone"), found, time.fromisoformat(opens), time.fromisoformat(closes))
    except ValueError:
        raise Invalid(N_("Office hours need a weekday, and an opening before the closing."), field=field) from None


def day(value: str, field: str) -> date:
    """A calendar day, ISO 8601."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise Invalid(N_("Please enter a date."), field=field) from None


def clock(value: str, field: str) -> time:
    """A time of day, HH:MM."""
    try:
        return time.fromisoformat(value.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid(N_("Please enter a time of day."), field=field) from None


def period(since: date, until: date | None, field: str) -> None:
    """That something does not end before it begins. field: of the end."""
    if until is not None and until < since:
        raise Invalid(N_("The end lies before the beginning."), field=field)


def closed_days(values: Iterable[str], field: str) -> list[str]:
    """Further days on which an office is closed, in order."""
    found = sorted({day(value, field).isoformat() for value in values if value.strip()})
    if len(found) > MOST_CLOSED_DAYS:
        raise Invalid(N_("Please enter at most %(most)s days."), field=field, most=MOST_CLOSED_DAYS)
    return found


def term(value: str, kind: type[Term], field: str) -> Term:
    """One of the terms offered."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid(N_("Please choose one of those offered."), field=field) from None


def optional(check: Callable[[str, str], Value], value: str, field: str) -> Value | None:
    """What a check makes of a value, or None for an empty one."""
    return check(value, field) if value.strip() else None


@cache
def is_language(code: str) -> bool:
    """Whether a code is one of ISO 639 that CLDR names in all six languages."""
    return bool(_CODE.fullmatch(code)) and all(code in Locale(spoken).languages for spoken in LANGUAGES)


def _checked(cleaned: str, field: str, longest: int) -> str:
    if len(cleaned) > longest:
        raise Invalid(N_("Please use at most %(longest)s characters."), field=field, longest=longest)
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in cleaned):
        raise Invalid(N_("Please use letters that can be printed."), field=field)
    return cleaned
