from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.closures import holiday, is_calendar, upcoming
from comity.directory.entries import load_entries
from comity.directory.hours import OfficeHours

WEEK = frozenset({1, 2, 3, 4, 5})


def office(zone: str, calendar: str | None = None, closed_on: frozenset[date] = frozenset()) -> OfficeHours:
    return OfficeHours(zone, WEEK, time(9), time(17), calendar, closed_on)


def there(zone: str, year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "calendar", "now", "opens"),
    [
        ("Asia/Tokyo", "JP", (2026, 11, 23), (2026, 11, 24)),
        ("Europe/Vienna", "AT", (2026, 12, 8), (2026, 12, 9)),
        ("Europe/Berlin", "DE-BE", (2027, 3, 8), (2027, 3, 9)),
        ("America/New_York", "US-DC", (2026, 11, 26), (2026, 11, 27)),
        ("Asia/Amman", "JO", (2026, 12, 25), (2026, 12, 28)),
    ],
)
def test_an_office_is_closed_on_its_public_holidays_and_opens_after_them(
    zone: str, calendar: str, now: tuple[int, int, int], opens: tuple[int, int, int]
) -> None:
    found = office(zone, calendar).at(there(zone, *now))
    assert not found.is_open
    assert found.closed_for is not None
    assert found.closed_for.name
    assert found.changes_at == there(zone, *opens, 9)
    assert office(zone).at(there(zone, *now)).is_open


def test_a_long_holiday_is_waited_for() -> None:
    """The Spring Festival and the National Day in China take a week each."""
    found = office("Asia/Shanghai", "CN").at(there("Asia/Shanghai", 2025, 9, 30, 18))
    assert found.closed_for is None
    assert found.changes_at == there("Asia/Shanghai", 2025, 10, 9, 9)


def test_a_part_of_a_state_has_its_own_days() -> None:
    womens_day = date(2027, 3, 8)
    assert holiday("DE-BE", womens_day) is not None
    assert holiday("DE", womens_day) is None


def test_an_office_closes_on_days_of_its_own() -> None:
    closed = frozenset({date(2026, 12, 24), date(2026, 12, 31)})
    found = office("Europe/Vienna", "AT", closed).at(there("Europe/Vienna", 2026, 12, 24))
    assert not found.is_open
    assert found.closed_for is not None
    assert found.closed_for.name == ""
    assert found.changes_at == there("Europe/Vienna", 2026, 12, 28, 9)  # then Christmas, St Stephen's and a Sunday


def test_a_holiday_on_a_free_day_is_not_told() -> None:
    saturday = there("Europe/Vienna", 2026, 12, 26)
    assert office("Europe/Vienna", "AT").at(saturday).closed_for is None


def test_an_office_that_is_closed_all_year_still_names_an_opening() -> None:
    always = frozenset(date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(800))
    found = office("UTC", None, always).at(there("UTC", 2026, 3, 2))
    assert not found.is_open
    assert found.changes_at == there("UTC", 2026, 3, 3, 9)


@pytest.mark.parametrize(
    ("language", "name", "tag"), [("en", "Independence Day", "en-US"), ("es", "Día de la Independencia", "es")]
)
def test_names_are_in_the_reader_s_language_where_there_are_any(language: str, name: str, tag: str) -> None:
    found = holiday("AR", date(2026, 7, 9), language)
    assert found is not None
    assert (found.name, found.language) == (name, tag)


def test_other_readers_get_english() -> None:
    found = holiday("TH", date(2026, 4, 13), "ar")
    assert found is not None
    assert "Songkran" in found.name


def test_the_next_days_are_in_order_within_a_year() -> None:
    found = upcoming("AT", date(2026, 12, 25), most=3)
    assert [one.on for one in found] == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]
    assert len(upcoming("AT", date(2026, 12, 25), most=100)) < 20


def test_an_unknown_calendar() -> None:
    assert not is_calendar("XX")
    assert not is_calendar("AT-99")
    with pytest.raises(ValueError, match="XX"):
        holiday("XX", date(2026, 1, 1))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(ZoneInfo("UTC")))  # noqa: DTZ001
calendars = st.sampled_from(["AT", "CN", "JP", "TH", "JO", "DE-BE", "US-DC", "UA"])


@given(moments, calendars, st.frozensets(st.dates(date(2024, 1, 1), date(2030, 12, 31)), max_size=20))
def test_the_change_is_one_and_lies_ahead(now: datetime, calendar: str, closed: frozenset[date]) -> None:
    hours = office("Asia/Bangkok", calendar, closed)
    found = hours.at(now)
    assert found.changes_at > now
    assert hours.at(found.changes_at).is_open is not found.is_open
    assert found.closed_for is None or not found.is_open


def test_every_authority_of_the_demonstration_keeps_holidays() -> None:
    assert all(entry.hours.calendar and is_calendar(entry.hours.calendar) for entry in load_entries())
