"""What comes first, and why."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.consultations.requests.priority import Level, priority
from comity.consultations.requests.terms import Form, Gravity, Urgency

TODAY = date(2026, 11, 23)
SOON = TODAY + timedelta(days=3)
LATER = TODAY + timedelta(days=60)


@pytest.mark.parametrize(
    ("urgency", "gravity", "forms", "deadline", "level", "reasons"),
    [
        (Urgency.EMERGENCY, Gravity.OTHER, (Form.SERVICE,), None, Level.NOW, (Urgency.EMERGENCY,)),
        (Urgency.ROUTINE, Gravity.OTHER, (Form.SERVICE,), LATER, Level.IN_TURN, (Urgency.ROUTINE,)),
        (Urgency.ROUTINE, Gravity.OTHER, (Form.SERVICE,), SOON, Level.SOON, (Urgency.ROUTINE,)),
        (
            Urgency.URGENT,
            Gravity.ORGANIZED_GROUP,
            (Form.PRESERVATION,),
            None,
            Level.NOW,
            (Urgency.URGENT, Gravity.ORGANIZED_GROUP, Form.PRESERVATION),
        ),
        (
            Urgency.PRIORITY,
            Gravity.SERIOUS_CRIME,
            (Form.EVIDENCE,),
            None,
            Level.SOON,
            (Urgency.PRIORITY, Gravity.SERIOUS_CRIME),
        ),
    ],
)
def test_priority(
    urgency: Urgency,
    gravity: Gravity,
    forms: tuple[Form, ...],
    deadline: date | None,
    level: Level,
    reasons: tuple[StrEnum, ...],
) -> None:
    found = priority(urgency, gravity, forms, deadline, TODAY)
    assert (found.level, found.reasons) == (level, reasons)


@given(
    st.sampled_from(Urgency),
    st.sampled_from(Gravity),
    st.sets(st.sampled_from(Form)),
    st.integers(-30, 90).map(lambda days: TODAY + timedelta(days=days)),
)
def test_a_nearer_deadline_never_comes_later(
    urgency: Urgency, gravity: Gravity, forms: set[Form], deadline: date
) -> None:
    sooner = priority(urgency, gravity, forms, deadline, TODAY)
    assert sooner.level <= priority(urgency, gravity, forms, deadline + timedelta(days=30), TODAY).level
    assert sooner.level <= priority(urgency, gravity, forms, None, TODAY).level
