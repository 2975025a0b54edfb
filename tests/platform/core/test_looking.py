"""What a process remembers of looks: for a quarter of an hour, and never more than it has room for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comity.core.audit import EACH
from comity.core.looking import Memo

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_look_is_remembered_for_as_long_as_it_counts() -> None:
    memo = Memo()
    assert not memo.holds("look", NOW)
    memo.keep("look", NOW)
    assert memo.holds("look", NOW)
    assert memo.holds("look", NOW + EACH - timedelta(seconds=1))
    assert not memo.holds("look", NOW + EACH)
    assert not memo.holds("look", NOW - timedelta(seconds=1)), "a clock that was put back"
    assert not memo.holds("another", NOW)


def test_a_full_memory_forgets_and_goes_on() -> None:
    memo = Memo(most=3)
    for number in range(4):
        memo.keep(number, NOW)
    assert memo.holds(3, NOW)
    assert not memo.holds(0, NOW)
