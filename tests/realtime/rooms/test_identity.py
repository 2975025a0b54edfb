"""Names on the media server: what they hold, and what they do not disclose."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rooms.identity import Identity, is_device, room_name

DEVICES = st.from_regex(r"\A[A-Za-z0-9_-]{8,32}\Z")
IDS = st.integers(min_value=0, max_value=10**18 - 1)


@given(IDS, IDS, DEVICES)
def test_an_identity_is_read_back_as_it_was_written(post: int, account: int, device: str) -> None:
    identity = Identity(post, account, device)
    assert Identity.parse(str(identity)) == identity


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser_and_none_is_read_as_something_else(text: str) -> None:
    found = Identity.parse(text)
    assert found is None or str(found) == text


@pytest.mark.parametrize(
    ("device", "right"),
    [
        ("a1b2c3d4", True),
        ("A-_9" * 8, True),
        ("short12", False),
        ("x" * 33, False),
        ("with space", False),
        ("dot.dot.dot", False),
        ("line\nbreak", False),
        ("devicename\n", False),
        ("", False),
        (None, False),
        (12345678, False),
        (["a1b2c3d4"], False),
    ],
)
def test_a_device_is_letters_digits_and_dashes(device: object, right: bool) -> None:
    assert is_device(device) is right


def test_a_room_has_one_name_that_tells_nothing_without_the_key() -> None:
    name = room_name("k" * 32, "dJX4YSviCkYgFDp03PqiNw")
    assert name == room_name("k" * 32, "dJX4YSviCkYgFDp03PqiNw")
    assert re.fullmatch(r"room-[0-9a-f]{40}", name)
    assert "dJX4" not in name
    assert name != room_name("l" * 32, "dJX4YSviCkYgFDp03PqiNw")
    assert name != room_name("k" * 32, "another")
