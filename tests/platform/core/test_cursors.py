"""A cursor comes back as it went, and is good for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core import cursors
from comity.core.problems import Unfit

SECRET = "a secret of at least thirty-two characters"


@given(st.integers() | st.lists(st.text(max_size=20), max_size=3))
def test_it_comes_back(after: int | list[str]) -> None:
    assert cursors.read(SECRET, "list", cursors.write(SECRET, "list", after)) == after


@given(st.text(max_size=60))
def test_nothing_else_is_one(text: str) -> None:
    with pytest.raises(Unfit):
        cursors.read(SECRET, "list", text)


def test_it_is_good_for_its_list_alone() -> None:
    made = cursors.write(SECRET, "list", 7)
    for secret, of in ((SECRET, "other"), (SECRET + "!", "list")):
        with pytest.raises(Unfit):
            cursors.read(secret, of, made)
