"""What the pages of the record say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.audit import trail_of
from comity.core.db import Database
from comity.directory.keeping import practitioner_topic
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority
from comity.directory.record import Practitioner
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
def visitors(loaded: Database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visitor]:
    application = make_application(loaded, tmp_path_factory.mktemp("application"), SetClock(NOW))
    return {email: Visitor(application).sign_in(email) for email in (AUSTRIA, SECRETARIAT)}


def public_id(database: Database, latin: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Practitioner.public_id).where(Practitioner.name_latin == latin)).one()


def authority_id(database: Database, code: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Authority.id).where(Authority.code == code)).one()


def test_a_person_s_page_says_who_they_are(loaded: Database, visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get(f"/directory/people/{public_id(loaded, 'Wipa Tuayang')}").text
    assert '<bdi lang="th" dir="ltr">พ.ต.ท. วิภา ตัวอย่าง</bdi>' in page
    assert '<bdi lang="und-Latn" dir="ltr">Wipa Tuayang</bdi>' in page
    for words in (
        "Liaison officer", "Beijing, China", "South Korea", "Chinese: working (B1–B2)", "Trafficking in persons",
        "Own hours", "Mon–Fri, 08:30–17:00 (Shanghai)", "Mon 23 Nov 2026, 17:00 Shanghai (10:00 Vienna)",
        "Seen by: All members", "You see what this person shows to you.", "Confirmed",
    ):  # fmt: skip
        assert words in page


def test_a_deputy_stands_on_the_page(loaded: Database, visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get(f"/directory/people/{public_id(loaded, 'Anton Muster')}").text
    assert "Dr. Clara Beispiel" in page.split('id="deputy"')[1]
    assert "Edit your entry" in page


def test_looking_at_somebody_is_noted_once_in_a_while(loaded: Database, visitors: dict[str, Visitor]) -> None:
    one = public_id(loaded, "Giulia Esempio")
    with loaded.reading() as session:
        account = session.scalars(select(Practitioner.account_id).where(Practitioner.public_id == one)).one()
    trail = f"account:{account}" if account else practitioner_topic(one)
    for _ in range(2):
        visitors[AUSTRIA].get(f"/directory/people/{one}")
    mine = public_id(loaded, "Anton Muster")
    visitors[AUSTRIA].get(f"/directory/people/{mine}")
    with loaded.reading() as session:
        looks = journal.read(session, trail_of(trail))
        assert [look.kind for look in looks] == ["access.directory"]
        assert journal.read(session, trail_of(practitioner_topic(mine))) == []


def test_a_state_shows_its_whole_record(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory/states/AT").text
    assert "Morgan Sample" in page.split('id="posted-here"')[1].split("</section>")[0]
    assert "Mag. Theresa Vorlage" in page.split('id="posted-elsewhere"')[1].split("</section>")[0]
    assert "UNTOC, Article 18(13)" in page
    assert "Border agreement for the Brenner route" in page
    assert 'href="/directory/networks/ejn"' in page
    argentina = visitors[AUSTRIA].get("/directory/states/AR").text
    assert "1 earlier notification" in argentina
    assert '<p class="quote clamp" lang="es" dir="ltr">' in argentina


def test_an_authority_shows_its_people_territories_and_holidays(loaded: Database, visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get(f"/directory/authorities/{authority_id(loaded, 'us-a')}").text
    assert "Guam" in page
    assert "Jordan Sample" in page
    assert "Thanksgiving" in page
    assert "Thu 26 Nov 2026" in page


def test_a_public_holiday_closes_an_authority(loaded: Database, visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get(f"/directory/authorities/{authority_id(loaded, 'jp-a')}").text
    assert "Closed today: public holiday; opens Tue 24 Nov 2026" in page
    assert "Labor Thanksgiving Day" in page


def test_a_day_of_its_own_closes_an_authority_without_a_reason(
    loaded: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    christmas_eve = SetClock(NOW + timedelta(days=31))
    visitor = Visitor(make_application(loaded, tmp_path_factory.mktemp("christmas"), christmas_eve)).sign_in(AUSTRIA)
    page = visitor.get(f"/directory/authorities/{authority_id(loaded, 'at-a')}").text
    assert "Closed today; opens Mon 28 Dec 2026, 08:00 Vienna" in page


def test_networks_have_pages(visitors: dict[str, Visitor]) -> None:
    assert visitors[AUSTRIA].get("/directory/networks").text.count('class="item-title"') == 18
    page = visitors[AUSTRIA].get("/directory/networks/seajust").text
    assert "links the central authorities of South East Asia with each other" in page
    assert "Head of international cooperation" in page.split('id="coordinators"')[1]
    assert "Dewi Contoh" in page
    assert "Asia-Pacific States" in page
    assert "/edit" not in page
    assert visitors[AUSTRIA].get("/directory/networks/nothing").status_code == 404


def test_notifications_by_provision_and_status(visitors: dict[str, Visitor]) -> None:
    everything = visitors[AUSTRIA].get("/directory/notifications").text
    assert everything.count('<th scope="row"') == 192
    outdated = visitors[AUSTRIA].get("/directory/notifications?provision=18(13)&status=outdated").text
    assert 0 < outdated.count('<th scope="row"') < 20
    none = visitors[AUSTRIA].get("/directory/notifications?provision=16(5)(a)&status=none_on_file").text
    assert ">Tuvalu<" not in none  # no Party
    assert ">Austria<" in none
    assert visitors[AUSTRIA].get("/directory/notifications?provision=x&status=y").text.count('<th scope="row"') == 192
    assert visitors[AUSTRIA].get("/directory/notifications/nothing").status_code == 404


def test_a_notification_says_what_stood_before(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory/notifications/ar-18-13-2").text
    assert "De conformidad con el párrafo 13" in page
    assert "courtesy translation" in page
    assert "What stood before" in page
    assert "Supersede" not in page
    old = visitors[SECRETARIAT].get("/directory/notifications/ar-18-13-1").text
    assert 'href="/directory/notifications/ar-18-13-2"' in old
    assert "Mark:" not in old


def test_arrangements_have_pages(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get("/directory/arrangements/upper-rhine").text
    assert 'href="/directory/states/CH"' in page
    assert "<li>Answers in German and French</li>" in page
    assert "centre@upper-rhine.example" in page
    assert visitors[AUSTRIA].get("/directory/arrangements/nothing").status_code == 404
