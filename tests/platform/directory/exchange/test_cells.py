"""What starts a formula leaves guarded, comes back as it was, and is refused where somebody typed it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Invalid
from comity.directory.exchange.cells import STARTS, guarded, unguarded

texts = st.text(st.sampled_from(f"{STARTS}'a1 \n"), max_size=6) | st.text(max_size=40)


@given(texts)
def test_what_went_out_comes_back(text: str) -> None:
    assert unguarded(guarded(text), "cell") == text


@given(texts)
def test_no_cell_that_leaves_starts_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in tuple(STARTS)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "\t=1", "+cmd|'/c calc'!A1", "-1+1", '=HYPERLINK("http://x")'])
def test_a_formula_that_was_typed_is_refused(cell: str) -> None:
    with pytest.raises(Invalid):
        unguarded(cell, "cell")


@pytest.mark.parametrize("cell", ["+43 1 53115", "-12", "- a list\n- of two", "plain", "'quoted'", ""])
def test_what_people_type_is_taken(cell: str) -> None:
    assert unguarded(cell, "cell") == cell
