import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.fold import fold, indexed, is_unspaced, transliterate


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Thaïlande", "thailande"),
        ("Côte d’Ivoire", "cote d ivoire"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("الأُردن", "الاردن"),
        ("إيطاليا", "ايطاليا"),
        ("وزارة", "وزاره"),
        ("جمهوريـــة", "جمهوريه"),
        ("泰国", "泰 国"),
        ("泰国司法部 (MOJ)", "泰 国 司 法 部 moj"),
        ("ジム", "シ ム"),
        ("법무부", "법무부"),
        ("ประเทศไทย", "ป ร ะ เ ท ศ ไ ท ย"),
        ("Ё-моё", "е мое"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("  ", ""),
        ("!?…", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Таиланд", "tailand"),
        ("泰国", "taiguo"),
        ("Бельгия", "belgiya"),
        ("법무부", "beobmubu"),
        ("Côte d'Ivoire", "cote divoire"),
    ],
)
def test_transliteration(text: str, latin: str) -> None:
    assert transliterate(text) == latin
    assert latin in indexed(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_nothing_is_left_that_a_query_language_knows(text: str) -> None:
    folded = fold(text)
    assert all(letter == " " or letter.isalnum() for letter in folded)
    assert not any(unicodedata.category(letter).startswith("M") for letter in folded)
    assert folded == " ".join(folded.split())


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстухцчшыэюя αβγδεζηθικλμνξοπρτυφχψω"))
def test_case_makes_no_difference(text: str) -> None:
    assert fold(text.upper()) == fold(text)


@given(st.text())
def test_composed_and_decomposed_are_one(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_what_is_indexed_begins_with_what_is_asked(text: str) -> None:
    assert indexed(text).startswith(fold(text))


def test_characters_of_scripts_without_spaces() -> None:
    assert [is_unspaced(word) for word in ("泰", "ไ", "シ", "a", "법", "泰国")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
