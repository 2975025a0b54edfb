"""People of the directory in the reader's language. Made of seen practitioners alone: see `visibility`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import listed, text_direction
from comity.core.times import both_zones, day
from comity.directory.facts import Fact, Reader, weekly_hours
from comity.directory.labels import label
from comity.directory.names import language_name, state_name
from comity.directory.present import Chip, hours_chip
from comity.directory.vetting.deputies import last_day
from comity.directory.vetting.models import Absence
from comity.directory.visibility import SeenDetail, SeenPosting, SeenPractitioner
from comity.directory.vocabulary import DetailKind, Vetting


@dataclass(frozen=True, slots=True)
class DetailLine:
    """A contact detail. href: to write or to ring. whose: of the post, or personal. seen_by: in words."""

    kind: str
    value: str
    href: str
    whose: str
    seen_by: str
    bounced: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. language, direction: of the name. posting: where a liaison person is posted.

    status: where somebody is not active, what they are. away: until when, and who stands in.
    """

    url: str
    name: str
    language: str
    direction: str
    latin: str
    initials_of: str
    role: str
    post: str
    authority: str
    authority_url: str
    state: str
    languages: str
    posting: str
    details: tuple[DetailLine, ...]
    status: Chip | None
    away: str = ""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person on their own page. networks: address and name. holds_back: not every detail is shown to this reader."""

    row: PersonRow
    state_url: str
    facts: tuple[Fact, ...]
    specialities: tuple[str, ...]
    networks: tuple[tuple[str, str], ...]
    hours: Chip
    weekly_hours: str
    whose_hours: str
    local_time: str
    posting: tuple[Fact, ...]
    deputy: PersonRow | None
    trust: Chip
    trust_facts: tuple[Fact, ...]
    holds_back: bool
    is_self: bool


def person_rows(
    people: Iterable[SeenPractitioner], reader: Reader, away: Mapping[int, str] = MappingProxyType({})
) -> tuple[PersonRow, ...]:
    """People as rows of a list. away: by post, see `away_words`."""
    return tuple(replace(person_row(one, reader), away=away.get(one.post_id or 0, "")) for one in people)


def away_words(absences: Mapping[int, Absence], reader: Reader) -> dict[int, str]:
    """By post: until when its holder is away, and who stands in."""
    return {
        post_id: _(
            "away until %(day)s; deputy: %(deputy)s",
            day=day(last_day(absence), reader.language, year=False),
            deputy=absence.deputy.title,
        )
        for post_id, absence in absences.items()
    }


def person_row(one: SeenPractitioner, reader: Reader) -> PersonRow:
    """A person as a row of a list."""
    return PersonRow(
        url=url_for("directory.people.page", public_id=one.public_id),
        name=one.listed_name,
        language=one.language,
        direction=text_direction(one.language),
        latin="" if one.name_latin.casefold() == one.name.casefold() else one.name_latin,
        initials_of=one.name_latin,
        role=_(label(one.role)),
        post=one.post,
        authority=one.authority_name,
        authority_url=url_for("directory.authority", authority_id=one.authority_id),
        state=state_name(one.state, reader.language),
        languages=listed((language_name(code, reader.language) for code, _level in one.languages), reader.language),
        posting=_posted(one.liaison, reader) if one.liaison else "",
        details=tuple(_detail(detail) for detail in one.details),
        status=None if one.vetting is Vetting.ACTIVE else Chip(_(label(one.vetting)), "warn"),
    )


def person_page(one: SeenPractitioner, reader: Reader) -> PersonPage:
    """Everything that a person's page says to this reader."""
    return PersonPage(
        row=person_row(one, reader),
        state_url=url_for("directory.state", iso2=one.state),
        facts=(
            Fact(_("Role"), _(label(one.role))),
            Fact(_("Languages"), items=_languages(one, reader.language)),
        ),
        specialities=tuple(_(label(term)) for term in one.specialities),
        networks=tuple((url_for("directory.networks.page", code=code), name) for code, name in one.networks),
        hours=hours_chip(one.hours, reader),
        weekly_hours=weekly_hours(one.hours, reader),
        whose_hours=_("Own hours") if one.own_hours else _("Hours of the authority"),
        local_time=both_zones(reader.now, reader.language, one.hours.zone, reader.actor.zone),
        posting=_posting_facts(one.liaison, reader) if one.liaison else (),
        deputy=person_row(one.deputy, reader) if one.deputy else None,
        trust=_trust_chip(one, reader),
        trust_facts=_trust_facts(one, reader),
        holds_back=not one.full,
        is_self=one.is_self,
    )


def _languages(one: SeenPractitioner, language: str) -> tuple[str, ...]:
    return tuple(
        _("%(language)s: %(level)s", language=language_name(code, language), level=_(label(level)))
        for code, level in one.languages
    )


def _detail(one: SeenDetail) -> DetailLine:
    scheme = "mailto:" if one.kind is DetailKind.EMAIL else "tel:"
    target = one.value if one.kind is DetailKind.EMAIL else one.value.replace(" ", "")
    return DetailLine(
        kind=_(label(one.kind)),
        value=one.value,
        href="" if one.kind is DetailKind.TELEFAX else scheme + target,
        whose=_("of the post") if one.functional else _("personal"),
        seen_by=_(label(one.visibility)),
        bounced=_("Mail to it came back") if one.bounced_at else "",
    )


def _posted(one: SeenPosting, reader: Reader) -> str:
    return str(_("%(city)s, %(state)s", city=one.city, state=state_name(one.host, reader.language)))


def _posting_facts(one: SeenPosting, reader: Reader) -> tuple[Fact, ...]:
    covered = sorted(state_name(code, reader.language) for code in one.covers)
    until = (Fact(_("Until"), day(one.until, reader.language)),) if one.until else ()
    return (
        Fact(_("Posted in"), _posted(one, reader)),
        Fact(_("Covers"), items=tuple(covered)),
        Fact(_("Since"), day(one.since, reader.language)),
        *until,
    )


def _trust_chip(one: SeenPractitioner, reader: Reader) -> Chip:
    if one.confirmed_on is None:
        return Chip(_("Not confirmed yet"), "warn")
    when = day(one.confirmed_on, reader.language)
    if one.next_review_on and one.next_review_on < reader.now.date():
        return Chip(_("Confirmed %(date)s, review overdue", date=when), "warn")
    return Chip(_("Confirmed %(date)s", date=when), "good")


def _trust_facts(one: SeenPractitioner, reader: Reader) -> tuple[Fact, ...]:
    if one.confirmed_on is None:
        return ()
    review = (Fact(_("Next review"), day(one.next_review_on, reader.language)),) if one.next_review_on else ()
    return (
        Fact(_("Confirmed on"), day(one.confirmed_on, reader.language)),
        Fact(_("Confirmed by"), one.confirmed_by, language="en"),
        *review,
    )
