"""What a record was on a day: continuity, no gaps, no overlaps, and today is what holds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.directory import fields
from comity.directory.versions import as_of, differences, end_of

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    number: int
    valid_from: datetime
    valid_until: datetime | None


@st.composite
def histories(draw: st.DrawFn, *, removed: bool = False) -> list[Span]:
    """Versions as `history.record` writes them: each ends where the next begins, some in the same instant."""
    gaps = draw(st.lists(st.integers(0, 10 * 24 * 60), min_size=1, max_size=8))
    moments, at = [], BEGIN
    for gap in gaps:
        at += timedelta(minutes=gap)
        moments.append(at)
    ends: list[datetime | None] = [*moments[1:], None]
    if removed and draw(st.booleans()):
        ends[-1] = moments[-1] + timedelta(minutes=draw(st.integers(0, 10_000)))
    return [Span(n, begin, end) for n, (begin, end) in enumerate(zip(moments, ends, strict=True), start=1)]


DAYS = st.dates(date(2019, 12, 1), date(2020, 6, 1))


@given(histories(), DAYS)
def test_there_is_exactly_one_from_the_first_day_on_and_none_before(versions: list[Span], day: date) -> None:
    found = as_of(versions, day)
    assert (found is None) == (day < versions[0].valid_from.date())
    over = end_of(day)
    holding = [one for one in versions if one.valid_from < over and (one.valid_until or over) >= over]
    assert [found] == holding or (found is None and holding == [])


@given(histories())
def test_today_is_what_holds_now(versions: list[Span]) -> None:
    assert as_of(versions, versions[-1].valid_from.date()) == versions[-1]
    assert as_of(versions, date(2090, 1, 1)) == versions[-1]


@given(histories(removed=True), DAYS)
def test_a_later_day_never_goes_back_to_an_earlier_version(versions: list[Span], day: date) -> None:
    first, second = as_of(versions, day), as_of(versions, day + timedelta(days=1))
    if first is not None and second is not None:
        assert first.number <= second.number
    if first is None and second is not None:
        assert second.valid_from >= end_of(day)


@given(histories(removed=True), DAYS, st.randoms())
def test_the_order_in_which_versions_are_given_is_all_the_same(versions: list[Span], day: date, random: object) -> None:
    shuffled = list(versions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert as_of(shuffled, day) == as_of(versions, day)


def test_of_several_changes_in_one_day_the_last_one_counts() -> None:
    morning, noon = BEGIN + timedelta(hours=9), BEGIN + timedelta(hours=12)
    versions = [Span(1, BEGIN, morning), Span(2, morning, noon), Span(3, noon, None)]
    assert as_of(versions, BEGIN.date()) == versions[2]
    assert as_of(versions, BEGIN.date() - timedelta(days=1)) is None


def test_what_was_removed_is_there_until_the_day_of_its_removal() -> None:
    versions = [Span(1, BEGIN, BEGIN + timedelta(days=2, hours=3))]
    assert [as_of(versions, BEGIN.date() + timedelta(days=n)) is not None for n in range(4)] == [
        True,
        True,
        False,
        False,
    ]


def test_differences_are_told_in_the_order_of_the_table() -> None:
    changes = differences(
        fields.AUTHORITY, {"telephone": "1", "zone": "UTC"}, {"telephone": "2", "name_en": "A", "zone": "UTC"}
    )
    assert [(one.field.name, one.old, one.new) for one in changes] == [("name_en", None, "A"), ("telephone", "1", "2")]
    assert differences(fields.AUTHORITY, None, {"telephone": "2"}) == ()


@given(st.dictionaries(st.sampled_from([f.name for f in fields.AUTHORITY]), st.text(max_size=3)))
def test_nothing_differs_from_itself(values: dict[str, str]) -> None:
    assert differences(fields.AUTHORITY, values, dict(values)) == ()
