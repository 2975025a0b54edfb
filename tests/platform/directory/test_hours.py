from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.hours import OfficeHours, weekday_runs

VIENNA = OfficeHours("Europe/Vienna", frozenset({1, 2, 3, 4, 5}), time(8), time(16))
AMMAN = OfficeHours("Asia/Amman", frozenset({7, 1, 2, 3, 4}), time(8, 30), time(15, 30))


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "is_open", "changes"),
    [
        (VIENNA, utc(23, 6, 59), False, utc(23, 7)),
        (VIENNA, utc(23, 7), True, utc(23, 15)),
        (VIENNA, utc(23, 14, 59), True, utc(23, 15)),
        (VIENNA, utc(23, 15), False, utc(24, 7)),
        (VIENNA, utc(27, 18), False, utc(30, 7)),
        (VIENNA, utc(28, 10), False, utc(30, 7)),
        (AMMAN, utc(27, 10), False, utc(29, 5, 30)),
        (AMMAN, utc(29, 10), True, utc(29, 12, 30)),
    ],
)
def test_open_and_until_when(hours: OfficeHours, now: datetime, is_open: bool, changes: datetime) -> None:
    found = hours.at(now)
    assert found.is_open is is_open
    assert found.changes_at == changes
    assert found.local_time == now


def test_summer_time_moves_the_opening() -> None:
    assert VIENNA.at(utc(23, 18, month=10)).changes_at == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert VIENNA.at(utc(22, 18, month=10)).changes_at == datetime(2026, 10, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "opens", "closes"),
    [(frozenset[int](), time(8), time(16)), (frozenset({0}), time(8), time(16)), (frozenset({1}), time(16), time(8))],
)
def test_hours_that_are_none(days: frozenset[int], opens: time, closes: time) -> None:
    with pytest.raises(ValueError, match="office"):
        OfficeHours("UTC", days, opens, closes)


days_of_week = st.frozensets(st.integers(1, 7), min_size=1)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(
    ["Europe/Vienna", "Asia/Bangkok", "America/Santiago", "Pacific/Kiritimati", "Africa/Casablanca"]
)


@given(days_of_week, moments, zones)
def test_the_change_lies_ahead_within_eight_days_and_is_one(days: frozenset[int], now: datetime, zone: str) -> None:
    hours = OfficeHours(zone, days, time(9), time(17))
    found = hours.at(now)
    assert now < found.changes_at <= now + timedelta(days=8)
    assert found.local_time.utcoffset() == now.astimezone(ZoneInfo(zone)).utcoffset()
    assert hours.at(found.changes_at.astimezone(UTC)).is_open is not found.is_open


@pytest.mark.parametrize(
    ("days", "runs"),
    [
        ({1, 2, 3, 4, 5}, [(1, 5)]),
        ({7, 1, 2, 3, 4}, [(7, 4)]),
        ({1, 3, 5}, [(1, 1), (3, 3), (5, 5)]),
        ({1, 2, 3, 4, 5, 6, 7}, [(1, 7)]),
        ({6}, [(6, 6)]),
    ],
)
def test_runs_of_weekdays(days: set[int], runs: list[tuple[int, int]]) -> None:
    assert weekday_runs(frozenset(days)) == runs


@given(days_of_week)
def test_runs_hold_exactly_the_days(days: frozenset[int]) -> None:
    held = {(first - 1 + step) % 7 + 1 for first, last in weekday_runs(days) for step in range((last - first) % 7 + 1)}
    assert held == days
