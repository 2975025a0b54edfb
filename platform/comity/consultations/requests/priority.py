"""The order of requests: by urgency, gravity and form of assistance (resolution 8/1, para 9). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from comity.consultations.requests.terms import Form, Gravity, Urgency

_SOON = 7
_FLEETING = frozenset({Form.PRESERVATION, Form.TRAFFIC_DATA, Form.SEARCH_SEIZURE_FREEZING, Form.TRACING})
_GRAVE = frozenset({Gravity.ORGANIZED_GROUP, Gravity.CONVENTION_OFFENCE, Gravity.PROTOCOL_OFFENCE})


class Level(IntEnum):
    """What comes first; 1 before 2."""

    NOW = 1
    FIRST = 2
    SOON = 3
    IN_TURN = 4


@dataclass(frozen=True, slots=True)
class Priority:
    """A level with the terms that led to it, for the page to name."""

    level: Level
    reasons: tuple[StrEnum, ...]
    deadline: date | None = None


def priority(urgency: Urgency, gravity: Gravity, forms: Iterable[Form], deadline: date | None, today: date) -> Priority:
    """The priority of a request, with its reasons.

    forms: of assistance; evidence that may be gone tomorrow weighs. deadline: as the requesting side gave it (18(24));
    within a week, or past, it raises the level by one.
    """
    level = {
        Urgency.EMERGENCY: Level.NOW,
        Urgency.URGENT: Level.FIRST,
        Urgency.PRIORITY: Level.SOON,
        Urgency.ROUTINE: Level.IN_TURN,
    }[urgency]
    reasons: list[StrEnum] = [urgency]
    fleeting = [form for form in forms if form in _FLEETING]
    near = deadline is not None and (deadline - today).days <= _SOON
    raised = int(near) + int(gravity in _GRAVE and bool(fleeting))
    if gravity is not Gravity.OTHER:
        reasons.append(gravity)
    reasons += fleeting
    return Priority(Level(max(Level.NOW, level - raised)), tuple(reasons), deadline if near else None)
