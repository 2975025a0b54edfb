import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from comity.core.db import Database
from comity.core.i18n import LANGUAGES
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority
from comity.directory.names import state_name
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, JORDAN, SECRETARIAT


@pytest.fixture(scope="module")
def loaded(engines: Engines) -> Iterator[Database]:
    with engines.sqlite() as database:
        with database.writing() as session:
            load_reference(session)
            load_demonstration(session, NOW)
        yield database


@pytest.fixture(scope="module")
def visitors(loaded: Database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visitor]:
    """Somebody who is signed out, and three who are signed in."""
    application = make_application(loaded, tmp_path_factory.mktemp("application"), SetClock(NOW))
    people = {email: Visitor(application).sign_in(email) for email in (AUSTRIA, JORDAN, SECRETARIAT)}
    return {"": Visitor(application), **people}


@pytest.fixture(scope="module")
def thailand(loaded: Database) -> int:
    return authority_id(loaded, "th-a")


def authority_id(database: Database, code: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Authority.id).where(Authority.code == code)).one()


def test_everything_stands_in_the_directory_by_regional_group(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory").text
    assert len(set(re.findall(r'href="/directory/states/([A-Z]{2})"', page))) == 198
    order = [
        page.index(f">{name}<") for name in ("African States", "Angola", "Zambia", "Afghanistan", "Yemen", "Albania")
    ]
    assert order[1:] == sorted(order[1:])
    assert "Part A: central authorities" in page
    assert "not a Party" in page


def test_searching_by_form_finds_states_and_authorities(visitors: dict[str, Visitor], thailand: int) -> None:
    page = visitors[AUSTRIA].get("/directory?q=thailnad").text
    assert 'href="/directory/states/TH"' in page
    assert f'href="/directory/authorities/{thailand}"' in page
    assert "Results for <b><bdi>thailand</bdi></b>" in page
    assert "Somsri Tuayang" in page
    part_a = visitors[AUSTRIA].get("/directory?q=thailnad&part=a").text
    assert f'href="/directory/authorities/{thailand}"' in part_a
    assert "Royal Thai Police" not in part_a
    assert "Royal Thai Police" in visitors[AUSTRIA].get("/directory?q=thailnad&part=b").text
    people = visitors[AUSTRIA].get("/directory?q=thailnad&part=people").text
    assert int(re.findall(r"(\d+) results", people)[0]) >= 2
    assert "SEAJust" in visitors[AUSTRIA].get("/directory?q=thailnad&part=networks").text


def test_all_kinds_are_shown_first(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory?q=royal+thai+police").text
    assert "Royal Thai Police" in page
    assert "Royal Thai Police" in visitors[AUSTRIA].get("/directory?q=royal+thai+police&part=nonsense").text


@pytest.mark.parametrize("asked", ["Austria", "Österreich", "النمسا", "奥地利", "Autriche", "Австрия"])
def test_whoever_asks_for_a_state_sees_its_central_authority_first(visitors: dict[str, Visitor], asked: str) -> None:
    page = visitors[AUSTRIA].get("/directory", query_string={"q": asked}).text
    page = page[page.index('id="found"') :]
    assert page.index('"/directory/states/AT"') < page.index("Central Authority, Ministry of Justice")
    assert page.index("Central Authority, Ministry of Justice") < page.index("Federal Criminal Police Office")


def test_nothing_found_says_what_to_do(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory?q=%3Cscript%3Ezzzz").text
    assert "Nothing found" in page
    assert "<script>zzzz" not in page
    assert "&lt;script&gt;zzzz" in page


def test_suggestions_for_the_island(visitors: dict[str, Visitor], thailand: int) -> None:
    answer = visitors[AUSTRIA].get("/directory/search.json?q=thai").json
    assert answer is not None
    assert answer["words"] == f"{len(answer['results'])} results"
    assert answer["results"][0]["name"] == "Thailand"
    assert answer["results"][0]["url"] == "/directory/states/TH"
    assert {f"/directory/authorities/{thailand}"} <= {result["url"] for result in answer["results"]}
    assert visitors[AUSTRIA].get("/directory/search.json").json == {"results": [], "words": "0 results"}
    json.dumps(answer)


def test_a_state_shows_both_parts_and_who_is_there(visitors: dict[str, Visitor], thailand: int) -> None:
    page = visitors[AUSTRIA].get("/directory/states/th").text
    assert "<h1>Thailand</h1>" in page
    assert f"/directory/authorities/{thailand}" in page
    assert "Royal Thai Police" in page
    assert "SEAJust" in page
    assert "Open now, until 16:30 Bangkok (10:30 Vienna)" in page
    assert "Mon 23 Nov 2026, 16:00 Bangkok (10:00 Vienna)" in page


def test_a_state_without_entries_says_so(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory/states/TV").text
    assert page.count("No entry yet") == 2
    assert "Not as at May 2024" in page


def test_an_authority_shows_its_record(visitors: dict[str, Visitor], thailand: int) -> None:
    page = visitors[AUSTRIA].get(f"/directory/authorities/{thailand}").text
    assert '<bdi lang="th" dir="ltr">สำนักงานอัยการสูงสุด (สาธิต)</bdi>' in page
    assert "Mutual legal assistance · UNTOC, Article 18" in page
    assert "mla@attorney.th.example" in page
    assert "Thai and English" in page
    assert "Somsri Tuayang" in page
    assert "Demonstration entry" in page
    assert "not a channel of formal transmission" in page
    assert f'href="/consultations/new?authority={thailand}"' in page


def test_hours_follow_the_clock(loaded: Database, thailand: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    clock = SetClock(NOW)
    visitor = Visitor(make_application(loaded, tmp_path_factory.mktemp("later"), clock)).sign_in(AUSTRIA)
    clock.advance(timedelta(minutes=30))
    page = visitor.get(f"/directory/authorities/{thailand}").text
    assert "Closed now, opens Tue 24 Nov 2026, 08:30 Bangkok (02:30 Vienna)" in page


def test_a_consultation_starts_with_another_authority_only(
    visitors: dict[str, Visitor], loaded: Database, thailand: int
) -> None:
    own = authority_id(loaded, "at-a")
    page = visitors[AUSTRIA].get(f"/directory/authorities/{own}").text
    assert "/consultations/new?authority" not in page
    assert "Your authority" in page
    assert "/consultations/new?authority" not in visitors[SECRETARIAT].get(f"/directory/authorities/{thailand}").text


def test_an_old_confirmation_is_marked(visitors: dict[str, Visitor], loaded: Database) -> None:
    with loaded.reading() as session:
        lately = NOW.date() - timedelta(days=60)
        query = select(Authority.id).where(Authority.next_review_on < NOW.date(), Authority.next_review_on > lately)
        old = session.scalars(query.limit(1)).one()
    assert "review overdue" in visitors[AUSTRIA].get(f"/directory/authorities/{old}").text


def test_the_reader_of_arabic_gets_names_in_arabic_from_right_to_left(
    visitors: dict[str, Visitor], thailand: int
) -> None:
    page = visitors[JORDAN].get("/directory/states/TH").text
    assert '<html lang="ar" dir="rtl"' in page
    assert "<h1>تايلاند</h1>" in page
    assert "التايلاندية" in page
    authority = visitors[JORDAN].get(f"/directory/authorities/{thailand}").text
    assert '<h1><bdi lang="en">Office of the Attorney General (demonstration)</bdi></h1>' in authority


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_states_are_in_the_reader_s_language(visitors: dict[str, Visitor], language: str) -> None:
    visitor = Visitor(visitors[AUSTRIA].application).sign_in(JORDAN)
    visitor.post("/preferences/language", {"language": language, "next": "/directory"}, page="/directory")
    page = visitor.get("/directory").text
    assert f">{state_name('KE', language)}</a>" in page
    assert visitor.get("/directory/states/KE").status_code == 200
    visitor.post("/preferences/language", {"language": "ar", "next": "/directory"}, page="/directory")


@pytest.mark.parametrize(
    "path",
    [
        "/directory",
        "/directory?q=a",
        "/directory/search.json?q=a",
        "/directory/states/TH",
        "/directory/authorities/1",
        "/directory/ask",
    ],
)
def test_nobody_sees_the_directory_without_signing_in(visitors: dict[str, Visitor], path: str) -> None:
    answer = visitors[""].get(path)
    assert answer.status_code in {302, 401}
    assert "Thailand" not in answer.text


@pytest.mark.parametrize("path", ["/directory/states/XX", "/directory/authorities/999999", "/directory/authorities/x"])
def test_what_is_not_there_is_not_found(visitors: dict[str, Visitor], path: str) -> None:
    assert visitors[AUSTRIA].get(path).status_code == 404
