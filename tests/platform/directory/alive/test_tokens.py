from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.alive.tokens import LASTS, Asked, read, write
from comity.directory.snapshots import EntityKind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "s" * 40
ASKED = Asked(EntityKind.AUTHORITY, "57", 3, 12, NOW)


def test_a_token_says_what_was_asked() -> None:
    assert read(SECRET, write(SECRET, ASKED), NOW + timedelta(days=30)) == ASKED


def test_it_is_too_old_one_day() -> None:
    token = write(SECRET, ASKED)
    assert read(SECRET, token, NOW + LASTS - timedelta(seconds=1)) == ASKED
    assert read(SECRET, token, NOW + LASTS) is None


def test_another_secret_knows_it_not() -> None:
    assert read("t" * 40, write(SECRET, ASKED), NOW) is None


@given(st.integers(0, 10_000), st.characters(codec="utf-8"))
def test_a_changed_token_is_none(place: int, letter: str) -> None:
    token = write(SECRET, ASKED)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    found = read(SECRET, changed, NOW)
    assert found is None or found == ASKED


@pytest.mark.parametrize("token", ["", ".", "a.b", "....", "é.é", "bnVsbA.bnVsbA"])
def test_nonsense_is_none(token: str) -> None:
    assert read(SECRET, token, NOW) is None
