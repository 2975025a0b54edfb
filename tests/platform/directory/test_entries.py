from pathlib import Path

import pytest

from comity.core.i18n import LANGUAGES
from comity.directory.entries import Entry, load_entries, parse
from comity.directory.reference import DATA, DataError, load_networks, load_states
from comity.directory.vocabulary import Part, RegionalGroup

ENTRIES = load_entries()
STATES = {state.iso2: state for state in load_states()}
AUSTRIA = (DATA / "authorities" / "at.toml").read_text("utf-8")


def central() -> list[Entry]:
    return [entry for entry in ENTRIES if entry.part is Part.A]


def test_about_forty_states_have_one_central_authority_each() -> None:
    states = [entry.state for entry in central()]
    assert len(states) == len(set(states)) >= 40
    assert set(states) <= set(STATES)


def test_all_regional_groups_and_all_six_languages_are_there() -> None:
    regions = {STATES[entry.state].region for entry in central()}
    assert regions == set(RegionalGroup) - {RegionalGroup.OUTSIDE_GROUPS}
    assert {entry.language for entry in ENTRIES} >= set(LANGUAGES)
    scripts = {letter for entry in ENTRIES for letter in "សพ司법ع法Пრἐयአδ" if letter in entry.name_original}
    assert len(scripts) >= 6


def test_some_states_have_other_competent_authorities() -> None:
    assert len([entry for entry in ENTRIES if entry.part is Part.B]) >= 10


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_nothing_can_be_taken_for_real(entry: Entry) -> None:
    contact = entry.contact
    assert contact.mailbox.endswith(".example")
    assert contact.web is None or contact.web.rstrip("/").endswith(".example")
    for number in (contact.telephone, contact.telefax, contact.duty):
        assert number is None or " 00 555 01" in number
    assert all(post.mailbox is None or post.mailbox.endswith(".example") for post in entry.posts)
    assert entry.posts


def test_networks_are_known() -> None:
    known = {network.code for network in load_networks(tuple(STATES.values()))}
    assert {code for entry in ENTRIES for code in entry.networks} <= known


@pytest.mark.parametrize("state", ["AT", "TH", "KE", "JO"])
def test_states_with_demonstration_accounts_have_two_held_posts(state: str) -> None:
    entry = next(entry for entry in central() if entry.state == state)
    assert [post.key for post in entry.posts] == ["head", "desk"]
    assert all(post.holder and post.mailbox for post in entry.posts)


def test_the_jordanian_officers_read_arabic() -> None:
    entry = next(entry for entry in central() if entry.state == "JO")
    assert {post.language for post in entry.posts} == {"ar"}


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ('"mutual_legal_assistance"', '"mutual_admiration"', "unknown functions 'mutual_admiration'"),
        ('zone = "Europe/Vienna"', 'zone = "Europe/Wien"', "unknown time zone 'Europe/Wien'"),
        ('languages_accepted = ["de", "en"]', 'languages_accepted = ["de", "qqq"]', "unknown language 'qqq'"),
        ('opens = "08:00"', 'opens = "18:00"', "opens before it closes"),
        ('opens = "08:00"', 'opens = "eight"', "opens must be HH:MM"),
        ("oral_when_urgent = true", 'oral_when_urgent = "yes"', "oral_when_urgent must be bool"),
        ('part = "a"', 'part = "c"', "unknown part 'c'"),
        ('name = "Central', 'title = "Central', "name must be str, not None"),
        ("days = [1, 2, 3, 4, 5]", "days = [0]", "ISO weekdays"),
    ],
)
def test_a_wrong_field_is_named_with_its_entry(right: str, wrong: str, reason: str) -> None:
    assert right in AUSTRIA
    with pytest.raises(DataError) as caught:
        parse(AUSTRIA.replace(right, wrong, 1), Path("at.toml"))
    assert caught.value.where.startswith("at.toml, at-a")
    assert reason in caught.value.reason


def test_an_authority_without_function_is_refused() -> None:
    lines = ["functions = []" if line.startswith("functions") else line for line in AUSTRIA.splitlines()]
    with pytest.raises(DataError, match="at least one"):
        parse("\n".join(lines), Path("at.toml"))


def test_the_same_code_twice_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(AUSTRIA, "utf-8")
    with pytest.raises(DataError, match="at-a: stands there twice"):
        load_entries(tmp_path)
