"""Languages and catalogues, for the web and for everything outside a request."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel import Locale
from babel.lists import format_list
from babel.support import NullTranslations, Translations

LANGUAGES: tuple[str, ...] = ("ar", "zh", "en", "fr", "ru", "es")
"""The official languages of the United Nations, in the order of their English names."""

DEFAULT_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "translations"


def N_(message: str) -> str:
    """Mark a message for the catalogues; whoever shows it translates it."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    """The catalogue of a language. Missing texts come back in English."""
    return Translations.load(CATALOGUES, [language], domain="messages")


def text_direction(language: str) -> str:
    """`rtl` or `ltr`, as CLDR has it."""
    return Locale.parse(language.replace("-", "_")).text_direction


def own_name(language: str) -> str:
    """A language's name in itself, with a capital where its script has them."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def listed(words: Iterable[str], language: str) -> str:
    """Words as a list in running text, as the language does it: "Thai and English"."""
    return str(format_list(list(words), locale=language))


def best_language(wanted: Iterable[str]) -> str:
    """The first wanted language that Comity speaks; `fr-CA` finds `fr`."""
    for tag in wanted:
        primary = tag.split("-")[0].split("_")[0].lower()
        if primary in LANGUAGES:
            return primary
    return DEFAULT_LANGUAGE
