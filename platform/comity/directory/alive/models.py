"""Proposals to change a record, requests to confirm one, and reports that one is outdated."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.models import Authority, by_value
from comity.directory.posts import Post
from comity.directory.snapshots import EntityKind
from comity.people.models import Account


class ProposalStatus(StrEnum):
    """How far a proposal has come."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ChangeProposal(Base):
    """What somebody proposes to change of an authority's record.

    based_on: number of the version that they saw. before: what the changed fields said in it. after: what they are to
    say. own: by the authority's focal point. note: why, and from what source. reason: of the decision.
    """

    __tablename__ = "change_proposal"

    id: Mapped[Key]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    based_on: Mapped[int]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    own: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    by: Mapped[ShortText]
    status: Mapped[ProposalStatus] = mapped_column(by_value(ProposalStatus), index=True)
    created_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[ShortText] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    authority: Mapped[Authority] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    post: Mapped[Post | None] = relationship()


class ConfirmationRequest(Base):
    """That a record's focal point is asked whether it is still right. It goes when the record is confirmed.

    ref: as in `Entity`. sent: how many steps of the cycle were taken. last_sent_at: when the last one was.
    """

    __tablename__ = "confirmation_request"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    id: Mapped[Key]
    kind: Mapped[EntityKind] = mapped_column(by_value(EntityKind))
    ref: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[Instant]
    sent: Mapped[int]
    last_sent_at: Mapped[Instant]


class OutdatedReport(Base):
    """That somebody found a record outdated. authority_id: whose focal point it goes to. words: what is wrong."""

    __tablename__ = "outdated_report"

    id: Mapped[Key]
    kind: Mapped[EntityKind] = mapped_column(by_value(EntityKind))
    ref: Mapped[str] = mapped_column(String(60), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by: Mapped[ShortText]
    created_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    answered_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

    authority: Mapped[Authority] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
