"""Keeping a State's guidance: its focal points and the secretariat, each change in the journal."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.guidance import checking
from comity.directory.guidance.checking import Typed, TypedLink
from comity.directory.guidance.models import GuidanceLink, GuidanceRequirement, GuidanceText
from comity.directory.guidance.rules import Requirement
from comity.directory.guidance.services import may_edit, requirement
from comity.directory.guidance.terms import LinkKind
from comity.directory.models import State

MOST_REQUIREMENTS, MOST_LINKS = 200, 60
_KEY_BYTES = 4


def topic(iso2: str) -> str:
    """The journal's topic of a State's guidance."""
    return f"guidance:{iso2}"


def editable(session: Session, actor: Actor, iso2: str) -> str:
    """The State's code, for whoever keeps its guidance. Raises NotFound."""
    found = session.get(State, iso2.upper())
    if found is None or not may_edit(session, actor, found.iso2):
        raise NotFound
    return found.iso2


def kept(session: Session, actor: Actor, iso2: str, key: str) -> Requirement:
    """A requirement for whoever may change it. Raises NotFound."""
    return requirement(_row(session, editable(session, actor, iso2), key))


def official_language(session: Session, iso2: str) -> str:
    """The first official language of a State, in which its requirements are likely to be written."""
    return next(iter(session.get_one(State, iso2).languages), "en")


def add(session: Session, actor: Actor, now: datetime, iso2: str, typed: Typed) -> Requirement:
    """State a further requirement, at the end of its element. Raises NotFound, Invalid."""
    code = _locked(session, actor, iso2)
    _check_room(session, GuidanceRequirement, code, MOST_REQUIREMENTS, "element")
    new = checking.requirement(typed, secrets.token_hex(_KEY_BYTES), 0)
    row = GuidanceRequirement(state_iso2=code, key=new.key, position=_end(session, code, new), updated_at=now)
    _write(row, new)
    session.add(row)
    _note(session, actor, now, code, "added", {"key": row.key, "changes": keeping.differences({}, _values(row))})
    return requirement(row)


def save(session: Session, actor: Actor, now: datetime, iso2: str, key: str, typed: Typed) -> Requirement:
    """Change a requirement; one that moves to another element stands at its end. Raises NotFound, Invalid."""
    code = _locked(session, actor, iso2)
    row = _row(session, code, key)
    new, before = checking.requirement(typed, key, row.position), _values(row)
    if new.element is not row.element:
        row.position = _end(session, code, new)
    _write(row, new)
    changes = keeping.differences(before, _values(row))
    if changes:
        row.updated_at, row.demonstration = now, False
        _note(session, actor, now, code, "changed", {"key": key, "changes": changes})
    return requirement(row)


def remove(session: Session, actor: Actor, now: datetime, iso2: str, key: str) -> None:
    """Take a requirement away. Raises NotFound."""
    code = _locked(session, actor, iso2)
    row = _row(session, code, key)
    changes = keeping.differences(_values(row), dict.fromkeys(_values(row)))
    session.delete(row)
    _note(session, actor, now, code, "removed", {"key": key, "changes": changes})


def move(session: Session, actor: Actor, now: datetime, iso2: str, key: str, *, up: bool) -> None:
    """Let a requirement change places with its neighbour under the same element; at the end nothing happens.

    Raises NotFound.
    """
    code = _locked(session, actor, iso2)
    row = _row(session, code, key)
    query = select(GuidanceRequirement).where(
        GuidanceRequirement.state_iso2 == code, GuidanceRequirement.element == row.element
    )
    rows = sorted(session.scalars(query), key=lambda one: (one.position, one.key))
    at = rows.index(row)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for position, one in enumerate(rows, start=1):
        one.position = position
    _note(session, actor, now, code, "moved", {"element": row.element.value, "order": [one.key for one in rows]})


def save_text(session: Session, actor: Actor, now: datetime, iso2: str, language: str, body: str) -> None:
    """Write the text in a language; an empty one takes it away. Raises NotFound, Invalid."""
    code = _locked(session, actor, iso2)
    tag, words = checks.language_tag(language, "language"), checks.body(body, "body", needed=False)
    query = select(GuidanceText).where(GuidanceText.state_iso2 == code, GuidanceText.language == tag)
    row = session.scalars(query).one_or_none()
    old = row.body if row else ""
    if old == words:
        return
    if not words:
        session.delete(row)
    elif row is None:
        session.add(GuidanceText(state_iso2=code, language=tag, body=words, updated_at=now))
    else:
        row.body, row.updated_at, row.demonstration = words, now, False
    _note(
        session,
        actor,
        now,
        code,
        "text",
        {"language": tag, "changes": keeping.differences({"body": old}, {"body": words})},
    )


def add_link(session: Session, actor: Actor, now: datetime, iso2: str, typed: TypedLink) -> None:
    """Add a link at the end. Raises NotFound, Invalid."""
    code = _locked(session, actor, iso2)
    count = _check_room(session, GuidanceLink, code, MOST_LINKS, "url")
    new = checking.link(typed)
    session.add(
        GuidanceLink(
            state_iso2=code, kind=LinkKind(new.kind), title=new.title, language=new.language, url=new.url,
            position=count + 1, updated_at=now,
        )
    )  # fmt: skip
    _note(session, actor, now, code, "link.added", {"title": new.title, "url": new.url})


def remove_link(session: Session, actor: Actor, now: datetime, iso2: str, link_id: int) -> None:
    """Take a link away. Raises NotFound."""
    code = _locked(session, actor, iso2)
    row = session.get(GuidanceLink, link_id)
    if row is None or row.state_iso2 != code:
        raise NotFound
    session.delete(row)
    _note(session, actor, now, code, "link.removed", {"title": row.title, "url": row.url})


def _locked(session: Session, actor: Actor, iso2: str) -> str:
    code = editable(session, actor, iso2)
    journal.lock(session, topic(code))
    return code


def _row(session: Session, code: str, key: str) -> GuidanceRequirement:
    query = select(GuidanceRequirement).where(GuidanceRequirement.state_iso2 == code, GuidanceRequirement.key == key)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def _check_room(session: Session, table: type[Any], code: str, most: int, field: str) -> int:
    count = session.scalar(select(func.count()).where(table.state_iso2 == code)) or 0
    if count >= most:
        raise Invalid(N_("There are %(most)s already."), field=field, most=most)
    return count


def _end(session: Session, code: str, new: Requirement) -> int:
    query = select(func.max(GuidanceRequirement.position)).where(
        GuidanceRequirement.state_iso2 == code, GuidanceRequirement.element == new.element
    )
    return (session.scalar(query) or 0) + 1


def _write(row: GuidanceRequirement, new: Requirement) -> None:
    row.element, row.need, row.case, row.law = new.element, new.need, new.when, new.law
    row.kinds, row.forms = sorted(new.kinds), sorted(new.forms)
    row.original, row.texts = new.original, dict(new.texts)


def _values(row: GuidanceRequirement) -> dict[str, object]:
    names = ("element", "need", "case", "kinds", "forms", "law", "original", "texts")
    return {name: getattr(row, name) for name in names}


def _note(session: Session, actor: Actor, now: datetime, code: str, kind: str, payload: dict[str, Any]) -> None:
    keeping.tell(session, actor, now, topic(code), f"guidance.{kind}", payload)
