import pytest

from comity.directory.search.spelling import Vocabulary

WORDS = Vocabulary.of(["thailand тайланд ministry of justice", "kenya fiji taiguo 泰 国", "austria autriche"])


def test_characters_are_no_words() -> None:
    assert "泰" not in WORDS.words
    assert list(WORDS.words) == sorted(WORDS.words)


@pytest.mark.parametrize(("word", "known"), [("thai", True), ("thailand", True), ("hailand", False), ("zz", False)])
def test_a_word_is_known_when_one_begins_like_it(word: str, known: bool) -> None:
    assert WORDS.knows(word) is known


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("thailand", ()),
        ("thailnad", ("thailand",)),
        ("thialand", ("thailand",)),
        ("tailand", ("thailand",)),
        ("justise", ("justice",)),
        ("kenia", ("kenya",)),
        ("fiyi", ("fiji",)),
        ("austira", ("austria",)),
        ("qqqqqq", ()),
        ("xy", ()),
    ],
)
def test_what_to_look_for_instead(word: str, instead: tuple[str, ...]) -> None:
    assert WORDS.instead_of(word)[:1] == instead


def test_another_script_is_tried_in_latin_letters() -> None:
    assert WORDS.instead_of("кения") == ("kenya",)
