"""What may be chosen, and where a form may lead."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.core.db import Database
from comity.core.errors import Invalid
from comity.core.i18n import LANGUAGES
from comity.people.models import Account
from comity.people.preferences import (
    choose_language,
    choose_theme,
    clean_name,
    known_zone,
    local_path,
    update_profile,
    zone_choices,
)


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One kind is enough: nothing here depends on it."""
    return sqlite


@pytest.mark.parametrize("path", ["/", "/directory?q=Côte d’Ivoire", "/consultations/7#m12", "/a//b"])
def test_paths_of_this_site_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [None, "", "directory", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
     "/\t/evil.example", "\\\\evil.example", "/a\\b", "/a\nb", " /a", "http:/evil.example"],
)  # fmt: skip
def test_anything_else_leads_home(elsewhere: str | None) -> None:
    assert local_path(elsewhere) == "/"
    assert local_path(elsewhere, "/directory") == "/directory"


@given(st.text(alphabet=st.sampled_from("/\\.:@?#ae \t\n\x00é%"), max_size=12))
@example("//evil.example/%2f..")
@example("/%5cevil.example")
def test_no_text_leads_to_another_site(wanted: str) -> None:
    as_browsers_read_it = local_path(wanted).strip().replace("\\", "/").replace("\t", "").replace("\n", "")
    there = urlsplit(urljoin("https://comity.example/sign-in", as_browsers_read_it))
    assert (there.scheme, there.netloc) == ("https", "comity.example")


def test_names_keep_their_script_and_lose_what_cannot_be_seen() -> None:
    assert clean_name("  Nguyễn \n Thị  Hương ") == "Nguyễn Thị Hương"
    assert clean_name("أمينة ديالو") == "أمينة ديالو"


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 201])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean_name(name)
    assert caught.value.field == "display_name"


@pytest.mark.parametrize("zone", ["", "Vienna", "Europe/Vindobona", "../etc/passwd", "localtime"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Invalid):
        known_zone(zone)


@pytest.mark.parametrize("language", LANGUAGES)
def test_zones_are_offered_in_every_language_and_all_are_known(language: str) -> None:
    choices = zone_choices(language)
    names = [name for name, _label in choices]
    assert len(names) == len(set(names)) > 400
    assert all(known_zone(name) == name for name in names)


def test_a_zone_is_labelled_by_city_and_country() -> None:
    assert dict(zone_choices("en"))["Europe/Vienna"] == "Vienna, Austria"
    assert dict(zone_choices("fr"))["Asia/Bangkok"] == "Bangkok, Thaïlande"


def test_what_is_chosen_is_kept(database: Database, account: Account) -> None:
    with database.writing() as session:
        update_profile(
            session, account.id, display_name=" Amina  Sow ", locale="es", zone="Europe/Vienna", theme="light"
        )
        choose_theme(session, account.id, "dark")
    with database.reading() as session:
        kept = session.get_one(Account, account.id)
        assert (kept.display_name, kept.locale, kept.zone, kept.theme) == ("Amina Sow", "es", "Europe/Vienna", "dark")


def test_what_is_not_offered_changes_nothing(database: Database, account: Account) -> None:
    for choose, wanted in ((choose_language, "tlh"), (choose_theme, "pink")):
        with pytest.raises(Invalid), database.writing() as session:
            choose(session, account.id, wanted)
    with database.reading() as session:
        kept = session.get_one(Account, account.id)
        assert (kept.locale, kept.theme) == ("fr", "auto")
