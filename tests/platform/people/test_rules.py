"""Rules of invitations and sessions: tables, and properties over whole lives of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.people.rules import (
    IDLE,
    INVITATION_LASTS,
    LONGEST,
    OVERLAP,
    ROTATE_AFTER,
    InvitationState,
    Step,
    invitation_state,
    next_step,
    session_end,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATEST = datetime(9000, 1, 1)  # noqa: DTZ001
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("age", "used", "expected"),
    [
        (timedelta(0), False, InvitationState.OPEN),
        (INVITATION_LASTS - MINUTE, False, InvitationState.OPEN),
        (INVITATION_LASTS, False, InvitationState.EXPIRED),
        (HOUR, True, InvitationState.USED),
        (INVITATION_LASTS + HOUR, True, InvitationState.USED),
    ],
)
def test_an_invitation_is_good_once_and_for_a_week(age: timedelta, used: bool, expected: InvitationState) -> None:
    made = NOW - age
    assert invitation_state(made + INVITATION_LASTS, made if used else None, NOW) is expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), IDLE), (LONGEST - IDLE, IDLE), (LONGEST - HOUR, HOUR), (LONGEST, timedelta(0))],
)
def test_a_session_ends_when_idle_and_never_outlasts_the_longest(age: timedelta, expected: timedelta) -> None:
    assert session_end(NOW - age, NOW) == NOW + expected


@pytest.mark.parametrize(
    ("with_previous", "has_previous", "since_rotation", "since_extension", "expected"),
    [
        (False, False, MINUTE, MINUTE, Step.NOTHING),
        (False, False, HOUR, 16 * MINUTE, Step.EXTEND),
        (False, False, ROTATE_AFTER, MINUTE, Step.ROTATE),
        (False, True, MINUTE / 2, MINUTE / 2, Step.NOTHING),
        (False, True, OVERLAP, MINUTE, Step.SETTLE),
        (False, True, ROTATE_AFTER, MINUTE, Step.ROTATE),
        (True, True, MINUTE / 2, MINUTE / 2, Step.NOTHING),
        (True, True, OVERLAP, MINUTE, Step.ROTATE),
        (True, True, HOUR, 20 * MINUTE, Step.ROTATE),
    ],
)
def test_what_a_request_asks_of_its_session(
    with_previous: bool, has_previous: bool, since_rotation: timedelta, since_extension: timedelta, expected: Step
) -> None:
    created_at = NOW - 2 * ROTATE_AFTER
    step = next_step(
        with_previous=with_previous,
        has_previous=has_previous,
        created_at=created_at,
        rotated_at=NOW - since_rotation,
        expires_at=session_end(created_at, NOW - since_extension),
        now=NOW,
    )
    assert step is expected


@given(st.datetimes(timezones=st.just(UTC), max_value=LATEST), st.timedeltas(timedelta(0), LONGEST))
def test_the_end_is_never_behind_nor_beyond(created_at: datetime, age: timedelta) -> None:
    now = created_at + age
    assert now <= session_end(created_at, now) <= min(now + IDLE, created_at + LONGEST)
