import pytest

from comity.directory.models import SearchKind
from comity.directory.search.memory import Entry
from comity.directory.search.rank import score
from comity.directory.search.terms import Group, Phrase


def rated(asked: str, names: str, more: str = "", codes: str = "", asked_codes: str = "") -> float:
    """names: one a line. asked_codes: what the last word asks for."""
    lines = tuple(names.splitlines())
    words = tuple(word for line in lines for word in line.split())
    entry = Entry(
        1, SearchKind.AUTHORITY, "1", None, lines, words, tuple(more.split()), frozenset(codes.split()), "", ""
    )
    groups = [Group((Phrase((word,)),)) for word in asked.split()]
    if asked_codes:
        groups[-1] = Group(groups[-1].phrases, dict.fromkeys(asked_codes.split(), 1.0))
    return score(asked, groups, entry)


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
    assert rated(asked, better) > rated(asked, worse)


def test_the_best_of_several_names_counts() -> None:
    assert rated("autriche", "austria\nautriche\nösterreich") == rated("autriche", "autriche")


def test_a_name_counts_more_than_other_words() -> None:
    assert rated("thailand", "thailand") > rated("thailand", "office of the attorney general", "thailand") > 0


def test_words_may_be_met_by_name_and_code_together() -> None:
    with_state = rated("justice france", "ministry of justice", codes="xsfr", asked_codes="xsfr")
    assert with_state > rated("justice france", "ministry of justice", asked_codes="xsfr")


def test_a_corrected_word_costs_its_letters() -> None:
    entry = Entry(1, SearchKind.STATE, "KE", None, ("kenya",), ("kenya",), (), frozenset(), "KE", "")
    near = score("kenia", [Group((Phrase(("kenya",), cost=1),))], entry)
    assert rated("kenya", "kenya") > near > rated("kenya", "kenyatta foundation")
