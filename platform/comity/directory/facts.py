"""Facts of an entry in the reader's language: a name, what is said, and the treaty article it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import ngettext

from comity.core.actor import Actor
from comity.core.i18n import listed
from comity.core.times import both_zones, city, day
from comity.directory.hours import OfficeHours, weekday_runs
from comity.directory.labels import label
from comity.directory.models import Authority, State
from comity.directory.names import language_name


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is made. language: BCP 47 code of the page's language."""

    actor: Actor
    language: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what is said under it, with the treaty article it stands on.

    text is one value; items are several. language: of a text that is not in the page's.
    """

    name: str
    text: str = ""
    article: str = ""
    language: str = ""
    items: tuple[str, ...] = ()


def yes_no(value: bool) -> str:
    return str(_("Yes") if value else _("No"))


def languages(codes: list[str], language: str) -> str:
    """The names of languages, in one line."""
    return listed((language_name(code, language) for code in codes), language)


def receiving_facts(authority: Authority, reader: Reader) -> tuple[Fact, ...]:
    """How requests reach the authority."""
    translation = _(label(authority.translation))
    if authority.draft_when_urgent:
        translation = _("%(rule)s; a draft is looked at when urgent", rule=translation)
    electronic = tuple(
        words
        for wanted, words in (
            (authority.electronic_signature, _("Electronic signature")),
            (authority.encryption, _("Encryption")),
            (authority.paper_original, _("Paper original to follow")),
        )
        if wanted
    )
    return (
        Fact(_("Languages accepted"), languages(authority.languages_accepted, reader.language), "18(14)"),
        Fact(_("Languages spoken by staff"), languages(authority.languages_spoken, reader.language)),
        Fact(_("Translation"), translation, "18(14)"),
        Fact(
            _("Means of transmission"),
            article="18(13)",
            items=tuple(_(label(means)) for means in authority.transmission),
        ),
        Fact(_("Also required"), items=electronic or (_("Nothing more"),)),
        Fact(_("Oral request when urgent"), yes_no(authority.oral_when_urgent), "18(14)"),
        Fact(_("Through INTERPOL when urgent"), yes_no(authority.interpol_when_urgent), "18(13)"),
        Fact(_("Diplomatic channel required"), yes_no(authority.diplomatic_channel), "18(13)"),
    )


def practice_facts(authority: Authority) -> tuple[Fact, ...]:
    """What a request should know of the law there; nothing where the entry says nothing."""
    found = authority.practice
    if found is None:
        return ()
    bases = tuple(
        words
        for accepted, words in (
            (found.untoc_basis_assistance, _("The Convention, for mutual legal assistance (18)")),
            (found.untoc_basis_extradition, _("The Convention, for extradition (16(5))")),
        )
        if accepted
    )
    months = found.months_to_execute
    return (
        Fact(_("Legal basis accepted"), items=bases or (_("A treaty between the two States"),)),
        Fact(_("Dual criminality"), _(label(found.dual_criminality)), "18(9)"),
        Fact(_("Minimum penalty"), found.minimum_penalty, language="en"),
        Fact(_("Evidentiary threshold"), found.evidentiary_threshold, language="en"),
        Fact(_("Documents wanted"), items=tuple(found.documents), language="en"),
        Fact(_("Limits on use"), found.use_limitation, "18(19)", "en"),
        Fact(_("Hearing by video"), _(label(found.video_hearing)), "18(18)"),
        Fact(_("Costs"), _(label(found.costs)), "18(28)"),
        Fact(_("Indicative time to execute"), ngettext("%(num)s month", "%(num)s months", months)),
    )


def trust_facts(authority: Authority, reader: Reader) -> tuple[Fact, ...]:
    """Where the entry comes from and how fresh it is."""
    return (
        Fact(_("Source"), _(label(authority.source))),
        Fact(_("Notified on"), day(authority.notified_on, reader.language)),
        Fact(_("Confirmed on"), day(authority.confirmed_on, reader.language)),
        Fact(_("Confirmed by"), authority.confirmed_by, language="en"),
        Fact(_("Next review"), day(authority.next_review_on, reader.language)),
    )


def state_facts(state: State, reader: Reader) -> tuple[Fact, ...]:
    """What a State's page says of it."""
    party = _("Yes") if state.party else _("Not as at May 2024")
    return (
        Fact(_("Status"), _(label(state.kind))),
        Fact(_("Party to the Convention"), party),
        Fact(_("Regional group"), _(label(state.region))),
        Fact(_("Official languages"), languages(state.languages, reader.language)),
        Fact(_("Time there now"), both_zones(reader.now, reader.language, state.zone, reader.actor.zone)),
        Fact(_("Codes"), f"{state.iso2}, {state.iso3}"),
    )


def weekly_hours(hours: OfficeHours, reader: Reader) -> str:
    """The week's hours there, for example "Mon–Fri, 08:30–16:30 (Bangkok)"."""
    names = get_day_names("abbreviated", locale=reader.language)
    runs = weekday_runs(hours.days)
    days = listed(
        (names[first - 1] if first == last else f"{names[first - 1]}–{names[last - 1]}" for first, last in runs),
        reader.language,
    )
    clock = f"{hours.opens:%H:%M}–{hours.closes:%H:%M}"
    return str(_("%(days)s, %(hours)s (%(city)s)", days=days, hours=clock, city=city(hours.zone, reader.language)))
