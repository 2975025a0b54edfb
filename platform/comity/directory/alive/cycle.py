"""The confirmation cycle: when a focal point is asked, reminded, and who hears of it when nobody answers. Pure.

| days after the question | step |
| --- | --- |
| on the day of the review | ask the focal point |
| 14, 28 | remind |
| 42 | tell the coordinators of the State's networks |
| 56 | tell the secretariat |
| 70 after the day of the review | the record is greyed out, whatever was sent |
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    """What is due for a record."""

    NOTHING = "nothing"
    ASK = "ask"
    REMIND = "remind"
    COORDINATOR = "coordinator"
    SECRETARIAT = "secretariat"


AFTER_ASKING: tuple[tuple[timedelta, Step], ...] = (
    (timedelta(days=14), Step.REMIND),
    (timedelta(days=28), Step.REMIND),
    (timedelta(days=42), Step.COORDINATOR),
    (timedelta(days=56), Step.SECRETARIAT),
)
"""The steps behind the question, each so long after it."""

GREY_AFTER = timedelta(days=70)


def next_step(
    confirmed_on: date | None, next_review_on: date | None, asked_at: datetime | None, reminded: int, now: datetime
) -> Step:
    """What is due for a record now; at most one step at a time.

    confirmed_on: a day in UTC; a confirmation since the question ends the cycle. next_review_on: None for a record that
    nobody has confirmed yet: it is due. asked_at: None where nobody was asked. reminded: how many of `AFTER_ASKING`
    were taken. now: aware.
    """
    if not is_due(next_review_on, now):
        return Step.NOTHING
    if asked_at is None or (confirmed_on is not None and confirmed_on > asked_at.date()):
        return Step.ASK
    if reminded >= len(AFTER_ASKING):
        return Step.NOTHING
    after, step = AFTER_ASKING[reminded]
    return step if now - asked_at >= after else Step.NOTHING


def is_due(next_review_on: date | None, now: datetime) -> bool:
    """Whether a record is to be confirmed."""
    return next_review_on is None or next_review_on <= now.date()


def is_stale(next_review_on: date | None, now: datetime) -> bool:
    """Whether a record was left without an answer for so long that it is greyed out.

    It depends on the day of the review alone, so that no mail that was not sent keeps a record looking fresh.
    """
    return next_review_on is not None and now.date() - next_review_on >= GREY_AFTER


def review_after(confirmed_on: date, months: int) -> date:
    """The day on which a record is to be confirmed again: the same day of the month, or the month's last."""
    month = confirmed_on.month - 1 + months
    year, month = confirmed_on.year + month // 12, month % 12 + 1
    return date(year, month, min(confirmed_on.day, calendar.monthrange(year, month)[1]))
