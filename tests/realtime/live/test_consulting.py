"""Two officers over real sockets against a real web process; a third is refused everywhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from socketio.exceptions import ConnectionError as Refused
from sqlalchemy import select

from comity.consultations.services import consultation_for, post_message
from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.posts import Holding, appoint
from comity.people.models import Account
from tests.realtime.live.officer import Officer
from tests.support import people
from tests.support.consulting import begin
from tests.support.stack import wait_for
from tests.support.webprocess import Web

SignIn = Callable[[str], Officer]


def acting(database: Database, email: str) -> Actor:
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        return actor_for(session, account, datetime.now(UTC))


@pytest.fixture
def larch(web_database: Database) -> str:
    return begin(web_database, people.AUSTRIA, "th-a")


def test_what_one_says_the_other_reads(officer: SignIn, larch: str) -> None:
    anton, somsri = officer(people.AUSTRIA).connect(), officer(people.THAILAND).connect()
    assert anton.join(larch)["ok"]
    joined = somsri.join(larch)
    assert (joined["position"], [entry["kind"] for entry in joined["entries"]]) == (1, ["event"])
    assert {who["name"] for who in joined["here"]} == {"Anton Muster", "Somsri Tuayang"}
    said = anton.ask("post", {"client_id": "first-one", "body": "Is **English** enough?"})
    assert said["position"] == 2
    hint = somsri.hears("appended", position=2)
    assert hint == {"consultation": larch, "position": 2}
    entry = somsri.ask("read_after", {"cursor": 1})["entries"][0]
    assert (entry["position"], entry["mine"], entry["client_id"]) == (2, False, None)
    assert "<strong>English</strong>" in entry["html"]
    assert "Bangkok" in entry["time"]
    assert "Vienna" in entry["time"]
    again = anton.ask("post", {"client_id": "first-one", "body": "Is **English** enough?"})
    assert again["position"] == 2
    assert anton.ask("read_after", {"cursor": 1})["position"] == 2


def test_presence_typing_and_reading_are_seen(officer: SignIn, larch: str) -> None:
    anton, somsri = officer(people.AUSTRIA).connect(), officer(people.THAILAND).connect()
    anton.join(larch)
    somsri.join(larch)
    wait_for(lambda: len(anton.hears("presence")["here"]) == 2, 5)
    assert somsri.ask("typing", {"on": True})["ok"]
    assert anton.hears("typing", on=True)["who"]["name"] == "Somsri Tuayang"
    assert somsri.ask("read", {"position": 99})["position"] == 1
    assert anton.hears("read", position=1)["name"] == "Somsri Tuayang"
    somsri.ask("leave")
    wait_for(lambda: [who["name"] for who in anton.hears("presence")["here"]] == ["Anton Muster"], 5)
    assert somsri.ask("typing", {"on": True})["error"] == "not-found"


def test_who_reads_without_a_socket_is_seen_as_well(officer: SignIn, larch: str) -> None:
    anton, somsri = officer(people.AUSTRIA).connect(), officer(people.THAILAND)
    anton.join(larch)
    page = f"/consultations/{larch}"
    assert somsri.form(f"{page}/read", {"position": "1"}, page).is_redirect
    assert anton.hears("read", position=1)["name"] == "Somsri Tuayang"


def test_a_draft_is_on_the_page_after_a_reload(officer: SignIn, larch: str) -> None:
    anton = officer(people.AUSTRIA).connect()
    anton.join(larch)
    assert anton.ask("draft", {"body": "We are preparing <a> request"})["ok"]
    page = anton.http.get(f"/consultations/{larch}").text
    assert "We are preparing &lt;a&gt; request</textarea>" in page


def test_a_cut_and_reconnect_brings_everything_once_and_in_order(officer: SignIn, larch: str) -> None:
    anton, somsri = officer(people.AUSTRIA).connect(), officer(people.THAILAND).connect()
    cursor = anton.join(larch)["position"]
    somsri.join(larch)
    anton.socket.disconnect()
    for number in range(5):
        somsri.ask("post", {"client_id": f"while-cut-{number}", "body": f"Message {number}"})
    anton.connect()
    missed = anton.join(larch, cursor)["entries"]
    assert [entry["position"] for entry in missed] == [2, 3, 4, 5, 6]
    assert [f"Message {number}" in entry["html"] for number, entry in enumerate(missed)] == [True] * 5


def test_a_third_officer_is_refused_at_page_api_and_socket(officer: SignIn, larch: str) -> None:
    amina, noor = officer(people.KENYA), officer(people.SECRETARIAT)
    for other in (amina, noor):
        for path in ("", "/events.json?after=0", "/room"):
            assert other.http.get(f"/consultations/{larch}{path}").status_code == 404
        other.connect()
        assert other.join(larch)["error"] == "not-found"
        assert other.join("no-such-consultation")["error"] == "not-found"
        for event, payload in (
            ("read_after", {"cursor": 0}),
            ("post", {"client_id": "let-me-in", "body": "x"}),
            ("read", {"position": 1}),
            ("draft", {"body": "x"}),
            ("typing", {"on": True}),
        ):
            assert other.ask(event, payload)["error"] == "not-found", event


def test_nothing_of_a_consultation_reaches_a_socket_outside_it(officer: SignIn, larch: str) -> None:
    anton, amina = officer(people.AUSTRIA).connect(), officer(people.KENYA).connect()
    amina.join(larch)
    anton.join(larch)
    anton.ask("post", {"client_id": "for-two-only", "body": "x"})
    anton.hears("appended", position=2)
    assert amina.ask("leave")["ok"]
    assert amina.heard == []


def test_who_is_not_signed_in_is_refused(officer: SignIn) -> None:
    stranger = officer(people.KENYA)
    with pytest.raises(Refused):
        stranger.connect(cookie="comity=forged")


def test_pages_of_another_origin_are_refused(officer: SignIn) -> None:
    with pytest.raises(Refused):
        officer(people.AUSTRIA).connect(origin="https://elsewhere.example")


def test_polling_is_refused(web: Web) -> None:
    answer = httpx.get(f"{web.config.base_url}/socket.io/?EIO=4&transport=polling")
    assert answer.status_code == 400


def test_unknown_and_malformed_events_are_answered_with_an_error(officer: SignIn, larch: str) -> None:
    anton = officer(people.AUSTRIA).connect()
    assert anton.ask("nothing_of_the_kind", {})["error"] == "unknown-event"
    assert anton.ask("connect", {})["error"] == "unknown-event"
    assert anton.ask("disconnect", {})["error"] == "unknown-event"
    assert anton.ask("join", "not an object")["error"] == "invalid"
    assert anton.ask("join", {"consultation": larch, "cursor": -1})["error"] == "invalid"
    assert anton.join(larch)["ok"]
    assert anton.ask("post", {"client_id": "fine-name", "body": "  "})["message"] == "Write something before you send."
    assert anton.ask("post", {"client_id": "!", "body": "x"})["error"] == "invalid"


def test_a_flood_is_told_to_wait(officer: SignIn, larch: str) -> None:
    anton = officer(people.AUSTRIA).connect()
    anton.join(larch)
    answers = [anton.ask("typing", {"on": True}) for _ in range(45)]
    assert answers[0]["ok"]
    assert answers[-1]["error"] == "too-many"


def test_an_entry_of_another_process_is_announced(officer: SignIn, larch: str, web_database: Database) -> None:
    anton = officer(people.AUSTRIA).connect()
    anton.join(larch)
    with web_database.writing() as session:
        said = post_message(
            session, acting(web_database, people.THAILAND), datetime.now(UTC),
            public_id=larch, client_id=secrets.token_hex(8), body="From elsewhere",
        )  # fmt: skip
    anton.hears("appended", position=said.position)


def test_signing_out_ends_the_socket(officer: SignIn, larch: str) -> None:
    anton = officer(people.AUSTRIA).connect()
    anton.join(larch)
    other_window = officer(people.AUSTRIA).connect()
    other_window.join(larch)
    answer = anton.form("/sign-out", {}, f"/consultations/{larch}")
    assert (answer.is_redirect, answer.headers["Clear-Site-Data"]) == (True, '"storage"')
    wait_for(lambda: not anton.socket.connected, 5)
    assert other_window.ask("typing", {"on": False})["ok"]
    with pytest.raises(Refused):
        anton.connect()


def test_a_post_that_passed_on_speaks_no_more(officer: SignIn, larch: str, web_database: Database) -> None:
    somsri, moment = officer(people.THAILAND).connect(), datetime.now(UTC)
    somsri.join(larch)
    with web_database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == people.THAILAND)).one()
        holding = session.scalars(select(Holding).where(Holding.account_id == account.id)).one()
        successor = session.scalars(select(Account).where(Account.email == people.SECRETARIAT)).one()
        appoint(session, holding.post, successor, moment)
    answer = somsri.ask("post", {"client_id": "still-there", "body": "x"})
    with web_database.writing() as session:
        appoint(session, session.merge(holding).post, session.merge(account), datetime.now(UTC))
    assert answer["error"] == "sign-in-required"
    with web_database.reading() as session:
        assert consultation_for(session, acting(web_database, people.AUSTRIA), larch).last_position == 1
