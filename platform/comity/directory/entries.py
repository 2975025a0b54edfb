"""Entries of authorities as data files: one TOML file a State, checked field by field. Pure.

A field that is missing, unknown or of the wrong kind is named with its file and authority.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from comity.directory.closures import is_calendar
from comity.directory.hours import OfficeHours
from comity.directory.reference import DATA, DataError, check_languages, check_zone
from comity.directory.vocabulary import (
    AuthorityKind,
    Costs,
    DualCriminality,
    Function,
    Means,
    Part,
    Source,
    TranslationRule,
    VideoHearing,
)

Term = TypeVar("Term", bound=StrEnum)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an authority. Numbers in E.123 notation; duty: day and night."""

    mailbox: str
    telephone: str
    telefax: str | None
    duty: str | None
    address: str
    web: str | None


@dataclass(frozen=True, slots=True)
class Receiving:
    """How an authority takes requests (18(13), 18(14)). Languages: ISO 639 codes; spoken ones are the staff's."""

    languages_accepted: tuple[str, ...]
    languages_spoken: tuple[str, ...]
    translation: TranslationRule
    draft_when_urgent: bool
    means: tuple[Means, ...]
    electronic_signature: bool
    encryption: bool
    paper_original: bool
    oral_when_urgent: bool
    interpol_when_urgent: bool
    diplomatic_channel: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """Law and practice in short. months_to_execute: indicative time. Free text is in English."""

    untoc_basis_assistance: bool
    untoc_basis_extradition: bool
    dual_criminality: DualCriminality
    minimum_penalty: str
    evidentiary_threshold: str
    use_limitation: str
    costs: Costs
    documents: tuple[str, ...]
    video_hearing: VideoHearing
    months_to_execute: int


@dataclass(frozen=True, slots=True)
class Trust:
    """How far an entry can be relied on. confirmed_by: a function, not a person."""

    source: Source
    notified_on: date
    confirmed_on: date
    confirmed_by: str
    next_review_on: date


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post, and the invented person who holds it, if any. language: the holder's, for the pages."""

    key: str
    title: str
    holder: str | None
    mailbox: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One authority. state: alpha-2 code. language: of the original name. networks: codes the State takes part in."""

    code: str
    state: str
    networks: tuple[str, ...]
    part: Part
    kind: AuthorityKind
    name: str
    name_original: str
    language: str
    unit: str
    parent: str
    functions: tuple[Function, ...]
    territories: tuple[str, ...]
    contact: Contact
    hours: OfficeHours
    receiving: Receiving
    practice: Practice | None
    trust: Trust
    posts: tuple[PostEntry, ...]


def load_entries(folder: Path = DATA / "authorities") -> tuple[Entry, ...]:
    """All entries of a folder, by file name. Raises DataError for the first field that cannot be used."""
    entries = tuple(entry for path in sorted(folder.glob("*.toml")) for entry in parse(path.read_text("utf-8"), path))
    seen: set[str] = set()
    for entry in entries:
        if entry.code in seen:
            raise DataError(entry.code, "stands there twice")
        seen.add(entry.code)
    return entries


def parse(text: str, path: Path) -> tuple[Entry, ...]:
    """The entries of one file. path: for what an error says. Raises DataError."""
    document = tomllib.loads(text)
    top = Table(document, path.name)
    return tuple(
        _entry(Table(raw, f"{path.name}, {raw.get('code', '?')}"), top) for raw in document.get("authority", [])
    )


class Table:
    """A table of a data file; every getter says where it looked."""

    def __init__(self, raw: dict[str, Any], where: str) -> None:
        self._raw, self.where = raw, where

    def value(self, name: str, kind: type[Value]) -> Value:
        found = self._raw.get(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise DataError(self.where, f"{name} must be {kind.__name__}, not {found!r}")
        return found

    def text(self, name: str) -> str:
        return self.value(name, str)

    def optional(self, name: str) -> str | None:
        return self.text(name) if name in self._raw else None

    def flag(self, name: str) -> bool:
        return self.value(name, bool)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(str(item) for item in self.value(name, list))

    def term(self, name: str, kind: type[Term]) -> Term:
        return self._as_term(self.text(name), name, kind)

    def terms(self, name: str, kind: type[Term]) -> tuple[Term, ...]:
        return tuple(self._as_term(item, name, kind) for item in self.texts(name))

    def languages(self, name: str) -> tuple[str, ...]:
        return check_languages(self.texts(name), f"{self.where}, {name}")

    def clock(self, name: str) -> time:
        try:
            return time.fromisoformat(self.text(name))
        except ValueError as error:
            raise DataError(self.where, f"{name} must be HH:MM") from error

    def day(self, name: str) -> date:
        return self.value(name, date)

    def optional_day(self, name: str) -> date | None:
        return self.day(name) if self.has(name) else None

    def days(self, name: str) -> tuple[date, ...]:
        found = self.value(name, list) if self.has(name) else []
        if not all(isinstance(one, date) for one in found):
            raise DataError(self.where, f"{name} must be days")
        return tuple(found)

    def table(self, name: str) -> Table:
        return Table(self.value(name, dict), f"{self.where}, {name}")

    def has(self, name: str) -> bool:
        return name in self._raw

    def tables(self, name: str) -> list[Table]:
        return [Table(raw, f"{self.where}, {name}") for raw in self._raw.get(name, [])]

    def _as_term(self, value: str, name: str, kind: type[Term]) -> Term:
        try:
            return kind(value)
        except ValueError as error:
            raise DataError(self.where, f"unknown {name} {value!r}") from error


def _entry(raw: Table, top: Table) -> Entry:
    part, functions = raw.term("part", Part), raw.terms("functions", Function)
    if not functions:
        raise DataError(raw.where, "functions: an authority has at least one")
    check_languages((raw.text("language"),), raw.where)
    return Entry(
        code=raw.text("code"),
        state=top.text("state"),
        networks=top.texts("networks"),
        part=part,
        kind=raw.term("kind", AuthorityKind),
        name=raw.text("name"),
        name_original=raw.text("name_original"),
        language=raw.text("language"),
        unit=raw.text("unit"),
        parent=raw.text("parent"),
        functions=functions,
        territories=raw.texts("territories") if raw.has("territories") else (),
        contact=_contact(raw.table("contact")),
        hours=office_hours(raw.table("hours")),
        receiving=_receiving(raw.table("receiving")),
        practice=_practice(raw.table("practice")) if raw.has("practice") else None,
        trust=_trust(raw.table("trust")),
        posts=tuple(_post(post) for post in raw.tables("post")),
    )


def _contact(raw: Table) -> Contact:
    return Contact(
        mailbox=raw.text("mailbox"),
        telephone=raw.text("telephone"),
        telefax=raw.optional("telefax"),
        duty=raw.optional("duty"),
        address=raw.text("address"),
        web=raw.optional("web"),
    )


def office_hours(raw: Table) -> OfficeHours:
    """The hours in a table. Raises DataError for those that are none."""
    days = frozenset(int(day) for day in raw.value("days", list))
    zone = check_zone(raw.text("zone"), raw.where)
    calendar = raw.optional("calendar")
    if calendar is not None and not is_calendar(calendar):
        raise DataError(raw.where, f"no public holidays are known by {calendar!r}")
    closed_on = frozenset(raw.days("closed_on"))
    try:
        return OfficeHours(zone, days, raw.clock("opens"), raw.clock("closes"), calendar, closed_on)
    except ValueError as error:
        raise DataError(raw.where, str(error)) from error


def _receiving(raw: Table) -> Receiving:
    return Receiving(
        languages_accepted=raw.languages("languages_accepted"),
        languages_spoken=raw.languages("languages_spoken"),
        translation=raw.term("translation", TranslationRule),
        draft_when_urgent=raw.flag("draft_when_urgent"),
        means=raw.terms("means", Means),
        electronic_signature=raw.flag("electronic_signature"),
        encryption=raw.flag("encryption"),
        paper_original=raw.flag("paper_original"),
        oral_when_urgent=raw.flag("oral_when_urgent"),
        interpol_when_urgent=raw.flag("interpol_when_urgent"),
        diplomatic_channel=raw.flag("diplomatic_channel"),
    )


def _practice(raw: Table) -> Practice:
    return Practice(
        untoc_basis_assistance=raw.flag("untoc_basis_assistance"),
        untoc_basis_extradition=raw.flag("untoc_basis_extradition"),
        dual_criminality=raw.term("dual_criminality", DualCriminality),
        minimum_penalty=raw.text("minimum_penalty"),
        evidentiary_threshold=raw.text("evidentiary_threshold"),
        use_limitation=raw.text("use_limitation"),
        costs=raw.term("costs", Costs),
        documents=raw.texts("documents"),
        video_hearing=raw.term("video_hearing", VideoHearing),
        months_to_execute=raw.value("months_to_execute", int),
    )


def _trust(raw: Table) -> Trust:
    return Trust(
        source=raw.term("source", Source),
        notified_on=raw.value("notified_on", date),
        confirmed_on=raw.value("confirmed_on", date),
        confirmed_by=raw.text("confirmed_by"),
        next_review_on=raw.value("next_review_on", date),
    )


def _post(raw: Table) -> PostEntry:
    return PostEntry(
        key=raw.text("key"),
        title=raw.text("title"),
        holder=raw.optional("holder"),
        mailbox=raw.optional("mailbox"),
        language=raw.optional("language"),
    )
