"""What is kept of people's ways in and out: nominations with their steps, absences, new ways in for who lost all."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.models import Authority, by_value
from comity.directory.posts import Post
from comity.directory.vetting.machine import Case, Done, Office, Step
from comity.directory.vocabulary import PractitionerRole, Vetting
from comity.people.models import Account


class Nomination(Base):
    """A person on the way in. public_id: 128 random bits. email: addr-spec in lower case. locale: of the mails.

    post: None for a new one with post_title, made on activation. focal: it is or becomes a focal point.
    languages: ISO 639 codes. token_digest, link_expires_at: of the link that proves the address, good once.
    """

    __tablename__ = "nomination"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    post_title: Mapped[ShortText]
    focal: Mapped[bool] = mapped_column(default=False)
    name: Mapped[ShortText]
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(20))
    role: Mapped[PractitionerRole] = mapped_column(by_value(PractitionerRole))
    languages: Mapped[list[str]]
    stage: Mapped[Vetting] = mapped_column(by_value(Vetting), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    link_expires_at: Mapped[Instant]
    created_at: Mapped[Instant]

    authority: Mapped[Authority] = relationship()
    post: Mapped[Post | None] = relationship()
    steps: Mapped[list[NominationStep]] = relationship(back_populates="nomination", order_by="NominationStep.id")

    @property
    def topic(self) -> str:
        """The topic's name in the journal."""
        return f"nomination:{self.public_id}"

    def case(self) -> Case:
        """As the machine sees it."""
        return Case(self.stage, self.account_id, tuple(Done(s.step, s.office, s.account_id) for s in self.steps))


class NominationStep(Base):
    """A step that was taken. note: how it was made sure, or why it was declined. address: IP, of the person's proof."""

    __tablename__ = "nomination_step"

    id: Mapped[Key]
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    step: Mapped[Step] = mapped_column(by_value(Step))
    office: Mapped[Office] = mapped_column(by_value(Office))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Instant]
    address: Mapped[str] = mapped_column(String(45), default="")
    note: Mapped[ShortText] = mapped_column(default="")

    nomination: Mapped[Nomination] = relationship(back_populates="steps")
    account: Mapped[Account | None] = relationship()


class Absence(Base):
    """A time in which the holder of one post stands in for another of the same authority. until: it ends by itself."""

    __tablename__ = "absence"

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    deputy_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    since: Mapped[Instant]
    until: Mapped[Instant]

    post: Mapped[Post] = relationship(foreign_keys=post_id)
    deputy: Mapped[Post] = relationship(foreign_keys=deputy_post_id)


class Spoke(StrEnum):
    """How somebody made sure that it is the person who asks."""

    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class Recovery(Base):
    """Somebody lost every way in and asks for a new one: vouched for by one office, approved by another.

    token_digest: of the link, from the approval on. failures: wrong codes. ended_at: used, declined or given up.
    """

    __tablename__ = "recovery"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    vouched_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    vouched_at: Mapped[Instant | None]
    spoke: Mapped[Spoke | None] = mapped_column(by_value(Spoke))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[Instant | None]
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[Instant | None]

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    vouched_by: Mapped[Account | None] = relationship(foreign_keys=vouched_by_id)
