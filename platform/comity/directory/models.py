"""States, networks, authorities, and the rows that search reads."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, Enum, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.hours import OfficeHours, Reachability
from comity.directory.vocabulary import (
    AuthorityKind,
    Costs,
    DualCriminality,
    Function,
    Means,
    Part,
    RegionalGroup,
    Source,
    StateKind,
    TranslationRule,
    VideoHearing,
)

Term = TypeVar("Term", bound=StrEnum)
_TERM_LENGTH = 40


def by_value(kind: type[Term]) -> Enum:
    """A column type that keeps the values of a StrEnum as text."""
    return Enum(kind, native_enum=False, length=_TERM_LENGTH, values_callable=lambda terms: [t.value for t in terms])


network_membership = Table(
    "network_membership",
    Base.metadata,
    Column("network_code", ForeignKey("network.code"), primary_key=True),
    Column("state_iso2", ForeignKey("state.iso2"), primary_key=True),
)


class State(Base):
    """A State, or a Party to the Convention that is none. Its name comes from CLDR by its code.

    iso2, iso3: ISO 3166-1. party: to the Convention. zone: IANA name at the seat of government. languages: official
    ones, ISO 639. also: other names, for search alone.
    """

    __tablename__ = "state"

    iso2: Mapped[str] = mapped_column(String(2), primary_key=True)
    iso3: Mapped[str] = mapped_column(String(3), unique=True)
    kind: Mapped[StateKind] = mapped_column(by_value(StateKind))
    region: Mapped[RegionalGroup] = mapped_column(by_value(RegionalGroup), index=True)
    party: Mapped[bool]
    zone: Mapped[str] = mapped_column(String(60))
    languages: Mapped[list[str]]
    also: Mapped[list[str]]

    networks: Mapped[list[Network]] = relationship(
        secondary=network_membership, back_populates="members", order_by="Network.name"
    )
    authorities: Mapped[list[Authority]] = relationship(
        back_populates="state", order_by="(Authority.part, Authority.id)"
    )


class Network(Base):
    """A regional network of central authorities, prosecutors or investigators.

    year: of its foundation. about: Markdown, in English.
    """

    __tablename__ = "network"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[ShortText]
    full_name: Mapped[ShortText]
    year: Mapped[int]
    languages: Mapped[list[str]]
    about: Mapped[str] = mapped_column(Text, default="")
    web: Mapped[ShortText | None]

    members: Mapped[list[State]] = relationship(secondary=network_membership, back_populates="networks")


class Authority(Base):
    """An entry of the directory.

    code: stable, for repeated loading. original_language: of name_original, BCP 47. functions: values of `Function`.
    territories: of a federal State, in English, that it is designated for; none means the whole State (18(13)).
    mailbox_bounced_at: when mail to it came back. Numbers in E.123 notation; duty: day and night. zone: IANA name.
    office_days: ISO weekdays as digits, `12345`. holiday_calendar: ISO 3166-1 or -2 code of the public holidays kept.
    closed_on: further dates, ISO 8601. languages_accepted: 18(14); languages_spoken: by the staff. confirmed_by: a
    function, not a person. demonstration: the entry is invented.
    """

    __tablename__ = "authority"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    state_iso2: Mapped[str] = mapped_column(ForeignKey("state.iso2"), index=True)
    part: Mapped[Part] = mapped_column(by_value(Part))
    kind: Mapped[AuthorityKind] = mapped_column(by_value(AuthorityKind))
    name_en: Mapped[ShortText]
    name_original: Mapped[ShortText]
    original_language: Mapped[str] = mapped_column(String(20))
    unit: Mapped[ShortText]
    parent: Mapped[ShortText]
    functions: Mapped[list[str]]
    territories: Mapped[list[str]] = mapped_column(default=list)

    mailbox: Mapped[str] = mapped_column(String(254))
    mailbox_bounced_at: Mapped[Instant | None]
    telephone: Mapped[str] = mapped_column(String(40))
    telefax: Mapped[str | None] = mapped_column(String(40))
    duty: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[ShortText]
    web: Mapped[ShortText | None]
    zone: Mapped[str] = mapped_column(String(60))
    office_days: Mapped[str] = mapped_column(String(7))
    opens: Mapped[time]
    closes: Mapped[time]
    holiday_calendar: Mapped[str | None] = mapped_column(String(10))
    closed_on: Mapped[list[str]] = mapped_column(default=list)

    languages_accepted: Mapped[list[str]]
    languages_spoken: Mapped[list[str]]
    translation: Mapped[TranslationRule] = mapped_column(by_value(TranslationRule))
    draft_when_urgent: Mapped[bool]
    means: Mapped[list[str]]
    electronic_signature: Mapped[bool]
    encryption: Mapped[bool]
    paper_original: Mapped[bool]
    oral_when_urgent: Mapped[bool]
    interpol_when_urgent: Mapped[bool]
    diplomatic_channel: Mapped[bool]

    source: Mapped[Source] = mapped_column(by_value(Source))
    notified_on: Mapped[date]
    confirmed_on: Mapped[date]
    confirmed_by: Mapped[ShortText]
    next_review_on: Mapped[date]
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]

    state: Mapped[State] = relationship(back_populates="authorities")
    practice: Mapped[LawAndPractice | None] = relationship(back_populates="authority", cascade="all, delete-orphan")

    @property
    def designations(self) -> tuple[Function, ...]:
        """The functions as terms."""
        return tuple(Function(value) for value in self.functions)

    @property
    def transmission(self) -> tuple[Means, ...]:
        """The means of transmission accepted, as terms."""
        return tuple(Means(value) for value in self.means)

    @property
    def hours(self) -> OfficeHours:
        """The weekly hours, with the days on which the office is closed."""
        return OfficeHours(
            self.zone,
            frozenset(int(day) for day in self.office_days),
            self.opens,
            self.closes,
            self.holiday_calendar,
            frozenset(date.fromisoformat(day) for day in self.closed_on or ()),
        )

    def reachable(self, now: datetime) -> Reachability:
        """Whether the office is open at an instant."""
        return self.hours.at(now)


class LawAndPractice(Base):
    """What a request should know of the law there. Free text in English. months_to_execute: indicative."""

    __tablename__ = "law_and_practice"

    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    untoc_basis_assistance: Mapped[bool]
    untoc_basis_extradition: Mapped[bool]
    dual_criminality: Mapped[DualCriminality] = mapped_column(by_value(DualCriminality))
    minimum_penalty: Mapped[ShortText]
    evidentiary_threshold: Mapped[ShortText]
    use_limitation: Mapped[ShortText]
    costs: Mapped[Costs] = mapped_column(by_value(Costs))
    documents: Mapped[list[str]]
    video_hearing: Mapped[VideoHearing] = mapped_column(by_value(VideoHearing))
    months_to_execute: Mapped[int]

    authority: Mapped[Authority] = relationship(back_populates="practice")


class SearchKind(StrEnum):
    """What a search row stands for."""

    STATE = "state"
    AUTHORITY = "authority"
    PERSON = "person"
    NETWORK = "network"


class SearchRow(Base):
    """Folded text of one thing that can be found. It holds nothing that not every member may see.

    ref: alpha-2 code of a State, id of an authority or practitioner, code of a network. names: one folded name a line;
    none for what is no longer to be found. more: other folded words. codes: what can be said in many languages (see
    `search/tokens.py`). hours: of an authority, for the question who is there now. version: of the counter when the
    row last changed; 0 until the counter is raised.
    The full-text index over it is made by the migration: FTS5 on SQLite, a weighted tsvector on PostgreSQL.
    """

    __tablename__ = "directory_search"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    id: Mapped[Key]
    kind: Mapped[SearchKind] = mapped_column(by_value(SearchKind))
    ref: Mapped[str] = mapped_column(String(20))
    part: Mapped[Part | None] = mapped_column(by_value(Part))
    names: Mapped[str] = mapped_column(Text)
    more: Mapped[str] = mapped_column(Text)
    codes: Mapped[str] = mapped_column(Text)
    hours: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0, index=True)


class SearchVersion(Base):
    """A counter of changes to the search rows, so that what processes keep in memory knows when it is old. One row."""

    __tablename__ = "directory_search_version"

    id: Mapped[Key]
    version: Mapped[int]
