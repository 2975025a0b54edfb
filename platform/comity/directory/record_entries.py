"""The demonstration's people, notifications, coordinators and arrangements as data files, checked field by field. Pure.

A value is checked by the same rules as in a form; a file's own reason comes back as DataError.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from comity.core.errors import Invalid
from comity.directory import checks
from comity.directory.entries import Table, office_hours
from comity.directory.hours import OfficeHours
from comity.directory.reference import DATA, DataError, check_languages, unwrapped
from comity.directory.vocabulary import (
    ArrangementKind,
    DetailKind,
    LanguageLevel,
    NotificationStatus,
    NotifiedProvision,
    PractitionerRole,
    Speciality,
    Vetting,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class DetailEntry:
    """A contact detail."""

    kind: DetailKind
    value: str
    functional: bool
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class PostingEntry:
    """Where a liaison person is posted. host, covers: alpha-2 codes."""

    host: str
    city: str
    covers: tuple[str, ...]
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person. authority: its code. mailbox: of the account, where there is one, and the key of repeated loading.

    post: the key of the post in the authority's file. deputy: the mailbox of a colleague.
    """

    authority: str
    mailbox: str
    name: str
    name_latin: str
    language: str
    title: str
    role: PractitionerRole
    post: str | None
    languages: dict[str, LanguageLevel]
    specialities: tuple[Speciality, ...]
    networks: tuple[str, ...]
    vetting: Vetting
    deputy: str | None
    details: tuple[DetailEntry, ...]
    liaison: PostingEntry | None
    hours: OfficeHours | None
    confirmed_on: date
    confirmed_by: str
    next_review_on: date


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """A notification. supersedes: the code of another one in the same file, before this."""

    code: str
    state: str
    provision: NotifiedProvision
    status: NotificationStatus
    deposited_on: date | None
    supersedes: str | None
    language: str
    text: str
    english: str


@dataclass(frozen=True, slots=True)
class ArrangementEntry:
    """A cross-border arrangement. states: alpha-2 codes."""

    code: str
    kind: ArrangementKind
    name: str
    area: str
    about: str
    legal_basis: str
    contact: str
    since: date | None
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoordinatorEntry:
    """A post that coordinates a network. post: its key in the authority's file."""

    network: str
    authority: str
    post: str


def load_people(folder: Path = DATA / "people") -> tuple[PersonEntry, ...]:
    """All people, by file name. Raises DataError for the first field that cannot be used."""
    return tuple(_person(raw) for _top, raws in _files(folder, "person") for raw in raws)


def load_notices(folder: Path = DATA / "notifications") -> tuple[NoticeEntry, ...]:
    """All notifications, by file name. Raises DataError."""
    return tuple(_notice(raw, top.text("state")) for top, raws in _files(folder, "notification") for raw in raws)


def load_arrangements(path: Path = DATA / "arrangements.toml") -> tuple[ArrangementEntry, ...]:
    """All cross-border arrangements. Raises DataError."""
    return tuple(_arrangement(raw) for raw in _tables(path, "arrangement")[1])


def load_coordinators(path: Path = DATA / "coordinators.toml") -> tuple[CoordinatorEntry, ...]:
    """Which posts coordinate which networks. Raises DataError."""
    found = _tables(path, "coordinator")[1]
    return tuple(CoordinatorEntry(raw.text("network"), raw.text("authority"), raw.text("post")) for raw in found)


def _files(folder: Path, name: str) -> Iterator[tuple[Table, list[Table]]]:
    for path in sorted(folder.glob("*.toml")):
        yield _tables(path, name)


def _tables(path: Path, name: str) -> tuple[Table, list[Table]]:
    top = Table(tomllib.loads(path.read_text("utf-8")), path.name)
    return top, top.tables(name)


def _person(raw: Table) -> PersonEntry:
    languages = raw.value("languages", dict)
    check_languages(tuple(languages), raw.where)
    levels = raw.table("languages")
    return PersonEntry(
        authority=raw.text("authority"),
        mailbox=_checked(checks.email, raw, "mailbox"),
        name=raw.text("name"),
        name_latin=raw.text("name_latin"),
        language=_checked(checks.language_tag, raw, "language"),
        title=raw.text("title"),
        role=raw.term("role", PractitionerRole),
        post=raw.optional("post"),
        languages={code: levels.term(code, LanguageLevel) for code in languages},
        specialities=raw.terms("specialities", Speciality),
        networks=raw.texts("networks"),
        vetting=raw.term("vetting", Vetting),
        deputy=raw.optional("deputy"),
        details=tuple(_detail(one) for one in raw.tables("detail")),
        liaison=_posting(raw.table("liaison")) if raw.has("liaison") else None,
        hours=office_hours(raw.table("hours")) if raw.has("hours") else None,
        confirmed_on=raw.table("trust").day("confirmed_on"),
        confirmed_by=raw.table("trust").text("confirmed_by"),
        next_review_on=raw.table("trust").day("next_review_on"),
    )


def _detail(raw: Table) -> DetailEntry:
    kind = raw.term("kind", DetailKind)
    value = _checked(checks.email if kind is DetailKind.EMAIL else checks.telephone, raw, "value")
    return DetailEntry(kind, value, raw.flag("functional"), raw.term("visibility", Visibility))


def _posting(raw: Table) -> PostingEntry:
    since, until = raw.day("since"), raw.optional_day("until")
    if until is not None and until < since:
        raise DataError(raw.where, "the end lies before the beginning")
    return PostingEntry(raw.text("host"), raw.text("city"), raw.texts("covers"), since, until)


def _notice(raw: Table, state: str) -> NoticeEntry:
    return NoticeEntry(
        code=raw.text("code"),
        state=state,
        provision=raw.term("provision", NotifiedProvision),
        status=raw.term("status", NotificationStatus),
        deposited_on=raw.optional_day("deposited_on"),
        supersedes=raw.optional("supersedes"),
        language=_checked(checks.language_tag, raw, "language"),
        text=raw.text("text"),
        english=raw.text("english"),
    )


def _arrangement(raw: Table) -> ArrangementEntry:
    return ArrangementEntry(
        code=raw.text("code"),
        kind=raw.term("kind", ArrangementKind),
        name=raw.text("name"),
        area=raw.text("area"),
        about=unwrapped(raw.text("about")),
        legal_basis=raw.text("legal_basis"),
        contact=_checked(checks.email, raw, "contact"),
        since=raw.optional_day("since"),
        states=raw.texts("states"),
    )


def _checked(check: Callable[[str, str], str], raw: Table, name: str) -> str:
    try:
        return check(raw.text(name), name)
    except Invalid as problem:
        raise DataError(raw.where, f"{name}: {problem}") from problem
