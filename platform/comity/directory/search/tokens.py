"""Codes that stand in a search row for what can be said in many languages: a State, a language, a function. Pure.

A row holds the code once; `concepts` knows by which words people ask for it. A code is letters and digits alone and
begins with x and a letter for its kind, so that no word of the directory is taken for one.
"""

from __future__ import annotations

import re
from enum import StrEnum

from comity.directory.vocabulary import (
    AuthorityKind,
    Function,
    Means,
    Part,
    PractitionerRole,
    RegionalGroup,
    Speciality,
)

_OTHER = re.compile(r"[^a-z0-9]")


class Urgent(StrEnum):
    """What an authority accepts when a matter is urgent: an oral request (18(14)); one through INTERPOL (18(13))."""

    ORAL = "oral"
    INTERPOL = "interpol"


def _token(kind: str, code: str) -> str:
    return f"x{kind}{_OTHER.sub('', code.lower())}"


def of_state(iso2: str) -> str:
    """Belongs to a State. iso2: ISO 3166-1 alpha-2 code."""
    return _token("s", iso2)


def posted_in(iso2: str) -> str:
    """A liaison magistrate or officer posted in a State."""
    return _token("h", iso2)


def accepts(language: str) -> str:
    """Accepts requests in a language (18(14)). language: ISO 639 code."""
    return _token("a", language)


def speaks(language: str) -> str:
    return _token("l", language)


def of_function(function: Function) -> str:
    return _token("f", function)


def of_speciality(speciality: Speciality) -> str:
    return _token("y", speciality)


def of_network(code: str) -> str:
    """Takes part in a network, or is it."""
    return _token("n", code)


def of_region(region: RegionalGroup) -> str:
    return _token("r", region)


def takes(means: Means) -> str:
    """Accepts a means of transmission."""
    return _token("m", means)


def when_urgent(urgent: Urgent) -> str:
    return _token("u", urgent)


def of_part(part: Part) -> str:
    return _token("p", part)


def of_kind(kind: AuthorityKind) -> str:
    return _token("k", kind)


def of_role(role: PractitionerRole) -> str:
    return _token("o", role)


def of_provision(article: str) -> str:
    """Designated or notified under a provision of UNTOC: "18(13)", "16(5)(a)"."""
    return _token("v", article)


def of_city(zone: str) -> str:
    """In the time zone that is named after a city. zone: IANA name."""
    return _token("z", zone)
