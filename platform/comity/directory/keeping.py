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
from comity.directory.access import may_edit_record


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


def note(session: Session, actor: Actor, now: datetime, topic: str, kind: str, payload: dict[str, Any]) -> None:
    """Write a change of the record into its topic, for whichever post the actor holds."""
    post = actor.posts[0].id if actor.posts else None
    journal.append(session, topic, kind, payload, now=now, account_id=actor.account_id, post_id=post)


def state_topic(iso2: str) -> str:
    """The journal's topic of a State: its names, notifications and arrangements."""
    return f"state:{iso2}"


def network_topic(code: str) -> str:
    """The journal's topic of a network."""
    return f"network:{code}"


def arrangement_topic(code: str) -> str:
    """The journal's topic of a cross-border arrangement."""
    return f"arrangement:{code}"


def practitioner_topic(public_id: str) -> str:
    """The journal's topic of a practitioner: no personal value stands in it."""
    return f"practitioner:{public_id}"


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return sorted(value)
    return value
