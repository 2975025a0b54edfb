"""The fields of the directory's records: name, label, shape and treaty article. Pure.

One table for snapshots, differences, forms and what a proposal may change, so that none of them can forget a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.core.i18n import N_
from comity.directory.vocabulary import (
    ArrangementKind,
    AuthorityKind,
    Costs,
    DualCriminality,
    Function,
    Means,
    NotificationStatus,
    NotifiedProvision,
    Part,
    PractitionerRole,
    RegionalGroup,
    Source,
    Speciality,
    StateKind,
    TranslationRule,
    Vetting,
    VideoHearing,
)


class Shape(StrEnum):
    """What a value is, in the database and as JSON."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    """A list of texts."""
    EMAIL = "email"
    TELEPHONE = "telephone"
    WEB = "web"
    TERM = "term"
    TERMS = "terms"
    """A list of values of one enumeration."""
    LANGUAGE = "language"
    LANGUAGES = "languages"
    FLAG = "flag"
    DAY = "day"
    CLOSED_DAYS = "closed_days"
    """A list of days, ISO 8601."""
    CLOCK = "clock"
    WEEKDAYS = "weekdays"
    """ISO weekdays as digits."""
    ZONE = "zone"
    CALENDAR = "calendar"
    NUMBER = "number"
    STATE = "state"
    STATES = "states"


class Group(StrEnum):
    """Where a field stands in the form, in this order. The value is a part of the address."""

    IDENTITY = "identity"
    FUNCTIONS = "functions"
    CONTACT = "contact"
    HOURS = "hours"
    RECEIVING = "receiving"
    PRACTICE = "practice"
    TRUST = "trust"


GROUP_LABELS: Mapping[Group, str] = {
    Group.IDENTITY: N_("Identity"),
    Group.FUNCTIONS: N_("Functions"),
    Group.CONTACT: N_("Contact"),
    Group.HOURS: N_("Office hours"),
    Group.RECEIVING: N_("Receiving requests"),
    Group.PRACTICE: N_("What we need in a request"),
    Group.TRUST: N_("How fresh this entry is"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    label: a msgid. terms: of a TERM or TERMS. needed: it may not be empty. group: None where no form offers it.
    """

    name: str
    label: str
    shape: Shape = Shape.TEXT
    article: str = ""
    terms: type[StrEnum] | None = None
    needed: bool = True
    group: Group | None = None


def _in(group: Group, *fields: Field) -> tuple[Field, ...]:
    return tuple(Field(f.name, f.label, f.shape, f.article, f.terms, f.needed, group) for f in fields)


def _optional(name: str, label: str, shape: Shape = Shape.TEXT, article: str = "") -> Field:
    return Field(name, label, shape, article, None, False)


def _flag(name: str, label: str, article: str = "") -> Field:
    return Field(name, label, Shape.FLAG, article, None, False)


PRACTICE = _in(
    Group.PRACTICE,
    _flag("untoc_basis_assistance", N_("The Convention as a basis for mutual legal assistance"), "18"),
    _flag("untoc_basis_extradition", N_("The Convention as a basis for extradition"), "16(5)"),
    Field("dual_criminality", N_("Dual criminality"), Shape.TERM, "18(9)", DualCriminality),
    _optional("minimum_penalty", N_("Minimum penalty")),
    _optional("evidentiary_threshold", N_("Evidentiary threshold")),
    _optional("documents", N_("Documents wanted"), Shape.LINES),
    _optional("use_limitation", N_("Limits on use"), Shape.TEXT, "18(19)"),
    Field("video_hearing", N_("Hearing by video"), Shape.TERM, "18(18)", VideoHearing),
    Field("costs", N_("Costs"), Shape.TERM, "18(28)", Costs),
    Field("months_to_execute", N_("Months to execute, as a rule"), Shape.NUMBER),
)
"""Fields of `LawAndPractice`, all of them None where an authority has none."""

EDITABLE = (
    *_in(
        Group.IDENTITY,
        Field("name_en", N_("Name in English")),
        Field("name_original", N_("Name in its own language")),
        Field("original_language", N_("Language of that name"), Shape.LANGUAGE),
        _optional("unit", N_("Unit")),
        _optional("parent", N_("Parent authority")),
        _optional("web", N_("Web page"), Shape.WEB),
        Field("part", N_("Part of the directory"), Shape.TERM, "18(13)", Part),
        Field("kind", N_("Kind of authority"), Shape.TERM, "", AuthorityKind),
    ),
    *_in(
        Group.FUNCTIONS,
        Field("functions", N_("Functions"), Shape.TERMS, "", Function),
        _optional("territories", N_("Territories that it is designated for"), Shape.LINES, "18(13)"),
    ),
    *_in(
        Group.CONTACT,
        Field("mailbox", N_("Functional mailbox"), Shape.EMAIL),
        Field("telephone", N_("Telephone"), Shape.TELEPHONE),
        _optional("duty", N_("Duty, day and night"), Shape.TELEPHONE),
        _optional("telefax", N_("Telefax"), Shape.TELEPHONE),
        Field("address", N_("Postal address")),
    ),
    *_in(
        Group.HOURS,
        Field("zone", N_("Time zone"), Shape.ZONE),
        Field("office_days", N_("Office days"), Shape.WEEKDAYS),
        Field("opens", N_("Opens at"), Shape.CLOCK),
        Field("closes", N_("Closes at"), Shape.CLOCK),
        _optional("holiday_calendar", N_("Public holidays kept"), Shape.CALENDAR),
        _optional("closed_on", N_("Further days on which it is closed"), Shape.CLOSED_DAYS),
    ),
    *_in(
        Group.RECEIVING,
        Field("languages_accepted", N_("Languages accepted"), Shape.LANGUAGES, "18(14)"),
        Field("languages_spoken", N_("Languages spoken by staff"), Shape.LANGUAGES),
        Field("translation", N_("Translation"), Shape.TERM, "18(14)", TranslationRule),
        _flag("draft_when_urgent", N_("A draft is looked at when urgent"), "18(14)"),
        Field("means", N_("Means of transmission"), Shape.TERMS, "18(13)", Means),
        _flag("electronic_signature", N_("Electronic signature")),
        _flag("encryption", N_("Encryption")),
        _flag("paper_original", N_("Paper original to follow")),
        _flag("oral_when_urgent", N_("Oral request when urgent"), "18(14)"),
        _flag("interpol_when_urgent", N_("Through INTERPOL when urgent"), "18(13)"),
        _flag("diplomatic_channel", N_("Diplomatic channel required"), "18(13)"),
    ),
    *PRACTICE,
    *_in(
        Group.TRUST,
        Field("source", N_("Source"), Shape.TERM, "", Source),
        Field("notified_on", N_("Notified on"), Shape.DAY),
    ),
)
"""What a proposal can change of an authority. Confirmations come from the cycle alone."""

_CONFIRMATION = (
    Field("confirmed_on", N_("Confirmed on"), Shape.DAY),
    Field("confirmed_by", N_("Confirmed by")),
    Field("next_review_on", N_("Next review"), Shape.DAY),
)

AUTHORITY = (Field("code", N_("Code")), Field("state_iso2", N_("State"), Shape.STATE), *EDITABLE, *_CONFIRMATION)

STATE = (
    Field("iso3", N_("Code")),
    Field("kind", N_("Status"), Shape.TERM, "", StateKind),
    Field("region", N_("Regional group"), Shape.TERM, "", RegionalGroup),
    _flag("party", N_("Party to the Convention")),
    Field("zone", N_("Time zone"), Shape.ZONE),
    Field("languages", N_("Official languages"), Shape.LANGUAGES),
    _optional("also", N_("Other names"), Shape.LINES),
)

NETWORK = (
    Field("name", N_("Name")),
    Field("full_name", N_("Full name")),
    Field("year", N_("Founded in"), Shape.NUMBER),
    Field("languages", N_("Languages"), Shape.LANGUAGES),
    _optional("about", N_("About"), Shape.LONG),
    _optional("web", N_("Web page"), Shape.WEB),
    _optional("members", N_("Members"), Shape.STATES),
    _optional("coordinators", N_("Coordinators"), Shape.LINES),
)

NOTIFICATION = (
    Field("code", N_("Code")),
    Field("state_iso2", N_("State"), Shape.STATE),
    Field("provision", N_("Provision"), Shape.TERM, "", NotifiedProvision),
    Field("text", N_("Text"), Shape.LONG),
    Field("language", N_("Language"), Shape.LANGUAGE),
    _optional("english", N_("Courtesy translation into English"), Shape.LONG),
    _optional("deposited_on", N_("Deposited on"), Shape.DAY),
    _optional("supersedes", N_("Supersedes")),
    Field("status", N_("Status"), Shape.TERM, "", NotificationStatus),
)

ARRANGEMENT = (
    Field("code", N_("Code")),
    Field("kind", N_("Kind"), Shape.TERM, "", ArrangementKind),
    Field("name", N_("Name")),
    Field("area", N_("Area")),
    Field("about", N_("About"), Shape.LONG),
    Field("legal_basis", N_("Legal basis")),
    Field("contact", N_("Contact"), Shape.EMAIL),
    _optional("since", N_("Since"), Shape.DAY),
    Field("states", N_("States"), Shape.STATES),
)

OF_THE_POST = (
    Field("authority", N_("Authority")),
    _optional("post", N_("Post")),
    Field("role", N_("Role"), Shape.TERM, "", PractitionerRole),
    Field("vetting", N_("Vetting"), Shape.TERM, "", Vetting),
)
"""What stays in the history of somebody who has left: what was done for the authority, and nothing personal."""

PRACTITIONER = (
    *OF_THE_POST,
    Field("name", N_("Name")),
    Field("name_latin", N_("Name in Latin letters")),
    Field("language", N_("Language of the name"), Shape.LANGUAGE),
    _optional("title", N_("Title")),
    _optional("languages", N_("Languages"), Shape.LANGUAGES),
    Field("specialities", N_("Specialities"), Shape.TERMS, "", Speciality),
    _optional("zone", N_("Time zone"), Shape.ZONE),
    _optional("office_days", N_("Office days"), Shape.WEEKDAYS),
    _optional("opens", N_("Opens at"), Shape.CLOCK),
    _optional("closes", N_("Closes at"), Shape.CLOCK),
    _optional("networks", N_("Regional networks"), Shape.LINES),
    _optional("posted_in", N_("Posted in"), Shape.STATE),
    _optional("posted_city", N_("City")),
    _optional("covers", N_("Covers"), Shape.STATES),
    _optional("posted_since", N_("Since"), Shape.DAY),
    _optional("posted_until", N_("Until"), Shape.DAY),
    *_CONFIRMATION,
)
"""Contact details are no part of it: what somebody once let others see is not shown when they have withdrawn it. Nor is
the deputy, whose name would stay in another person's history after they left."""
