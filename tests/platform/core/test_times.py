"""Times for people, in six languages and two zones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.i18n import LANGUAGES
from comity.core.times import both_clocks, both_zones, city, day

AFTERNOON = datetime(2025, 10, 14, 13, 0, tzinfo=UTC)
NIGHT = datetime(2025, 10, 14, 20, 0, tzinfo=UTC)
ZONES = st.sampled_from(["Europe/Vienna", "Asia/Bangkok", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "UTC"])


def test_the_reader_and_the_other_party_see_their_own_clock() -> None:
    assert both_zones(AFTERNOON, "en", "Europe/Vienna", "Asia/Bangkok") == (
        "Tue 14 Oct 2025, 15:00 Vienna (20:00 Bangkok)"
    )
    assert both_zones(AFTERNOON, "en", "Asia/Bangkok", "Europe/Vienna") == (
        "Tue 14 Oct 2025, 20:00 Bangkok (15:00 Vienna)"
    )


def test_the_other_day_is_named_where_it_differs() -> None:
    assert both_zones(NIGHT, "en", "Europe/Vienna", "Asia/Bangkok") == (
        "Tue 14 Oct 2025, 22:00 Vienna (Wed 15 Oct, 03:00 Bangkok)"
    )
    assert both_clocks(NIGHT, "en", "Europe/Vienna", "Asia/Bangkok") == "22:00 Vienna (Wed 15 Oct, 03:00 Bangkok)"


@pytest.mark.parametrize("theirs", [None, "Europe/Vienna"])
def test_one_clock_is_enough_where_there_is_one_place(theirs: str | None) -> None:
    assert both_zones(AFTERNOON, "en", "Europe/Vienna", theirs) == "Tue 14 Oct 2025, 15:00 Vienna"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("ar", "الثلاثاء، 14 أكتوبر 2025، 15:00 فيينا (20:00 بانكوك)"),
        ("zh", "2025年10月14日周二 15:00 维也纳 (20:00 曼谷)"),
        ("fr", "mar. 14 oct. 2025, 15:00 Vienne (20:00 Bangkok)"),
        ("ru", "вт, 14 окт. 2025\u202fг., 15:00 Вена (20:00 Бангкок)"),
        ("es", "mar, 14 oct 2025, 15:00 Viena (20:00 Bangkok)"),
    ],
)
def test_the_words_are_the_readers(locale: str, words: str) -> None:
    assert both_zones(AFTERNOON, locale, "Europe/Vienna", "Asia/Bangkok") == words


def test_cities_come_from_cldr() -> None:
    assert city("America/Argentina/Buenos_Aires", "es") == "Buenos Aires"
    assert city("Asia/Kolkata", "en") == "Kolkata"
    assert city("UTC", "ru") == "UTC"
    assert city("Africa/Nairobi", "fr-CA") == "Nairobi"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        both_zones(datetime(2025, 10, 14), "en", "UTC")  # noqa: DTZ001


def test_the_year_may_be_left_out() -> None:
    assert day(date(2025, 10, 14), "en", year=False) == "Tue 14 Oct"


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    locale=st.sampled_from(LANGUAGES),
    mine=ZONES,
    theirs=ZONES,
)
def test_every_moment_names_each_place_once_with_its_clock(
    moment: datetime, locale: str, mine: str, theirs: str
) -> None:
    text = both_zones(moment, locale, mine, theirs)
    for zone in {mine, theirs}:
        local = moment.astimezone(ZoneInfo(zone))
        assert text.count(city(zone, locale)) == 1
        assert f"{local.hour}:{local.minute:02d} {city(zone, locale)}" in text
    assert str(moment.astimezone(ZoneInfo(mine)).year) in text
