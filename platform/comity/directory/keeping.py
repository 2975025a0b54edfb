"""What the record's services share when they change it: the decision, and the line in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.directory import history
from comity.directory.access import may_edit_record
from comity.directory.snapshots import Entity, EntityKind, Thing, entity_of


def check_editor(actor: Actor) -> None:
    """Raises NotFound for whoever may not edit the record."""
    if not may_edit_record(actor):
        raise NotFound


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, as JSON values: `{field: {"old": ..., "new": ...}}`."""
    return {
        name: {"old": _plain(old.get(name)), "new": _plain(value)}
        for name, value in new.items()
        if _plain(old.get(name)) != _plain(value)
    }


def hold(session: Session, thing: Thing) -> None:
    """Let nobody else change a record until the commit, and see what it says now."""
    journal.lock(session, entity_of(thing).topic)
    session.refresh(thing)


def note(session: Session, thing: Thing, actor: Actor, now: datetime, kind: str, payload: Mapping[str, Any]) -> None:
    """Write down a change that somebody made: the version in the history, and one line in the record's topic."""
    history.record(session, thing, actor, now, history.ChangeSource.EDITED, kind=kind, told=payload)


def tell(session: Session, actor: Actor, now: datetime, topic: str, kind: str, payload: Mapping[str, Any]) -> None:
    """Write a line into a topic that is no record's, for whichever post the actor holds."""
    post = next((held.id for held in actor.posts), None)
    journal.append(session, topic, kind, dict(payload), now=now, account_id=actor.account_id, post_id=post)


def practitioner_topic(public_id: str) -> str:
    """The journal's topic of a practitioner: no personal value stands in it."""
    return Entity(EntityKind.PRACTITIONER, public_id).topic


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return sorted(value)
    return value
