import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.search.terms import MOST_GROUPS, Group, Phrase, fts5, loosened, question, tsquery

JUSTICE = Group((Phrase(("justice",)), Phrase(("justicia",), cost=1)), {"xsth": 1.0})
THAI = Group((Phrase(("泰", "国")),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("?!", []),
        ("Thaïlande", [("thailande",)]),
        ("justice  justice", [("justice",)]),
        ("泰国 justice", [("泰", "国"), ("justice",)]),
        ("MOJ司法部", [("moj",), ("司", "法", "部")]),
        ("Ministry of Justice", [("ministry",), ("justice",)]),
        ("of the", [("of",), ("the",)]),
    ],
)
def test_what_is_asked_becomes_phrases(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [phrase.words for phrase in question(text).phrases] == expected


@pytest.mark.parametrize(
    ("text", "articles", "words"),
    [
        ("18(13) Thailand", ("18(13)",), [("thailand",)]),
        ("16 (5) (a)", ("16(5)(a)",), []),
        ("Article 18 Fiji", ("18",), [("fiji",)]),
        ("24/7", (), [("24",), ("7",)]),
    ],
)
def test_articles_are_taken_out_of_the_words(
    text: str, articles: tuple[str, ...], words: list[tuple[str, ...]]
) -> None:
    found = question(text)
    assert found.articles == articles
    assert [phrase.words for phrase in found.phrases] == words


@pytest.mark.parametrize(
    ("text", "speaking"), [("who speaks Thai", True), ("qui parle arabe", True), ("Thai", False), ("speaks", False)]
)
def test_questions_for_a_language(text: str, speaking: bool) -> None:
    assert question(text).speaking is speaking


def test_both_query_languages() -> None:
    groups = [THAI, JUSTICE]
    assert fts5(groups, names_only=True) == '({names} : ("泰 国" *)) AND ({names} : ("justice" * OR "justicia" *))'
    assert fts5([JUSTICE], names_only=False) == '({names more} : ("justice" * OR "justicia" *) OR {codes} : (xsth))'
    assert tsquery(groups, names_only=True) == "(('泰':A <-> '国':*A)) & (('justice':*A) | ('justicia':*A))"
    assert tsquery([JUSTICE], names_only=False, every=False) == "(('justice':*AB) | ('justicia':*AB) | 'xsth':C)"
    assert fts5([Group((), {"xlth": 1.0})], names_only=True) == ""


def test_long_runs_of_characters_fall_into_pairs() -> None:
    loose = loosened([Group((Phrase(("司", "法", "部")),)), JUSTICE])
    assert [group.phrases[0].words for group in loose] == [("司", "法"), ("法", "部"), ("justice",)]


@given(st.text())
def test_nothing_typed_can_break_out_of_its_quotes(text: str) -> None:
    found = question(text).phrases
    assert len(found) <= MOST_GROUPS
    for phrase in found:
        assert all(word.isalnum() for word in phrase.words)
    query = fts5([Group((phrase,)) for phrase in found], names_only=False)
    bare = re.sub(r'"[^"]*" \*', "", query).replace("{names more} :", "").replace("AND", "")
    assert set(bare) <= set(" ()")
