"""No cell of an exported table starts a formula."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from comity.directory.coverage.sheet import as_csv, safe


def test_what_would_start_a_formula_is_text() -> None:
    for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"):
        assert safe(cell) == f"'{cell}"
    assert (safe("Austria"), safe(12), safe("a=b")) == ("Austria", "12", "a=b")


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)
    )
)
def test_the_table_can_be_read_back(rows: list[list[str]]) -> None:
    text = as_csv(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([safe(cell) for cell in row] for row in rows)]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@")) for row in read for cell in row)
