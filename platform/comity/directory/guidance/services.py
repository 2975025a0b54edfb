"""What the pages read of guidance, and what the readiness check is fed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory.access import may_edit_guidance, may_view_directory
from comity.directory.guidance import rules
from comity.directory.guidance.models import GuidanceLink, GuidanceRequirement, GuidanceText
from comity.directory.guidance.rules import Asked, Requirement
from comity.directory.guidance.terms import Form, Kind
from comity.directory.models import Authority, State


@dataclass(frozen=True, slots=True)
class Guidance:
    """All that a State says of what it needs. texts: language to Markdown, in the order of the codes."""

    iso2: str
    requirements: tuple[Requirement, ...]
    texts: dict[str, str]
    links: tuple[GuidanceLink, ...]
    demonstration: bool

    @property
    def is_empty(self) -> bool:
        return not (self.requirements or self.texts or self.links)

    @property
    def languages(self) -> tuple[str, ...]:
        return rules.languages_of(self.requirements, self.texts)


def guidance(session: Session, actor: Actor, iso2: str) -> Guidance:
    """A State's guidance. iso2: alpha-2 code, in any case. Raises NotFound."""
    if not may_view_directory(actor) or (state := session.get(State, iso2.upper())) is None:
        raise NotFound
    code = state.iso2
    rows = session.scalars(select(GuidanceRequirement).where(GuidanceRequirement.state_iso2 == code)).all()
    texts = session.scalars(
        select(GuidanceText).where(GuidanceText.state_iso2 == code).order_by(GuidanceText.language)
    ).all()
    links = session.scalars(
        select(GuidanceLink).where(GuidanceLink.state_iso2 == code).order_by(GuidanceLink.position, GuidanceLink.id)
    ).all()
    return Guidance(
        iso2=code,
        requirements=rules.in_order(requirement(row) for row in rows),
        texts={row.language: row.body for row in texts},
        links=tuple(links),
        demonstration=any(
            [*(r.demonstration for r in rows), *(t.demonstration for t in texts), *(k.demonstration for k in links)]
        ),
    )


def requirements_for(
    session: Session, actor: Actor, iso2: str, kind: Kind, forms: Iterable[Form] = (), *, urgent: bool = False
) -> tuple[Asked, ...]:
    """What a State asks of such a request, in order and with reasons, for the readiness check. Raises NotFound."""
    stated = guidance(session, actor, iso2).requirements
    return rules.requirements_for(stated, kind, forms, urgent=urgent)


def may_edit(session: Session, actor: Actor, iso2: str) -> bool:
    """Whether the actor keeps this State's guidance: a focal point there, or the secretariat."""
    return may_edit_guidance(actor, session.scalars(select(Authority.id).where(Authority.state_iso2 == iso2.upper())))


def requirement(row: GuidanceRequirement) -> Requirement:
    """A row as the rules take it."""
    return Requirement(
        key=row.key,
        element=row.element,
        need=row.need,
        when=row.case,
        kinds=frozenset(Kind(value) for value in row.kinds),
        forms=frozenset(Form(value) for value in row.forms),
        law=row.law,
        original=row.original,
        texts=dict(row.texts),
        position=row.position,
    )
