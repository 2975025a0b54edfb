from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Invalid
from comity.directory import checks
from comity.directory.vocabulary import Speciality

GOOD: list[tuple[Callable[[str, str], object], str, object]] = [
    (checks.telephone, "+43 1 53115", "+43 1 53115"),
    (checks.telephone, "+43(1)53115-0", "+43 1 531150"),
    (checks.telephone, " +41 44 668 18 00 ", "+41 44 668 18 00"),
    (checks.telephone, "+66 00 555 0108", "+66 00 555 0108"),
    (checks.email, " Anton.Muster@Justice.AT.example ", "anton.muster@justice.at.example"),
    (checks.web, "https://justice.at.example/mla", "https://justice.at.example/mla"),
    (checks.zone, "Asia/Bangkok", "Asia/Bangkok"),
    (checks.language, "th", "th"),
    (checks.language_tag, "sr-Latn", "sr-Latn"),
    (checks.language_tag, "pt-BR", "pt-BR"),
    (checks.holiday_calendar, "AT", "AT"),
    (checks.holiday_calendar, "DE-BE", "DE-BE"),
    (checks.day, "2026-11-23", date(2026, 11, 23)),
    (checks.line, "  one   two ", "one two"),
    (checks.body, "one\r\ntwo ", "one\ntwo"),
]
BAD: list[tuple[Callable[[str, str], object], str]] = [
    (checks.telephone, "01 53115"),
    (checks.telephone, "53115"),
    (checks.telephone, ""),
    (checks.telephone, "+999 12345678"),
    (checks.telephone, "+43 CALL NOW"),
    (checks.telephone, "+"),
    (checks.telephone, "+43"),
    (checks.telephone, "+43 1 " + "5" * 40),
    (checks.email, "anton.muster"),
    (checks.email, "a@b"),
    (checks.email, "a b@c.example"),
    (checks.email, "a@b.example\nBcc: c@d.example"),
    (checks.email, "x" * 250 + "@b.example"),
    (checks.web, "justice.at.example"),
    (checks.web, "javascript:alert(1)"),
    (checks.web, "https://"),
    (checks.web, "https://[half"),
    (checks.web, "https://name:word@justice.example/"),
    (checks.zone, "Europe/Atlantis"),
    (checks.zone, "../etc/passwd"),
    (checks.zone, ""),
    (checks.language, "xx"),
    (checks.language, "de_AT"),
    (checks.language_tag, "not a tag"),
    (checks.holiday_calendar, "XX"),
    (checks.holiday_calendar, "AT-99"),
    (checks.day, "2026-02-30"),
    (checks.day, "tomorrow"),
    (checks.line, "   "),
    (checks.line, "x" * 301),
    (checks.line, "bell\x07"),
    (checks.clock, "25:00"),
]


@pytest.mark.parametrize(("check", "typed", "kept"), GOOD)
def test_what_can_be_used_comes_back_in_its_kept_form(
    check: Callable[[str, str], object], typed: str, kept: object
) -> None:
    assert check(typed, "field") == kept


@pytest.mark.parametrize(("check", "typed"), BAD)
def test_what_cannot_be_used_is_refused_at_its_field(check: Callable[[str, str], object], typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(typed, "the field")
    assert refused.value.field == "the field"


@given(st.text(max_size=40))
def test_a_number_that_was_taken_is_taken_again_as_it_is(typed: str) -> None:
    try:
        kept = checks.telephone(typed, "telephone")
    except Invalid:
        return
    assert kept.startswith("+")
    assert checks.telephone(kept, "telephone") == kept


@pytest.mark.parametrize(
    ("zone", "days", "opens", "closes", "field"),
    [
        ("Europe/Vienna", "", "08:00", "16:00", "opens"),
        ("Europe/Vienna", "19", "08:00", "16:00", "opens"),
        ("Europe/Vienna", "12", "16:00", "08:00", "opens"),
        ("Europe/Vienna", "12", "8 o'clock", "16:00", "opens"),
        ("Europe/Atlantis", "12", "08:00", "16:00", "zone"),
    ],
)
def test_hours_that_are_none(zone: str, days: str, opens: str, closes: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checks.office_hours(zone, days, opens, closes, "opens")
    assert refused.value.field == field


def test_hours_that_are_some() -> None:
    hours = checks.office_hours("Asia/Bangkok", "135", "08:30", "16:30", "opens")
    assert (hours.zone, hours.days) == ("Asia/Bangkok", frozenset({1, 3, 5}))


def test_an_end_does_not_lie_before_the_beginning() -> None:
    checks.period(date(2026, 1, 1), None, "until")
    checks.period(date(2026, 1, 1), date(2026, 1, 1), "until")
    with pytest.raises(Invalid) as refused:
        checks.period(date(2026, 1, 2), date(2026, 1, 1), "until")
    assert refused.value.field == "until"


def test_closed_days_are_in_order_and_not_too_many() -> None:
    assert checks.closed_days(["2026-12-31", "", "2026-12-24", "2026-12-31"], "closed_on") == [
        "2026-12-24",
        "2026-12-31",
    ]
    many = [f"2026-{month:02d}-{day:02d}" for month in range(1, 4) for day in range(1, 27)]
    with pytest.raises(Invalid):
        checks.closed_days(many, "closed_on")


def test_terms_and_what_may_be_left_empty() -> None:
    assert checks.term("drugs", Speciality, "specialities") is Speciality.DRUGS
    with pytest.raises(Invalid):
        checks.term("alchemy", Speciality, "specialities")
    assert checks.optional(checks.web, " ", "web") is None
    assert checks.optional(checks.zone, "UTC", "zone") == "UTC"
