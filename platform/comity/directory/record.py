"""The record beside authorities: practitioners, coordinators of networks, notifications, arrangements."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.models import Authority, Network, State, by_value
from comity.directory.posts import Post
from comity.directory.vocabulary import (
    ArrangementKind,
    DetailKind,
    NotificationStatus,
    NotifiedProvision,
    PractitionerRole,
    Speciality,
    Vetting,
    Visibility,
)
from comity.people.models import Account

practitioner_network = Table(
    "practitioner_network",
    Base.metadata,
    Column("practitioner_id", ForeignKey("practitioner.id"), primary_key=True),
    Column("network_code", ForeignKey("network.code"), primary_key=True),
)
arrangement_state = Table(
    "arrangement_state",
    Base.metadata,
    Column("arrangement_id", ForeignKey("arrangement.id"), primary_key=True),
    Column("state_iso2", ForeignKey("state.iso2"), primary_key=True),
)


class Practitioner(Base):
    """A person in the directory. One who has an account may sign in; one who has none is listed alone.

    public_id: 128 random bits, the name in addresses. name: as the person writes it; language: of that name, BCP 47.
    name_latin: transliterated. title: as in "Dr". post: that they are listed in; who holds it is said by holdings.
    languages: code (ISO 639) to `LanguageLevel`. specialities: values of `Speciality`. zone, office_days, opens,
    closes: own ones, else the authority's. deputy: who stands in. confirmed_by: a function, not a person.
    """

    __tablename__ = "practitioner"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    name: Mapped[ShortText]
    name_latin: Mapped[ShortText]
    language: Mapped[str] = mapped_column(String(20))
    title: Mapped[ShortText] = mapped_column(default="")
    role: Mapped[PractitionerRole] = mapped_column(by_value(PractitionerRole))
    languages: Mapped[dict[str, str]] = mapped_column(default=dict)
    specialities: Mapped[list[str]] = mapped_column(default=list)
    zone: Mapped[str | None] = mapped_column(String(60))
    office_days: Mapped[str | None] = mapped_column(String(7))
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    vetting: Mapped[Vetting] = mapped_column(by_value(Vetting), index=True)
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[ShortText] = mapped_column(default="")
    next_review_on: Mapped[date | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]

    account: Mapped[Account | None] = relationship()
    authority: Mapped[Authority] = relationship()
    post: Mapped[Post | None] = relationship()
    # Two who stand in for each other are written first and linked then.
    deputy: Mapped[Practitioner | None] = relationship(remote_side="Practitioner.id", post_update=True)
    networks: Mapped[list[Network]] = relationship(secondary=practitioner_network, order_by="Network.name")
    details: Mapped[list[ContactDetail]] = relationship(
        back_populates="practitioner", cascade="all, delete-orphan", order_by="ContactDetail.id"
    )
    liaison: Mapped[LiaisonPosting | None] = relationship(back_populates="practitioner", cascade="all, delete-orphan")

    @property
    def knows(self) -> tuple[Speciality, ...]:
        """The specialities as terms."""
        return tuple(Speciality(value) for value in self.specialities)


class ContactDetail(Base):
    """One way to reach a practitioner. functional: of the post, not of the person. bounced_at: mail came back."""

    __tablename__ = "contact_detail"

    id: Mapped[Key]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    kind: Mapped[DetailKind] = mapped_column(by_value(DetailKind))
    value: Mapped[str] = mapped_column(String(254), index=True)
    functional: Mapped[bool]
    visibility: Mapped[Visibility] = mapped_column(by_value(Visibility))
    bounced_at: Mapped[Instant | None]

    practitioner: Mapped[Practitioner] = relationship(back_populates="details")


class LiaisonPosting(Base):
    """Where a liaison magistrate or officer is posted (resolution 8/1, para 5). covers: alpha-2 codes."""

    __tablename__ = "liaison_posting"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    host_iso2: Mapped[str] = mapped_column(ForeignKey("state.iso2"), index=True)
    city: Mapped[ShortText]
    covers: Mapped[list[str]]
    since: Mapped[date]
    until: Mapped[date | None]

    practitioner: Mapped[Practitioner] = relationship(back_populates="liaison")
    host: Mapped[State] = relationship()


class NetworkCoordinator(Base):
    """A post that coordinates a network; its holder does, whoever that is. until: None while it lasts."""

    __tablename__ = "network_coordinator"

    id: Mapped[Key]
    network_code: Mapped[str] = mapped_column(ForeignKey("network.code"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    since: Mapped[Instant]
    until: Mapped[Instant | None]

    network: Mapped[Network] = relationship()
    post: Mapped[Post] = relationship()


class Notification(Base):
    """What a State notified. deposited_on: None where there is none on file. language: of the text, BCP 47.

    english: a courtesy translation; empty where the text is in English or nobody made one.
    """

    __tablename__ = "notification"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    state_iso2: Mapped[str] = mapped_column(ForeignKey("state.iso2"), index=True)
    provision: Mapped[NotifiedProvision] = mapped_column(by_value(NotifiedProvision), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    english: Mapped[str] = mapped_column(Text, default="")
    deposited_on: Mapped[date | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("notification.id"))
    status: Mapped[NotificationStatus] = mapped_column(by_value(NotificationStatus))
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]

    state: Mapped[State] = relationship()
    supersedes: Mapped[Notification | None] = relationship(remote_side="Notification.id")


class Arrangement(Base):
    """Cooperation in a border or metropolitan area (Annex II 1 (d)). area, about: in English. contact: a mailbox."""

    __tablename__ = "arrangement"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[ArrangementKind] = mapped_column(by_value(ArrangementKind))
    name: Mapped[ShortText]
    area: Mapped[ShortText]
    about: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[ShortText]
    contact: Mapped[str] = mapped_column(String(254))
    since: Mapped[date | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]

    states: Mapped[list[State]] = relationship(secondary=arrangement_state, order_by="State.iso2")
