"""What a person may choose: name, language, time zone, theme. And where a form may send them afterwards."""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global
from sqlalchemy.orm import Session

from comity.core.errors import Invalid, NotFound
from comity.core.i18n import LANGUAGES, N_
from comity.people.models import Account

THEMES: dict[str, str] = {"auto": N_("As on this device"), "light": N_("Light"), "dark": N_("Dark")}
_LONGEST_NAME = 200


def clean_name(name: str) -> str:
    """A name as people write it, with single spaces. Raises Invalid for an empty, long or unprintable one."""
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned:
        raise Invalid(N_("Please enter a name."), field="display_name")
    if len(cleaned) > _LONGEST_NAME:
        raise Invalid(N_("Please use at most %(longest)s characters."), field="display_name", longest=_LONGEST_NAME)
    if any(unicodedata.category(character) == "Cc" for character in cleaned):
        raise Invalid(N_("Please use letters that can be printed."), field="display_name")
    return cleaned


def known_language(code: str) -> str:
    """The code of one of the six languages. Raises Invalid for another."""
    if code not in LANGUAGES:
        raise Invalid(N_("Please choose one of the languages offered."), field="language")
    return code


def known_theme(name: str) -> str:
    """One of `THEMES`. Raises Invalid for another."""
    if name not in THEMES:
        raise Invalid(N_("Please choose one of the themes offered."), field="theme")
    return name


def known_zone(name: str) -> str:
    """An IANA time zone's name. Raises Invalid for another."""
    if name not in _zone_names():
        raise Invalid(N_("Please choose one of the time zones offered."), field="zone")
    return name


@cache
def zone_choices(language: str) -> tuple[tuple[str, str], ...]:
    """Time zones to choose from: IANA name and label (city, country or area) in a language, by label. From CLDR."""
    locale = Locale.parse(language)
    places: Mapping[str, str] = get_global("zone_territories")
    named = ((zone, _zone_label(locale, zone, places[zone])) for zone in places if zone in _zone_names())
    ordered = sorted(named, key=lambda choice: (choice[1].casefold(), choice[0]))
    return (*ordered, ("UTC", "UTC"))


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """A path of this site to go on to, or `otherwise`: nothing that a browser could take for another site.

    wanted: as it came in a form or query. WHATWG URL, 4.4: browsers read `\\` as `/` and drop tabs and line breaks.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    if "\\" in wanted or any(ord(character) < 32 or ord(character) == 127 for character in wanted):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else wanted


def update_profile(
    session: Session, account_id: int, *, display_name: str, locale: str, zone: str, theme: str
) -> Account:
    """Change what a person says about themselves. Raises Invalid with the field."""
    account = _own(session, account_id)
    account.display_name, account.locale = clean_name(display_name), known_language(locale)
    account.zone, account.theme = known_zone(zone), known_theme(theme)
    return account


def choose_language(session: Session, account_id: int, language: str) -> None:
    """Read Comity in another of the six languages. Raises Invalid."""
    _own(session, account_id).locale = known_language(language)


def choose_theme(session: Session, account_id: int, theme: str) -> None:
    """See Comity light, dark, or as the device is set. Raises Invalid."""
    _own(session, account_id).theme = known_theme(theme)


def _own(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def _zone_label(locale: Locale, zone: str, territory: str) -> str:
    city = locale.time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
    country = locale.territories.get(territory)
    return f"{city}, {country}" if country and country != city else str(city)
