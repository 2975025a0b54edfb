"""Filters, tabs and "Whom do I ask?" as pages."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from comity.core.db import Database
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority, SearchRow
from comity.directory.record import ContactDetail, Practitioner
from comity.directory.search.index import index_person, raise_version
from comity.directory.vocabulary import DetailKind, Vetting, Visibility
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, SECRETARIAT


@pytest.fixture(scope="module")
def loaded(engines: Engines) -> Iterator[Database]:
    with engines.sqlite() as database:
        with database.writing() as session:
            load_reference(session)
            load_demonstration(session, NOW)
        yield database


@pytest.fixture(scope="module")
def officer(loaded: Database, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    folder = tmp_path_factory.mktemp("application")
    return Visitor(make_application(loaded, folder, SetClock(NOW))).sign_in(AUSTRIA)


def results(page: str) -> list[str]:
    return re.findall(r'class="item-title" href="([^"]+)"', page)


def lines(page: str) -> list[str]:
    """Each result with its name: two people of one authority are two."""
    return re.findall(r'class="item-title" (href=.+?)</a>', page)


def count(page: str) -> int:
    found = re.search(r"(\d+) results?", page)
    assert found
    return int(found[1])


def offered(page: str, name: str) -> dict[str, int]:
    """The choices of a filter with their counts."""
    field = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    assert field
    return {value: int(n) for value, n in re.findall(r'value="([^"]+)"[^>]*>[^<]*\((\d+)\)', field[0])}


def test_filters_work_alone_and_their_counts_hold(officer: Visitor) -> None:
    page = officer.get("/directory?network=seajust").text
    assert count(page) == len(results(page))
    for name in ("function", "accepts", "means", "urgent", "region", "open"):
        for value, expected in offered(page, name).items():
            assert count(officer.get(f"/directory?network=seajust&{name}={value}").text) == expected


def test_filters_combine_with_words(officer: Visitor, loaded: Database) -> None:
    with loaded.reading() as session:
        wanted = {
            f"/directory/authorities/{one.id}"
            for one in session.scalars(select(Authority))
            if one.interpol_when_urgent and "fr" in one.languages_accepted and "Justice" in one.name_en
        }
    page = officer.get("/directory?q=justice&urgent=interpol&accepts=fr").text
    assert wanted
    assert set(results(page)) == wanted
    assert count(page) == len(wanted)


def test_who_is_open_now(officer: Visitor, loaded: Database) -> None:
    with loaded.reading() as session:
        wanted = sum(one.reachable(NOW).is_open for one in session.scalars(select(Authority)))
    assert count(officer.get("/directory?open=now").text) == wanted


def test_a_filter_that_means_nothing_is_left_out(officer: Visitor) -> None:
    page = officer.get("/directory?q=thai&function=nonsense&network=none&page=999").text
    assert count(page) == count(officer.get("/directory?q=thai").text)


def test_every_result_is_on_some_page_once(officer: Visitor) -> None:
    seen: list[str] = []
    first = officer.get("/directory?region=african").text
    for page in range(1, 10):
        shown = lines(officer.get(f"/directory?region=african&page={page}").text)
        if page > 1 and shown == seen[-len(shown) :]:
            break
        seen += shown
    assert len(seen) == len(set(seen)) == count(first) > 30


def test_who_is_not_active_is_not_found_and_no_detail_is_in_the_index(loaded: Database, officer: Visitor) -> None:
    with loaded.writing() as session:
        person = session.scalars(select(Practitioner).where(Practitioner.name == "Clara Beispiel")).one()
        secret = ContactDetail(
            kind=DetailKind.MOBILE, value="+43 000 5551234", functional=False, visibility=Visibility.SECRETARIAT
        )
        person.details.append(secret)
        index_person(session, person)
        raise_version(session)
        session.flush()
        held = {word for row in session.scalars(select(SearchRow)) for word in f"{row.names} {row.more}".split()}
        details = session.scalars(select(ContactDetail.value)).all()
    assert "5551234" not in held
    local_parts = {detail.partition("@")[0] for detail in details}
    assert local_parts.isdisjoint(held)
    assert "Clara Beispiel" in officer.get("/directory?q=beispiel").text
    with loaded.writing() as session:
        session.get_one(Practitioner, person.id).vetting = Vetting.SUSPENDED
        index_person(session, session.get_one(Practitioner, person.id))
        raise_version(session)
    assert "Clara Beispiel" not in officer.get("/directory?q=beispiel").text
    assert "Clara" not in officer.get("/directory/search.json?q=beispiel").text


def test_asking_names_the_desk_with_its_reasons(officer: Visitor) -> None:
    page = officer.get("/directory/ask?state=TH&function=extradition&urgency=urgent&language=fr&means=email").text
    assert "Office of the Attorney General" in page
    assert "Designated: Extradition · UNTOC, Article 16" in page
    assert "Royal Thai Police" not in page
    assert "16:00 Bangkok" in page
    link = re.search(r'href="(/consultations/new\?authority=\d+&amp;function=extradition)"', page)
    assert link
    form = officer.get(link[1].replace("&amp;", "&")).text
    assert re.search(r'<option value="extradition" selected', form)


def test_asking_where_nothing_fits_names_the_nearest_channels(officer: Visitor) -> None:
    page = officer.get("/directory/ask?state=TH&function=firearms_tracing&urgency=urgent").text
    assert "From police to police" in page
    assert "INTERPOL" in page
    assert "Diplomatic channel" in page
    assert "GlobE" not in page or "Contact points of a network" in page
    empty = officer.get("/directory/ask?state=TV").text
    assert "Diplomatic channel" in empty


def test_asking_is_one_click_away_and_forgives_its_address(officer: Visitor) -> None:
    assert 'href="/directory/ask"' in officer.get("/").text
    assert 'href="/directory/ask?state=TH"' in officer.get("/directory/states/TH").text
    page = officer.get("/directory/ask?state=xx&function=x&urgency=x&language=x&means=x&territory=%3Cb%3E").text
    assert "Choose a State" in page
    assert "<b>" not in page.partition('id="answer"')[2]


def test_somebody_without_a_post_is_told_but_starts_nothing(loaded: Database, officer: Visitor) -> None:
    page = Visitor(officer.application).sign_in(SECRETARIAT).get("/directory/ask?state=TH").text
    assert "Office of the Attorney General" in page
    assert "/consultations/new" not in page
