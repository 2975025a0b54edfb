"""The forms of the record: who may open them, what they change, what they say to what cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Network, SearchVersion, State
from comity.directory.record import Arrangement, Notification, Practitioner
from comity.directory.vocabulary import NotificationStatus, Visibility
from comity.people.models import Account
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, JORDAN, SECRETARIAT

CLARA = "clara.beispiel@justice.at.example"


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
    return {email: Visitor(application).sign_in(email) for email in (AUSTRIA, CLARA, JORDAN, SECRETARIAT)}


def public_id(database: Database, latin: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Practitioner.public_id).where(Practitioner.name_latin == latin)).one()


def last_entry(database: Database, topic: str) -> journal.JournalEntry:
    with database.reading() as session:
        return journal.read(session, topic)[-1]


def version(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(SearchVersion.version)).one()


ENTRY: dict[str, Any] = {
    "title": "Mag.", "name": "Anton Muster", "name_latin": "Anton Muster", "language": "de",
    "kind-1": "email", "detail-1": AUSTRIA, "whose-1": "post", "visibility-1": "members",
    "kind-2": "mobile", "detail-2": "+43 664 1234567", "whose-2": "own", "visibility-2": "secretariat",
    "kind-3": "telephone", "detail-3": "", "whose-3": "post", "visibility-3": "members",
    "language-1": "de", "level-1": "native", "language-2": "th", "level-2": "basic",
    "language-3": "", "level-3": "basic",
    "specialities": ["drugs", "maritime"], "networks": ["carin"], "deputy": "",
    "zone": "Europe/Rome", "days": ["1", "2", "3"], "opens": "09:00", "closes": "13:00",
}  # fmt: skip


def test_a_practitioner_keeps_their_own_entry(loaded: Database, visitors: dict[str, Visitor]) -> None:
    before = version(loaded)
    answer = visitors[AUSTRIA].post("/account/entry", ENTRY)
    mine = public_id(loaded, "Anton Muster")
    assert answer.location == f"/directory/people/{mine}"
    with loaded.reading() as session:
        one = session.scalars(select(Practitioner).where(Practitioner.public_id == mine)).one()
        assert one.languages == {"de": "native", "th": "basic"}
        assert one.specialities == ["drugs", "maritime"]
        assert [network.code for network in one.networks] == ["carin"]
        assert {(d.value, d.functional, d.visibility) for d in one.details} == {
            (AUSTRIA, True, Visibility.MEMBERS),
            ("+43 664 1234567", False, Visibility.SECRETARIAT),
        }
        assert (one.zone, one.office_days) == ("Europe/Rome", "123")
    entry = last_entry(loaded, f"record:practitioner:{mine}")
    assert entry.kind == "practitioner.changed"
    assert entry.payload["fields"] == ["details"]
    assert entry.payload["changes"]["specialities"]["new"] == ["drugs", "maritime"]
    assert "1234567" not in str(entry.payload)
    assert version(loaded) == before + 1
    page = visitors[AUSTRIA].get(f"/directory/people/{mine}").text
    assert "Own hours" in page
    assert "+43 664 1234567" in page
    assert "Seen by: Secretariat alone" in page
    assert "+43 664 1234567" not in visitors[JORDAN].get(f"/directory/people/{mine}").text


def test_a_row_that_stays_keeps_whether_its_mail_came_back(loaded: Database, visitors: dict[str, Visitor]) -> None:
    mine = public_id(loaded, "Anton Muster")
    with loaded.writing() as session:
        one = session.scalars(select(Practitioner).where(Practitioner.public_id == mine)).one()
        next(detail for detail in one.details if detail.value == AUSTRIA).bounced_at = NOW
    visitors[AUSTRIA].post("/account/entry", {**ENTRY, "visibility-1": "networks"})
    with loaded.reading() as session:
        one = session.scalars(select(Practitioner).where(Practitioner.public_id == mine)).one()
        kept = next(detail for detail in one.details if detail.value == AUSTRIA)
        assert (kept.bounced_at, kept.visibility) == (NOW, Visibility.NETWORKS)


@pytest.mark.parametrize(
    ("field", "changed", "words"),
    [
        ("detail-2", {"detail-2": "0664 1234567"}, "begins with + and the country"),
        ("detail-1", {"detail-1": "no address"}, "not an e-mail address"),
        ("language-2", {"language-2": "klingon"}, "no such language"),
        ("zone", {"zone": "Europe/Atlantis"}, "no such time zone"),
        ("opens", {"closes": "08:00"}, "an opening before the closing"),
        ("opens", {"days": []}, "need a weekday"),
        ("networks", {"networks": ["pilon"]}, "one of those offered"),
        ("specialities", {"specialities": ["alchemy"]}, "one of those offered"),
        ("deputy", {"deputy": "nobody"}, "one of those offered"),
        ("name", {"name": "  "}, "fill this in"),
        ("name_latin", {"name_latin": "Антон"}, "in Latin letters"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_lost(
    loaded: Database, visitors: dict[str, Visitor], field: str, changed: dict[str, Any], words: str
) -> None:
    mine = public_id(loaded, "Anton Muster")
    with loaded.reading() as session:
        before = journal.position(session, f"record:practitioner:{mine}")
    answer = visitors[AUSTRIA].post("/account/entry", {**ENTRY, "title": "Dr. typed", **changed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "Dr. typed" in answer.text
    if field.startswith("detail"):
        assert f'value="{changed[field]}"' in answer.text
    with loaded.reading() as session:
        assert journal.position(session, f"record:practitioner:{mine}") == before


def test_the_focal_point_keeps_a_colleague_s_entry_and_nobody_else_does(
    loaded: Database, visitors: dict[str, Visitor]
) -> None:
    path = f"/directory/people/{public_id(loaded, 'Anton Muster')}/edit"
    assert visitors[CLARA].post(path, {**ENTRY, "specialities": ["firearms"]}).status_code == 303
    for email in (JORDAN, SECRETARIAT):
        assert visitors[email].get(path).status_code == 404
        assert visitors[email].post(path, ENTRY, page="/account").status_code == 404


def test_who_is_not_listed_is_told_so(visitors: dict[str, Visitor]) -> None:
    assert "You are not listed" in visitors[SECRETARIAT].get("/account/entry").text
    assert visitors[SECRETARIAT].post("/account/entry", ENTRY, page="/account").status_code == 404


NOTICE = {
    "state": "TV", "provision": "18(13)", "status": "current", "language": "en", "deposited_on": "2026-11-01",
    "text": "The central authority is the Office of the Attorney General.", "english": "", "supersedes": "",
}  # fmt: skip


def test_a_notification_is_added_superseded_and_marked(loaded: Database, visitors: dict[str, Visitor]) -> None:
    secretariat = visitors[SECRETARIAT]
    form = "/directory/notifications/new"
    first = secretariat.post(form, NOTICE).location
    assert first
    again = secretariat.post(form, NOTICE)
    assert again.status_code == 422
    assert "There is one already" in again.text
    code = first.rpartition("/")[2]
    second = secretariat.post(form, {**NOTICE, "text": "It is now the Solicitor General.", "supersedes": code}).location
    assert second
    page = secretariat.get(second).text
    assert "It is now the Solicitor General." in page
    assert "What stood before" in page
    assert "This was superseded" in secretariat.get(first).text
    late = secretariat.post(form, {**NOTICE, "supersedes": code})
    assert late.status_code == 409
    head = second.rpartition("/")[2]
    assert secretariat.post(f"{second}/status", {"status": "review_requested"}, page=second).status_code == 303
    assert secretariat.post(f"{first}/status", {"status": "current"}, page=second).status_code == 422
    with loaded.reading() as session:
        kept = {
            one.code: one.status for one in session.scalars(select(Notification).where(Notification.state_iso2 == "TV"))
        }
        kinds = [[entry.kind for entry in journal.read(session, f"record:notification:{one}")] for one in (code, head)]
    assert kept == {code: NotificationStatus.OUTDATED, head: NotificationStatus.REVIEW_REQUESTED}
    assert kinds == [["notification.added", "notification.superseded"], ["notification.added", "notification.status"]]
    assert "earlier notification" in secretariat.get("/directory/states/TV").text
    overview = visitors[AUSTRIA].get("/directory/notifications?provision=18(13)&status=review_requested").text
    assert "not a Party" not in overview


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("state", {"state": "XX"}),
        ("provision", {"provision": "19(1)"}),
        ("status", {"status": "lost"}),
        ("deposited_on", {"deposited_on": ""}),
        ("deposited_on", {"deposited_on": "2026-13-01"}),
        ("text", {"text": " "}),
        ("language", {"language": "xx"}),
    ],
)
def test_a_notification_that_cannot_be_used(visitors: dict[str, Visitor], field: str, changed: dict[str, str]) -> None:
    answer = visitors[SECRETARIAT].post(
        "/directory/notifications/new", {**NOTICE, "state": "KI", "english": "typed words", **changed}
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "typed words" in answer.text


ARRANGEMENT = {
    "name": "Desk", "kind": "contact_points", "area": "A river", "states": ["AT", "DE"], "about": "**Both** banks.",
    "legal_basis": "Exchange of letters", "contact": "desk@river.example", "since": "",
}  # fmt: skip


def test_an_arrangement_is_added_and_changed(loaded: Database, visitors: dict[str, Visitor]) -> None:
    secretariat = visitors[SECRETARIAT]
    path = secretariat.post("/directory/arrangements/new", ARRANGEMENT).location
    assert path
    assert "<strong>Both</strong> banks." in visitors[AUSTRIA].get(path).text
    assert "Desk" in visitors[AUSTRIA].get("/directory/states/DE").text
    changed = {**ARRANGEMENT, "name": "Ferry", "since": "2020-02-01", "states": ["AT", "CH"]}
    assert secretariat.post(f"{path}/edit", changed).status_code == 303
    assert "Ferry" in visitors[AUSTRIA].get("/directory/states/CH").text
    assert f'href="{path}"' not in visitors[AUSTRIA].get("/directory/states/DE").text
    entry = last_entry(loaded, f"record:arrangement:{path.rpartition('/')[2]}")
    assert entry.payload["changes"]["states"] == {"old": ["AT", "DE"], "new": ["AT", "CH"]}
    for field, bad in (("states", {"states": ["AT"]}), ("contact", {"contact": "desk"}), ("since", {"since": "x"})):
        answer = secretariat.post("/directory/arrangements/new", {**ARRANGEMENT, **bad})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    with loaded.reading() as session:
        assert len(session.scalars(select(Arrangement).where(Arrangement.name == "Ferry")).all()) == 1


def test_a_network_is_changed_and_coordinated_by_a_post(loaded: Database, visitors: dict[str, Visitor]) -> None:
    secretariat, page = visitors[SECRETARIAT], "/directory/networks/globe/edit"
    form = {
        "name": "GlobE", "full_name": "GlobE Network", "year": "2021", "web": "https://globe.example/",
        "about": "New *words*.",
        "members": ["AT", "TH"], "languages": ["en", "fr"],
    }  # fmt: skip
    assert secretariat.post(page, form).status_code == 303
    shown = visitors[AUSTRIA].get("/directory/networks/globe").text
    assert "New <em>words</em>." in shown
    assert 'href="/directory/states/TH"' in shown
    assert 'href="/directory/states/KE"' not in shown.split('id="members"')[1]
    entry = last_entry(loaded, "record:network:globe")
    assert entry.payload["changes"]["full_name"]["new"] == "GlobE Network"
    assert entry.payload["changes"]["members"]["new"] == ["AT", "TH"]
    for field, changed in (("year", {"year": "20"}), ("web", {"web": "globe"}), ("members", {"members": ["XX"]})):
        answer = secretariat.post(page, {**form, **changed})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    with loaded.reading() as session:
        account = session.scalars(select(Account).where(Account.email == AUSTRIA)).one()
        post = actor_for(session, account, NOW).posts[0]
    appoint = "/directory/networks/globe/coordinators"
    assert secretariat.post(appoint, {"post": str(post.id)}, page=page).status_code == 303
    assert secretariat.post(appoint, {"post": str(post.id)}, page=page).status_code == 422
    assert secretariat.post(appoint, {"post": "x"}, page=page).status_code == 422
    with loaded.reading() as session:
        assert actor_for(session, account, NOW).coordinates == {"globe"}
    ends = [part.split('"')[0] for part in secretariat.get(page).text.split(f'action="{appoint}/')[1:]]
    for path in ends:
        assert secretariat.post(f"{appoint}/{path}", page=page).status_code == 303
    assert "No post coordinates" in visitors[AUSTRIA].get("/directory/networks/globe").text
    with loaded.reading() as session:
        assert session.get_one(Network, "globe").about == "New *words*."


def test_a_state_is_found_by_its_other_names(loaded: Database, visitors: dict[str, Visitor]) -> None:
    before = version(loaded)
    form = {"also": "Zwölfmeilenland\n\nAnother Name\nAnother Name", "party": "no"}
    assert visitors[SECRETARIAT].post("/directory/states/AT/edit", form).status_code == 303
    assert 'href="/directory/states/AT"' in visitors[AUSTRIA].get("/directory?q=zwolfmeilenland").text
    assert version(loaded) == before + 1
    entry = last_entry(loaded, "record:state:AT")
    assert entry.payload["changes"]["party"] == {"old": True, "new": False}
    answer = visitors[SECRETARIAT].post("/directory/states/AT/edit", {"also": "x" * 301, "party": "yes"})
    assert answer.status_code == 422
    assert 'id="also-error"' in answer.text
    with loaded.writing() as session:
        assert session.get_one(State, "AT").also == ["Zwölfmeilenland", "Another Name"]


POSTING = {
    "role": "liaison_magistrate", "host": "TH", "city": "Bangkok", "covers": ["VN"], "since": "2026-01-01", "until": "",
}  # fmt: skip


def test_somebody_is_posted_and_stands_on_the_pages_of_both_states(
    loaded: Database, visitors: dict[str, Visitor]
) -> None:
    one = public_id(loaded, "Reto Muster")
    path = f"/directory/people/{one}/liaison"
    assert visitors[SECRETARIAT].post(path, POSTING).status_code == 303
    for state in ("TH", "CH"):
        assert "Reto Muster" in visitors[AUSTRIA].get(f"/directory/states/{state}").text
    entry = last_entry(loaded, f"record:practitioner:{one}")
    assert entry.payload["changes"]["covers"]["new"] == ["TH", "VN"]
    for field, changed in (
        ("until", {"until": "2025-12-31"}),
        ("host", {"host": "CH"}),
        ("host", {"host": ""}),
        ("covers", {"covers": ["XX"]}),
        ("city", {"city": ""}),
        ("role", {"role": "judge"}),
        ("since", {"since": ""}),
    ):
        answer = visitors[SECRETARIAT].post(path, {**POSTING, **changed})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert visitors[SECRETARIAT].post(path, {**POSTING, "until": "2026-02-01"}).status_code == 303
    assert "Reto Muster" not in visitors[AUSTRIA].get("/directory/states/TH").text


@pytest.mark.parametrize(
    "path",
    [
        "/directory/states/AT/edit",
        "/directory/networks/globe/edit",
        "/directory/notifications/new",
        "/directory/arrangements/new",
        "/directory/arrangements/brenner/edit",
    ],
)
def test_the_record_is_the_secretariat_s_to_keep(visitors: dict[str, Visitor], path: str) -> None:
    assert visitors[SECRETARIAT].get(path).status_code == 200
    for email in (AUSTRIA, CLARA):
        assert visitors[email].get(path).status_code == 404
        assert visitors[email].post(path, {}, page="/account").status_code == 404
