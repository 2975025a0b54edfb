"""Whatever a client sends either becomes a checked value or is refused as invalid."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Invalid
from comity.live import payloads

TYPES = (payloads.Join, payloads.ReadAfter, payloads.Post, payloads.Read, payloads.Typing, payloads.Draft)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["consultation", "cursor", "client_id", "body", "position", "on", "files"])


@given(kind=st.sampled_from(TYPES), sent=JSON | st.dictionaries(NAMES, JSON))
def test_anything_is_checked_or_refused(kind: Any, sent: object) -> None:
    try:
        value = kind.of(sent)
    except Invalid:
        return
    assert isinstance(sent, dict)
    for name in kind.__slots__:
        found = getattr(value, name)
        assert (list(found) if name == "files" else found) == sent.get(name, [])


@pytest.mark.parametrize("cursor", [-1, 2**31, True, 1.0, "1", None])
def test_positions(cursor: object) -> None:
    with pytest.raises(Invalid) as problem:
        payloads.ReadAfter.of({"cursor": cursor})
    assert problem.value.field == "cursor"
