import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.search.terms import MOST_GROUPS, Phrase, fts5, phrases, tsquery, with_alternatives


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("?!", []),
        ("Thaïlande", [("thailande",)]),
        ("justice  justice", [("justice",)]),
        ("泰国 justice", [("泰", "国"), ("justice",)]),
        ("MOJ司法部", [("moj",), ("司", "法", "部")]),
    ],
)
def test_what_is_asked_becomes_phrases(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [phrase.words for phrase in phrases(text)] == expected


def test_both_query_languages() -> None:
    groups = with_alternatives(phrases("泰国 justise"), lambda word: ["justice", "justicia"])
    assert fts5(groups, names_only=True) == '{names} : (("泰 国" *) AND ("justice" * OR "justicia" *))'
    assert fts5(groups, names_only=False, every=False) == '("泰 国" *) OR ("justice" * OR "justicia" *)'
    assert tsquery(groups, names_only=True) == "(('泰':A <-> '国':*A)) & (('justice':*A) | ('justicia':*A))"
    assert tsquery(groups, names_only=False, every=False) == "(('泰' <-> '国':*)) | (('justice':*) | ('justicia':*))"


def test_a_known_word_is_looked_for_as_it_is() -> None:
    assert with_alternatives(phrases("justice"), lambda word: []) == ((Phrase(("justice",)),),)


def test_characters_have_no_spelling() -> None:
    asked: list[str] = []
    with_alternatives(phrases("泰国 thai"), lambda word: asked.append(word) or [])  # type: ignore[func-returns-value]
    assert asked == ["thai"]


@given(st.text())
def test_nothing_typed_can_break_out_of_its_quotes(text: str) -> None:
    found = phrases(text)
    assert len(found) <= MOST_GROUPS
    for phrase in found:
        assert all(word.isalnum() for word in phrase.words)
    groups = with_alternatives(found, lambda word: [])
    assert re.sub(r'"[^"]*" \*', "", fts5(groups, names_only=False)).replace("AND", "").strip(" ()") == ""
