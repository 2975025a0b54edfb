"""Reference data: the Parties to the Convention with the other Member States, and the regional networks. Pure.

Files in `data/` are the first filling; the secretariat edits what they become. Parties are as at May 2024.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from babel import Locale

from comity.core.i18n import LANGUAGES
from comity.directory.vocabulary import RegionalGroup, StateKind

DATA = Path(__file__).parent / "data"
_ZONES = frozenset(available_timezones() - {"localtime", "Factory"})
_WRAPPED = re.compile(r"(?<!\n)\n(?![\n-])")


class DataError(ValueError):
    """A row of a data file that cannot be used. where: file and row. reason: what is wrong."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason


@dataclass(frozen=True, slots=True)
class StateRow:
    """A State, or a Party that is none.

    iso2, iso3: ISO 3166-1 codes (EU and EUE are reserved ones). party: to the Convention. zone: IANA name of the
    seat of government's time zone. languages: official ones, ISO 639. also: other names that people search for.
    """

    iso2: str
    iso3: str
    kind: StateKind
    region: RegionalGroup
    party: bool
    zone: str
    languages: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A regional network. year: of its foundation. members: alpha-2 codes, where an organization's are its own."""

    code: str
    name: str
    full_name: str
    year: int
    languages: tuple[str, ...]
    members: tuple[str, ...]


def is_zone(name: str) -> bool:
    """Whether the IANA database has a zone of this name."""
    return name in _ZONES


def check_zone(zone: str, where: str) -> str:
    """The zone, if the IANA database has it. Raises DataError."""
    if not is_zone(zone):
        raise DataError(where, f"unknown time zone {zone!r}")
    return zone


def check_languages(codes: tuple[str, ...], where: str) -> tuple[str, ...]:
    """The codes, if CLDR names each one in all six languages. Raises DataError."""
    for code in codes:
        if any(code not in Locale(language).languages for language in LANGUAGES):
            raise DataError(where, f"unknown language {code!r}")
    return codes


def load_states(path: Path = DATA / "states.csv") -> tuple[StateRow, ...]:
    """The States and other Parties. Raises DataError for the first row that cannot be used."""
    rows = tuple(_state(row, where) for where, row in _rows(path))
    for attribute in ("iso2", "iso3"):
        _refuse_repeats([getattr(row, attribute) for row in rows], f"{path.name}, {attribute}")
    return rows


def load_networks(states: tuple[StateRow, ...], path: Path = DATA / "networks.csv") -> tuple[NetworkRow, ...]:
    """The regional networks. states: whose codes members may have. Raises DataError."""
    known = {state.iso2 for state in states}
    rows = tuple(_network(row, where, known) for where, row in _rows(path))
    _refuse_repeats([row.code for row in rows], f"{path.name}, code")
    return rows


def load_abouts(path: Path = DATA / "networks.toml") -> dict[str, str]:
    """What the page of each network says at first, by its code: Markdown, in English."""
    found = tomllib.loads(path.read_text("utf-8"))
    return {code: unwrapped(str(text)) for code, text in found.items()}


def unwrapped(text: str) -> str:
    """Markdown of a data file without the line breaks that only keep the file narrow."""
    return _WRAPPED.sub(" ", text.strip())


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            yield f"{path.name}, row {number}", row


def _state(row: dict[str, str], where: str) -> StateRow:
    iso2 = row["iso2"]
    if any(iso2 not in Locale(language).territories for language in LANGUAGES):
        raise DataError(where, f"CLDR has no name for {iso2!r}")
    if row["party"] not in {"yes", "no"}:
        raise DataError(where, f"party is yes or no, not {row['party']!r}")
    try:
        kind, region = StateKind(row["kind"]), RegionalGroup(row["region"])
    except ValueError as error:
        raise DataError(where, str(error)) from error
    return StateRow(
        iso2=iso2,
        iso3=row["iso3"],
        kind=kind,
        region=region,
        party=row["party"] == "yes",
        zone=check_zone(row["zone"], where),
        languages=check_languages(tuple(row["languages"].split()), where),
        also=tuple(name for name in row["also"].split("; ") if name),
    )


def _network(row: dict[str, str], where: str, known: set[str]) -> NetworkRow:
    members = tuple(row["members"].split())
    for iso2 in members:
        if iso2 not in known:
            raise DataError(where, f"unknown State {iso2!r}")
    if not row["year"].isdecimal():
        raise DataError(where, f"a year is a number, not {row['year']!r}")
    languages = check_languages(tuple(row["languages"].split()), where)
    return NetworkRow(row["code"], row["name"], row["full_name"], int(row["year"]), languages, members)


def _refuse_repeats(values: list[str], where: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise DataError(where, f"{value!r} stands there twice")
        seen.add(value)
