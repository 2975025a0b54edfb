"""The tables of guidance."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.guidance.terms import Element, LinkKind, Need, When
from comity.directory.models import by_value


class GuidanceRequirement(Base):
    """Something that a State asks of a request.

    key: stable within the State, for the readiness check. kinds, forms: values of `Kind` and `Form`; none means all.
    law: article or law it stands on, as the State cites it. original: language of the text that counts. texts:
    language (BCP 47) to text. position: within its element, from 1. demonstration: invented.
    """

    __tablename__ = "guidance_requirement"
    __table_args__ = (UniqueConstraint("state_iso2", "key"),)

    id: Mapped[Key]
    state_iso2: Mapped[str] = mapped_column(ForeignKey("state.iso2"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    element: Mapped[Element] = mapped_column(by_value(Element))
    need: Mapped[Need] = mapped_column(by_value(Need))
    case: Mapped[When] = mapped_column(by_value(When))
    kinds: Mapped[list[str]]
    forms: Mapped[list[str]]
    law: Mapped[ShortText]
    original: Mapped[str] = mapped_column(String(20))
    texts: Mapped[dict[str, str]]
    position: Mapped[int]
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]


class GuidanceText(Base):
    """A State's guidance as a text in one language. body: Markdown."""

    __tablename__ = "guidance_text"
    __table_args__ = (UniqueConstraint("state_iso2", "language"),)

    id: Mapped[Key]
    state_iso2: Mapped[str] = mapped_column(ForeignKey("state.iso2"), index=True)
    language: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]


class GuidanceLink(Base):
    """A law, a guide or a model request elsewhere. language: of what it leads to and of the title, BCP 47."""

    __tablename__ = "guidance_link"

    id: Mapped[Key]
    state_iso2: Mapped[str] = mapped_column(ForeignKey("state.iso2"), index=True)
    kind: Mapped[LinkKind] = mapped_column(by_value(LinkKind))
    title: Mapped[ShortText]
    language: Mapped[str] = mapped_column(String(20))
    url: Mapped[ShortText]
    position: Mapped[int]
    demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[Instant]
