import pytest

from comity.directory.search.rank import score


@pytest.mark.parametrize(
    ("asked", "better", "worse"),
    [
        ("niger", "niger", "nigeria"),
        ("guinea", "guinea", "equatorial guinea"),
        ("thai", "thailand", "royal thai police"),
        ("ministry of justice", "ministry of justice demonstration", "ministry of foreign affairs"),
        ("office justice", "federal office of justice", "federal office of police"),
    ],
)
def test_order(asked: str, better: str, worse: str) -> None:
    assert score(asked, better, "") > score(asked, worse, "")


def test_the_best_of_several_names_counts() -> None:
    assert score("autriche", "austria\nautriche\nösterreich", "") == score("autriche", "autriche", "")


def test_a_name_counts_more_than_other_words() -> None:
    assert score("thailand", "thailand", "") > score("thailand", "office of the attorney general", "thailand") > 0


def test_words_may_be_met_by_name_and_others_together() -> None:
    assert score("justice france", "ministry of justice", "france") > score("justice france", "ministry of justice", "")
