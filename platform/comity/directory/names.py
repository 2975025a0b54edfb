"""Names of States and languages come from CLDR, never typed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError

from comity.core.i18n import LANGUAGES
from comity.directory.fold import fold, transliterate


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


def state_name(iso2: str, language: str) -> str:
    """The name of a State or Party in a language. iso2: ISO 3166-1 alpha-2. Raises KeyError for an unknown code."""
    return str(_locale(language).territories[iso2])


def state_names(iso2: str) -> tuple[str, ...]:
    """The names of a State in the six languages, in the order of `LANGUAGES`."""
    return tuple(state_name(iso2, language) for language in LANGUAGES)


def own_names(iso2: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The names of a State in its own languages, as far as CLDR has them."""
    found = []
    for language in languages:
        try:
            found.append(state_name(iso2, language))
        except (UnknownLocaleError, KeyError):
            continue
    return tuple(found)


def language_name(code: str, language: str) -> str:
    """The name of a language in another one. Raises KeyError for a code that CLDR does not know."""
    return str(_locale(language).languages[code])


def sorting_key(name: str) -> str:
    """A key that puts names in an order a reader expects: marks ignored, Chinese by its pronunciation."""
    return transliterate(name) if any("\u4e00" <= letter <= "\u9fff" for letter in name) else fold(name)
