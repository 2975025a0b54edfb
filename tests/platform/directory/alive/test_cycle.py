"""The confirmation cycle as a table, and what always holds of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.alive.cycle import AFTER_ASKING, GREY_AFTER, Step, is_due, is_stale, next_step, review_after

NOW = datetime(2026, 11, 23, 5, 11, tzinfo=UTC)
TODAY = NOW.date()


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("review", "asked", "reminded", "step"),
    [
        (TODAY + timedelta(days=1), None, 0, Step.NOTHING),
        (TODAY, None, 0, Step.ASK),
        (None, None, 0, Step.ASK),
        (TODAY, NOW, 0, Step.NOTHING),
        (TODAY, ago(13), 0, Step.NOTHING),
        (TODAY, ago(14), 0, Step.REMIND),
        (TODAY, ago(27), 1, Step.NOTHING),
        (TODAY, ago(28), 1, Step.REMIND),
        (TODAY, ago(41), 2, Step.NOTHING),
        (TODAY, ago(42), 2, Step.COORDINATOR),
        (TODAY, ago(55), 3, Step.NOTHING),
        (TODAY, ago(56), 3, Step.SECRETARIAT),
        (TODAY, ago(200), 4, Step.NOTHING),
        (TODAY, ago(200), 0, Step.REMIND),
        (TODAY + timedelta(days=1), ago(56), 3, Step.NOTHING),
    ],
)
def test_the_table(review: date | None, asked: datetime | None, reminded: int, step: Step) -> None:
    assert next_step(date(2025, 11, 23), review, asked, reminded, NOW) is step


def test_a_confirmation_since_the_question_begins_a_new_round() -> None:
    assert next_step(ago(5).date(), TODAY, ago(60), 4, NOW) is Step.ASK
    assert next_step(None, TODAY, ago(60), 4, NOW) is Step.NOTHING


@given(st.integers(0, 200), st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_day_by_day_each_step_is_taken_once_and_in_order(overdue: int, pauses: list[int]) -> None:
    """However seldom the run comes round: ask, remind twice, coordinator, secretariat, then silence."""
    review, asked, reminded, now, taken = TODAY - timedelta(days=overdue), None, 0, NOW, []
    for pause in [*pauses, *[30] * 8]:
        step = next_step(None, review, asked, reminded, now)
        if step is Step.ASK:
            asked = now
        elif step is not Step.NOTHING:
            reminded += 1
        if step is not Step.NOTHING:
            taken.append(step)
        now += timedelta(days=pause)
    assert taken == [Step.ASK, Step.REMIND, Step.REMIND, Step.COORDINATOR, Step.SECRETARIAT]


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_the_next_review_lies_so_many_months_ahead(confirmed: date, months: int) -> None:
    found = review_after(confirmed, months)
    assert (found.year - confirmed.year) * 12 + found.month - confirmed.month == months
    assert found.day <= confirmed.day
    assert found.day == confirmed.day or (found + timedelta(days=1)).day == 1


def test_a_year_after_the_29th_of_february_is_the_28th() -> None:
    assert review_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert review_after(date(2026, 5, 31), -6) == date(2025, 11, 30)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_what_is_greyed_out_is_due_and_every_step_was_possible_before(review: date) -> None:
    if is_stale(review, NOW):
        assert is_due(review, NOW)
        assert AFTER_ASKING[-1][0] < GREY_AFTER
    assert is_stale(review, NOW) == (review <= TODAY - GREY_AFTER)
