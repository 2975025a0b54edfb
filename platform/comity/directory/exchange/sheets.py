"""The sheets of the exchange format and their columns: the same for export and import. Pure.

`docs/exchange.md` is printed from this table; a test compares the two. Codes are stable, names of columns too.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.directory.exchange.columns import (
    BODY,
    CALENDAR,
    CLOCK,
    CODE,
    DAY,
    DAYS,
    EMAIL,
    FLAG,
    LANGUAGE,
    LANGUAGES,
    LINE,
    LINES,
    NUMBER,
    STATE,
    STATES,
    TELEPHONE,
    WEB,
    WEEKDAYS,
    ZONE,
    Column,
    one_of,
    optional,
    some_of,
)
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

FORMAT, VERSION = "comity-directory", 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. key: the column that names a row. imported: whether rows are taken in. may_add: whether new ones are."""

    name: str
    key: str
    columns: tuple[Column, ...]
    imported: bool = True
    may_add: bool = True

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)


def _practice(*columns: Column) -> tuple[Column, ...]:
    return tuple(Column(c.name, c.shape, c.needed, together="practice") for c in columns)


PRACTICE = _practice(
    Column("untoc_basis_assistance", FLAG),
    Column("untoc_basis_extradition", FLAG),
    Column("dual_criminality", one_of(DualCriminality)),
    optional("minimum_penalty", LINE),
    optional("evidentiary_threshold", LINE),
    optional("use_limitation", LINE),
    Column("costs", one_of(Costs)),
    optional("documents", LINES),
    Column("video_hearing", one_of(VideoHearing)),
    Column("months_to_execute", NUMBER),
)

AUTHORITIES = Sheet(
    "authorities",
    "code",
    (
        Column("code", CODE),
        Column("state", STATE),
        Column("part", one_of(Part)),
        Column("kind", one_of(AuthorityKind)),
        Column("name_en", LINE),
        Column("name_original", LINE),
        Column("original_language", LANGUAGE),
        optional("unit", LINE),
        optional("parent", LINE),
        Column("functions", some_of(Function)),
        optional("territories", LINES),
        Column("mailbox", EMAIL),
        Column("telephone", TELEPHONE),
        optional("telefax", TELEPHONE),
        optional("duty", TELEPHONE),
        Column("address", LINE),
        optional("web", WEB),
        Column("zone", ZONE),
        Column("office_days", WEEKDAYS),
        Column("opens", CLOCK),
        Column("closes", CLOCK),
        optional("holiday_calendar", CALENDAR),
        optional("closed_on", DAYS),
        Column("languages_accepted", LANGUAGES),
        Column("languages_spoken", LANGUAGES),
        Column("translation", one_of(TranslationRule)),
        Column("draft_when_urgent", FLAG),
        Column("means", some_of(Means)),
        Column("electronic_signature", FLAG),
        Column("encryption", FLAG),
        Column("paper_original", FLAG),
        Column("oral_when_urgent", FLAG),
        Column("interpol_when_urgent", FLAG),
        Column("diplomatic_channel", FLAG),
        *PRACTICE,
        Column("source", one_of(Source)),
        Column("notified_on", DAY),
        Column("confirmed_on", DAY),
        Column("confirmed_by", LINE),
        Column("next_review_on", DAY),
        Column("demonstration", FLAG, needed=False, fixed=True),
    ),
)

STATES_SHEET = Sheet(
    "states",
    "iso2",
    (
        Column("iso2", STATE),
        Column("iso3", LINE, fixed=True),
        Column("name_en", LINE, fixed=True),
        Column("kind", one_of(StateKind), fixed=True),
        Column("region", one_of(RegionalGroup), fixed=True),
        Column("party", FLAG),
        Column("zone", ZONE, fixed=True),
        Column("languages", LANGUAGES, fixed=True),
        optional("also", LINES),
    ),
    may_add=False,
)

NETWORKS = Sheet(
    "networks",
    "code",
    (
        Column("code", CODE),
        Column("name", LINE),
        Column("full_name", LINE),
        Column("year", NUMBER),
        optional("languages", LANGUAGES),
        optional("about", BODY),
        optional("web", WEB),
        optional("members", STATES),
    ),
    may_add=False,
)

ARRANGEMENTS = Sheet(
    "arrangements",
    "code",
    (
        Column("code", CODE),
        Column("kind", one_of(ArrangementKind)),
        Column("name", LINE),
        Column("area", LINE),
        Column("about", BODY),
        Column("legal_basis", LINE),
        Column("contact", EMAIL),
        optional("since", DAY),
        Column("states", STATES),
        Column("demonstration", FLAG, needed=False, fixed=True),
    ),
)

NOTIFICATIONS = Sheet(
    "notifications",
    "code",
    (
        Column("code", LINE),
        Column("state", STATE),
        Column("provision", one_of(NotifiedProvision)),
        Column("status", one_of(NotificationStatus)),
        optional("deposited_on", DAY),
        optional("supersedes", LINE),
        Column("language", LANGUAGE),
        optional("text", BODY),
        optional("english", BODY),
        Column("demonstration", FLAG, needed=False, fixed=True),
    ),
    imported=False,
)

PRACTITIONERS = Sheet(
    "practitioners",
    "id",
    (
        Column("id", LINE),
        Column("authority", CODE),
        Column("state", STATE),
        Column("name", LINE),
        Column("name_latin", LINE),
        Column("language", LANGUAGE),
        optional("title", LINE),
        Column("role", one_of(PractitionerRole)),
        optional("post", LINE),
        optional("languages", LINE),
        optional("specialities", some_of(Speciality)),
        optional("networks", LINE),
        Column("vetting", one_of(Vetting)),
        optional("email", LINES),
        optional("telephone", LINES),
        optional("mobile", LINES),
        optional("telefax", LINES),
        optional("posted_in", STATE),
        optional("posted_city", LINE),
        optional("covers", STATES),
        optional("posted_since", DAY),
        optional("posted_until", DAY),
        optional("confirmed_on", DAY),
        optional("confirmed_by", LINE),
        optional("next_review_on", DAY),
        Column("demonstration", FLAG),
    ),
    imported=False,
)

SHEETS = (STATES_SHEET, AUTHORITIES, PRACTITIONERS, NOTIFICATIONS, NETWORKS, ARRANGEMENTS)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}


def described() -> str:
    """The table of all columns in Markdown, as `docs/exchange.md` has it."""
    parts = []
    for sheet in SHEETS:
        parts += [f"## `{sheet.name}`", "", f"{_taken(sheet)} A row is known by `{sheet.key}`.", ""]
        parts += ["| column | what it holds | empty |", "| --- | --- | --- |"]
        parts += [f"| `{c.name}` | {_holds(c)} | {_emptiness(c)} |" for c in sheet.columns]
        parts.append("")
    return "\n".join(parts)


def _taken(sheet: Sheet) -> str:
    if not sheet.imported:
        return "Export only."
    return "Export and import." if sheet.may_add else "Export and import; an import changes rows and adds none."


def _holds(column: Column) -> str:
    terms = ", ".join(f"`{term}`" for term in column.shape.terms)
    held = f"{column.shape.form}: {terms}" if terms and column.shape.form.endswith(("of", "between")) else ""
    return (held or column.shape.form) + ("; an import does not change it" if column.fixed else "")


def _emptiness(column: Column) -> str:
    if column.together and column.needed:
        return "with the whole group"
    return "no" if column.needed else "yes"
