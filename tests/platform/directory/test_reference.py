from collections import Counter
from pathlib import Path

import pytest

from comity.core.i18n import LANGUAGES
from comity.directory.names import language_name, state_name
from comity.directory.reference import DATA, DataError, load_networks, load_states
from comity.directory.vocabulary import RegionalGroup, StateKind

STATES = load_states()
HEADER = "iso2,iso3,kind,region,party,zone,languages,also\n"
GOOD = "TH,THA,member_state,asia_pacific,yes,Asia/Bangkok,th,\n"


def test_all_member_states_and_the_other_parties_are_there() -> None:
    kinds = Counter(state.kind for state in STATES)
    assert kinds[StateKind.MEMBER_STATE] == 193
    others = {state.iso2 for state in STATES if state.kind is not StateKind.MEMBER_STATE}
    assert others == {"VA", "PS", "CK", "NU", "EU"}


def test_the_convention_has_the_parties_of_may_2024() -> None:
    assert sum(state.party for state in STATES) == 192
    assert {state.iso2 for state in STATES if not state.party} == {"CG", "IR", "PG", "SB", "SO", "TV"}


def test_the_european_union_is_a_party_and_no_state() -> None:
    union = next(state for state in STATES if state.iso2 == "EU")
    assert union.party
    assert union.kind is StateKind.ORGANISATION


@pytest.mark.parametrize(
    ("region", "members"),
    [
        (RegionalGroup.AFRICAN, 54),
        (RegionalGroup.ASIA_PACIFIC, 54),
        (RegionalGroup.EASTERN_EUROPEAN, 23),
        (RegionalGroup.LATIN_AMERICAN_AND_CARIBBEAN, 33),
        (RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS, 29),
    ],
)
def test_regional_groups_have_their_members(region: RegionalGroup, members: int) -> None:
    found = [s for s in STATES if s.region is region and s.kind is StateKind.MEMBER_STATE]
    assert len(found) == members


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_its_languages_have_a_name(language: str) -> None:
    for state in STATES:
        assert state_name(state.iso2, language)
        assert all(language_name(code, language) for code in state.languages)


def test_names_are_those_of_cldr() -> None:
    names = [state_name("TH", language) for language in LANGUAGES]
    assert names == ["تايلاند", "泰国", "Thailand", "Thaïlande", "Таиланд", "Tailandia"]


def test_networks_name_known_states() -> None:
    networks = {network.code: network for network in load_networks(STATES)}
    assert networks["wacap"].year == 2013
    assert networks["seajust"].year == 2020
    assert len(networks["ejn"].members) == 27
    assert "SN" in networks["wacap"].members


@pytest.mark.parametrize(
    ("row", "where", "reason"),
    [
        ("XX,XXX,member_state,asia_pacific,yes,Asia/Bangkok,th,\n", "row 3", "CLDR has no name for 'XX'"),
        ("LA,LAO,member_state,asia_pacific,yes,Asia/Nowhere,lo,\n", "row 3", "unknown time zone 'Asia/Nowhere'"),
        ("LA,LAO,member_state,asia_pacific,yes,Asia/Vientiane,qqq,\n", "row 3", "unknown language 'qqq'"),
        ("LA,LAO,member_state,atlantis,yes,Asia/Vientiane,lo,\n", "row 3", "'atlantis' is not a valid"),
        ("LA,LAO,member_state,asia_pacific,perhaps,Asia/Vientiane,lo,\n", "row 3", "party is yes or no"),
        (GOOD, "iso2", "'TH' stands there twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, where: str, reason: str) -> None:
    path = tmp_path / "states.csv"
    path.write_text(HEADER + GOOD + row, "utf-8")
    with pytest.raises(DataError) as caught:
        load_states(path)
    assert where in caught.value.where
    assert reason in caught.value.reason


def test_a_network_with_an_unknown_member_is_named(tmp_path: Path) -> None:
    path = tmp_path / "networks.csv"
    path.write_text("code,name,full_name,year,languages,members\nx,X,Xs,2000,en,TH QQ\n", "utf-8")
    with pytest.raises(DataError, match=r"networks.csv, row 2: unknown State 'QQ'"):
        load_networks(STATES, path)


def test_the_data_files_have_no_name_of_a_state_in_a_language_column() -> None:
    header = (DATA / "states.csv").read_text("utf-8").splitlines()[0]
    assert header == HEADER.strip()
