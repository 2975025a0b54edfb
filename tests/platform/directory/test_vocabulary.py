import pytest

from comity.directory.search.vocabulary import Vocabulary, consonants

WORDS = Vocabulary(["thailand тайланд ministry of justice", "kenya fiji taiguo 泰 国", "austria autriche"])


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
    assert tuple(near.word for near in WORDS.instead_of(word))[:1] == instead


def test_another_script_is_tried_in_latin_letters() -> None:
    assert [near.word for near in WORDS.instead_of("кения")] == ["kenya"]


def test_words_come_and_go_with_the_texts_that_hold_them() -> None:
    vocabulary = Vocabulary(["austria kenya", "austria"])
    vocabulary.remove(["austria", "kenya"])
    assert vocabulary.words == ["austria"]
    assert vocabulary.instead_of("kenia") == ()
    vocabulary.add(["kenya"])
    assert [near.word for near in vocabulary.instead_of("kenia")] == ["kenya"]
    vocabulary.remove(["nothing", "austria"])
    assert vocabulary.words == ["kenya"]


@pytest.mark.parametrize(
    ("one", "other"), [("wizarat", "wzarh"), ("mohammed", "mhmd"), ("leila", "lyly"), ("aladl", "adl")]
)
def test_romanisations_of_arabic_share_their_consonants(one: str, other: str) -> None:
    assert consonants(one) == consonants(other)


def test_an_arabic_word_is_found_by_a_romanisation() -> None:
    assert [near.word for near in Vocabulary(["وزاره العدل"]).instead_of("wizarat")] == ["وزاره"]
