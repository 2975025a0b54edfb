"""vCards, version 4.0 (RFC 6350) and 3.0 (RFC 2426). Pure: fields in, bytes out.

A value is escaped (RFC 6350, 3.4), a line is folded at 75 octets and never within a character (3.2), lines end with
CRLF. 4.0 gives a name that has a Latin form as an alternative in another language (ALTID, 5.4); 3.0 has no such thing
and carries it in X-PHONETIC-LAST-NAME or in X-LATIN-NAME.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": None})
_UNSAFE = str.maketrans({'"': "'", "\n": " ", "\r": None, "^": "^^"})
_URI = re.compile(r"\+[0-9().-]+")
MEDIA_TYPE = "text/vcard"


class Version(StrEnum):
    """The versions that address books read."""

    V4 = "4.0"
    V3 = "3.0"


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number. kinds: TYPE values, "voice", "fax", "cell", "work"."""

    value: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. uid: a URN or address that stays. revised: when the record last changed.

    name: as its bearer writes it, of `language` (BCP 47). latin: in Latin letters where that differs. family: the
    part of a person's name that sorts it. organization: from the largest unit to the smallest. address: in one line.
    """

    uid: str
    name: str
    latin: str
    language: str
    revised: datetime
    is_organization: bool
    organization: tuple[str, ...] = ()
    title: str = ""
    role: str = ""
    numbers: tuple[Number, ...] = ()
    emails: tuple[str, ...] = ()
    address: str = ""
    country: str = ""
    web: str = ""
    languages: tuple[str, ...] = ()
    zone: str = ""
    note: str = ""
    source: str = ""
    categories: tuple[str, ...] = ()


def write(cards: Iterable[Card], version: Version) -> bytes:
    """The cards, one after another, as a file of type `MEDIA_TYPE`."""
    make = _v4 if version is Version.V4 else _v3
    lines = (line for card in cards for line in ("BEGIN:VCARD", f"VERSION:{version}", *make(card), "END:VCARD"))
    return b"".join(fold(line) for line in lines)


def fold(line: str) -> bytes:
    """A content line in octets, folded (RFC 6350, 3.2): the second and further lines begin with a space."""
    octets, parts = line.encode(), []
    most = _OCTETS
    while len(octets) > most:
        cut = most
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(octets[:cut])
        octets, most = octets[cut:], _OCTETS - 1
    return b"\r\n ".join([*parts, octets]) + b"\r\n"


def escaped(value: str) -> str:
    """A text value (RFC 6350, 3.4)."""
    return value.translate(_ESCAPES)


def _parameter(value: str) -> str:
    """A parameter's value, between quotation marks (RFC 6350, 3.3; RFC 6868 for the circumflex)."""
    return f'"{value.translate(_UNSAFE)}"'


def _structured(parts: Sequence[str]) -> str:
    return ";".join(map(escaped, parts))


def _v4(card: Card) -> Iterable[str]:
    yield f"UID:{card.uid}"
    yield f"KIND:{'org' if card.is_organization else 'individual'}"
    if card.latin:
        yield f"FN;ALTID=1;LANGUAGE={card.language}:{escaped(card.name)}"
        yield f"FN;ALTID=1;LANGUAGE=und-Latn:{escaped(card.latin)}"
    else:
        yield f"FN;LANGUAGE={card.language}:{escaped(card.name)}"
    if not card.is_organization:
        if card.latin:
            yield f"N;ALTID=1;LANGUAGE={card.language}:{_name(card.name)}"
            yield f"N;ALTID=1;LANGUAGE=und-Latn:{_name(card.latin)}"
        else:
            yield f"N:{_name(card.name)}"
    yield from _shared(card)
    for number in card.numbers:
        kinds, uri = _parameter(",".join(number.kinds)), number.value.replace(" ", "-")
        is_uri = _URI.fullmatch(uri) is not None
        yield f"TEL;VALUE=uri;TYPE={kinds}:tel:{uri}" if is_uri else f"TEL;TYPE={kinds}:{escaped(number.value)}"
    for place, email in enumerate(card.emails, start=1):
        yield f"EMAIL;TYPE=work;PREF={place}:{escaped(email)}"
    if card.address:
        yield f"ADR;TYPE=work;LABEL={_parameter(f'{card.address}, {card.country}')}:{_address(card)}"
    for place, language in enumerate(card.languages, start=1):
        yield f"LANG;PREF={place}:{language}"
    if card.zone:
        yield f"TZ:{escaped(card.zone)}"
    if card.source:
        yield f"SOURCE:{card.source}"


def _v3(card: Card) -> Iterable[str]:
    yield f"UID:{card.uid}"
    yield f"FN;LANGUAGE={card.language}:{escaped(card.name)}"
    # RFC 2426, 3.1.2: a name in parts is compulsory, of an organization too.
    parts = _structured([card.name, "", "", "", ""]) if card.is_organization else _name(card.name)
    yield f"N;LANGUAGE={card.language}:{parts}"
    if card.is_organization:
        yield "X-ABSHOWAS:COMPANY"
    if card.latin:
        yield f"X-LATIN-NAME:{escaped(card.latin)}"
        yield f"X-PHONETIC-LAST-NAME:{escaped(card.latin)}"
    yield from _shared(card)
    for number in card.numbers:
        yield f"TEL;TYPE={','.join(kind.upper() for kind in number.kinds)}:{escaped(number.value)}"
    for email in card.emails:
        yield f"EMAIL;TYPE=INTERNET,WORK:{escaped(email)}"
    if card.address:
        yield f"ADR;TYPE=WORK:{_address(card)}"
    if card.languages:
        yield f"X-LANGUAGES:{escaped(','.join(card.languages))}"
    if card.zone:
        yield f"TZ;VALUE=text:{escaped(card.zone)}"
    if card.source:
        yield f"SOURCE:{card.source}"


def _shared(card: Card) -> Iterable[str]:
    """What both versions write alike."""
    if card.organization:
        yield f"ORG:{_structured(card.organization)}"
    if card.title:
        yield f"TITLE:{escaped(card.title)}"
    if card.role:
        yield f"ROLE:{escaped(card.role)}"
    if card.web:
        yield f"URL:{card.web}"
    if card.note:
        yield f"NOTE:{escaped(card.note)}"
    if card.categories:
        yield f"CATEGORIES:{','.join(map(escaped, card.categories))}"
    yield f"REV:{card.revised.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _name(name: str) -> str:
    """Family name, given names, and three empty parts. A directory knows whole names: the last word sorts them."""
    given, _, family = name.rpartition(" ")
    return _structured([family, given, "", "", ""])


def _address(card: Card) -> str:
    """The directory keeps addresses as they are written on an envelope: the street holds all but the country."""
    return _structured(["", "", card.address, "", "", "", card.country])
