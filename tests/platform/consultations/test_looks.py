"""Every way to look at a consultation leaves one entry in its trail, with who, in which post, when and from where."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from comity.core import journal
from comity.core.audit import trail_of
from comity.core.journal import JournalEntry
from comity.core.web import Services
from tests.support import consulting, people
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines


@pytest.fixture
def larch(application: Flask, clock: SetClock) -> str:
    services: Services = application.extensions["comity"]
    public_id = consulting.begin(services.db, people.AUSTRIA, "th-a")
    clock.advance(timedelta(seconds=30))  # it was opened by the real clock
    return public_id


@pytest.fixture
def anton(visitor: Visitor) -> Visitor:
    return visitor.sign_in(people.AUSTRIA)


def trail(application: Flask, topic: str) -> list[JournalEntry]:
    services: Services = application.extensions["comity"]
    with services.db.reading() as session:
        assert journal.first_break(session, topic) is None
        return list(journal.read(session, topic))


def looks(application: Flask, public_id: str) -> list[str]:
    return [entry.kind for entry in trail(application, trail_of(f"consultation:{public_id}"))]


def test_each_way_is_noted_once_and_again_after_a_while(anton: Visitor, larch: str, clock: SetClock) -> None:
    page = f"/consultations/{larch}"
    ways = [page, f"{page}/events.json", f"{page}/readers", f"{page}/room"]
    for path in ways * 2:
        assert anton.get(path).status_code == 200, path
    expected = ["access.page", "access.events", "access.readers", "access.room"]
    assert looks(anton.application, larch) == expected
    assert anton.post_json(f"{page}/room/token", {"device": secrets.token_hex(8)}, page=page).status_code == 200
    assert looks(anton.application, larch) == [*expected, "access.room-token"]
    clock.advance(timedelta(minutes=15))
    anton.get(page)
    assert looks(anton.application, larch)[-1] == "access.page"
    entry = trail(anton.application, trail_of(f"consultation:{larch}"))[0]
    assert entry.account_id
    assert entry.post_id
    assert entry.payload == {"from": "127.0.0.1"}


def test_a_refused_token_lets_nobody_in_and_is_not_noted(anton: Visitor, larch: str) -> None:
    page = f"/consultations/{larch}"
    assert anton.post_json(f"{page}/room/token", {"device": 7}, page="/consultations").status_code == 422
    assert looks(anton.application, larch) == []


@pytest.mark.parametrize("email", [people.KENYA, people.SECRETARIAT])
def test_who_may_not_look_sees_nothing_and_leaves_nothing(visitor: Visitor, larch: str, email: str) -> None:
    stranger = visitor.sign_in(email)
    for path in ("", "/events.json", "/readers", "/room", "/room/present.json"):
        assert stranger.get(f"/consultations/{larch}{path}").status_code == 404
    assert looks(visitor.application, larch) == []


def test_a_change_says_where_it_came_from_and_nobody_is_shown(anton: Visitor, larch: str) -> None:
    page = f"/consultations/{larch}"
    address = {"REMOTE_ADDR": "198.51.100.23"}
    form = {"body": "Is English enough?", "client_id": "no-script-1", "csrf_token": anton.token(page)}
    assert anton.client.post(f"{page}/messages", data=form, environ_base=address).status_code == 302
    entry = trail(anton.application, f"consultation:{larch}")[-1]
    assert (entry.kind, entry.payload["from"]) == ("message", "198.51.100.23")
    somsri = Visitor(anton.application).sign_in(people.THAILAND)
    for path in (page, f"{page}/events.json", f"{page}/readers"):
        assert "198.51.100.23" not in somsri.get(path).text


def test_the_address_is_the_one_behind_the_trusted_proxies(engines: Engines, tmp_path: Path, clock: SetClock) -> None:
    with engines.sqlite(demonstration=True) as database:
        application = make_application(database, tmp_path, clock, COMITY_TRUSTED_PROXIES="1")
        larch = consulting.begin(database, people.AUSTRIA, "th-a")
        anton = Visitor(application).sign_in(people.AUSTRIA)
        spoken = {"X-Forwarded-For": "203.0.113.9, 192.0.2.44"}
        assert anton.get(f"/consultations/{larch}", headers=spoken).status_code == 200
        assert [e.payload for e in trail(application, trail_of(f"consultation:{larch}"))] == [{"from": "192.0.2.44"}]


def test_the_page_of_readers(anton: Visitor, larch: str) -> None:
    page = f"/consultations/{larch}"
    assert f'href="{page}/readers"' in anton.get(page).text
    somsri = Visitor(anton.application).sign_in(people.THAILAND)
    theirs = somsri.get(f"{page}/readers").text
    assert theirs.count("Opened it") == 2
    assert "Anton Muster" in theirs
    assert "Days are counted in UTC" in theirs
    assert "style=" not in theirs
    for wrong in ("2999-01-01", "2001-01-01", "yesterday", "2026-13-40"):
        answer = anton.get(f"{page}/readers?on={wrong}")
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
