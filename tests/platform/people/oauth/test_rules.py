"""Addresses, scopes and names: pure."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Invalid
from comity.people.oauth import rules
from comity.people.oauth.scopes import WORDS, Scope, joined, split


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("https://tool.example/back", True),
        ("https://tool.example:8443/back?from=comity", True),
        ("http://127.0.0.1:8123/back", True),
        ("http://[::1]:8123/back", True),
        ("http://localhost/back", False),
        ("http://tool.example/back", False),
        ("https://tool.example/back#part", False),
        ("https://user@tool.example/back", False),
        ("https://tool.example\\@evil.example/", False),
        ("https:///back", False),
        ("javascript:alert(1)", False),
        ("com.example.tool:/back", False),
        ("https://tool.example:99999/", False),
        ("https://tool.example/ä", False),
        ("", False),
    ],
)
def test_where_answers_may_be_sent(uri: str, fits: bool) -> None:
    assert rules.is_redirect_uri(uri) is fits


@given(st.text())
def test_no_text_breaks_the_check_of_addresses(text: str) -> None:
    if rules.is_redirect_uri(text):
        assert urlsplit(text).hostname
        assert "#" not in text


@given(st.lists(st.sampled_from([*(scope.value for scope in Scope), "other"])))
def test_scopes_stand_in_one_order_each_once(words: list[str]) -> None:
    found = split(" ".join(words))
    assert set(found) == set(words)
    assert len(found) == len(set(found))
    assert joined(reversed(found)) == " ".join(found)


def test_every_scope_has_its_words() -> None:
    assert set(WORDS) == set(Scope)


@pytest.mark.parametrize("scopes", [[], ["dav"], ["everything"], ["directory.read", "dav"]])
def test_scopes_that_no_client_is_registered_for(scopes: list[str]) -> None:
    with pytest.raises(Invalid):
        rules.client_scopes(scopes)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "\0"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(Invalid):
        rules.name(name)
