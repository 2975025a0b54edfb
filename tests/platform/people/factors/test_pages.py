"""Second factors through the pages, without script: set up, signed in with, confirmed, changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from comity.core import journal
from comity.people.events import Kind, topic
from comity.people.factors.codes import code_at
from comity.people.factors.rules import FRESH, HALF_LASTS
from comity.people.services import find_account
from tests.platform.people.conftest import ComeIn
from tests.support.application import Visitor
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA

PAGES = ("/", "/account", "/directory", "/consultations", "/account/factors", "/account/factors/recovery-codes")


@pytest.fixture
def guest(quick: Flask) -> Visitor:
    return Visitor(quick)


@pytest.fixture
def amina(quick: Flask, member: str, password: str, come_in: ComeIn) -> Visitor:
    visitor = Visitor(quick)
    assert come_in(visitor, member, password).status_code == 303
    return visitor


def _set_up_form(page: str, clock: SetClock) -> dict[str, str]:
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert sealed
    assert secret
    return {"sealed": sealed[1], "name": "Phone", "code": code_at(secret[1].replace(" ", ""), clock.now())}


def _half(guest: Visitor, member: str, password: str) -> None:
    assert guest.post("/sign-in", {"email": member, "password": password}).status_code == 303


def test_nothing_opens_before_a_second_factor_is_set_up(
    guest: Visitor, newcomer: str, password: str, clock: SetClock
) -> None:
    guest.post("/sign-in", {"email": newcomer, "password": password})
    for path in PAGES:
        assert guest.get(path).location.startswith("/sign-in?next=") or path == "/", path
        assert guest.get(path).status_code == 302, path
    assert guest.get("/consultations", headers={"Accept": "application/json"}).status_code == 401
    page = guest.get("/set-up?next=/directory").text
    assert 'src="data:image/svg+xml' in page
    form = {**_set_up_form(page, clock), "next": "/directory"}
    wrong = guest.post("/account/factors/authenticator", {**form, "code": "000000x"}, page="/set-up")
    assert (wrong.status_code, form["sealed"] in wrong.text) == (422, False)
    assert 'id="code-error"' in wrong.text
    assert guest.get("/directory").status_code == 302
    done = guest.post("/account/factors/authenticator", form, page="/set-up")
    assert done.location == "/account/factors/recovery-codes?next=/directory"
    assert guest.get("/directory").status_code == 200
    assert guest.get("/set-up").location == "/"


def test_recovery_codes_are_shown_once_and_each_lets_in_once(
    amina: Visitor, quick: Flask, member: str, password: str
) -> None:
    shown = amina.post("/account/factors/recovery-codes", {"next": "/directory"})
    codes = re.findall(r'<code dir="ltr">([0-9a-z-]{23})</code>', shown.text)
    assert len(codes) == 10
    assert codes[0] not in amina.get("/account/factors/recovery-codes").text
    for expected in (303, 422):
        other = Visitor(quick)
        _half(other, member, password)
        assert other.post("/sign-in/code", {"code": codes[0].upper()}).status_code == expected
        assert other.get("/account").status_code == (200 if expected == 303 else 302)


def test_the_second_step_waits_ten_minutes_and_needs_the_first(
    guest: Visitor, member: str, password: str, clock: SetClock, next_code: Callable[[], str]
) -> None:
    assert guest.get("/sign-in/code?next=/account").location == "/sign-in?next=/account"
    form = {"code": next_code(), "csrf_token": guest.token("/sign-in")}
    assert guest.client.post("/sign-in/code", data=form).location == "/sign-in?next=/"
    _half(guest, member, password)
    for path in (*PAGES, "/set-up", "/confirm"):
        assert guest.get(path).location.startswith("/sign-in"), path
    form = {"code": next_code(), "csrf_token": guest.token("/sign-in/code")}
    clock.advance(HALF_LASTS)
    assert guest.get("/sign-in/code").status_code == 302
    assert guest.client.post("/sign-in/code", data=form).location == "/sign-in?next=/"
    assert guest.get("/account").status_code == 302


def test_all_codes_that_do_not_fit_get_one_answer_and_are_counted(
    guest: Visitor, quick: Flask, member: str, password: str, next_code: Callable[[], str]
) -> None:
    used = next_code()
    _half(guest, member, password)
    assert guest.post("/sign-in/code", {"code": used}).status_code == 303
    other = Visitor(quick)
    _half(other, member, password)
    pages = set()
    for code in (used, "12345", "abcde-abcde-abcde-abcde", ""):
        answer = other.post("/sign-in/code", {"code": code})
        assert answer.status_code == 422
        pages.add(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text))
    assert len(pages) == 1
    statuses = [other.post("/sign-in/code", {"code": "1"}).status_code for _ in range(8)]
    assert statuses == [422] * 7 + [429]
    _half(other, member, password)
    assert (
        other.client.post(
            "/sign-in/code", data={"code": next_code(), "csrf_token": other.token("/sign-in/code")}
        ).status_code
        == 429
    )


def test_changes_ask_for_a_fresh_factor_and_lead_back(
    amina: Visitor, clock: SetClock, next_code: Callable[[], str]
) -> None:
    assert amina.get("/account/factors").status_code == 200
    assert "current_password" in amina.get("/account").text
    clock.advance(FRESH)
    assert amina.get("/account").status_code == 200
    assert "current_password" not in amina.get("/account").text
    assert amina.get("/account/factors").location == "/confirm?next=/account/factors"
    for path in ("/account/factors/authenticator", "/account/factors/recovery-codes"):
        assert amina.get(path).location == f"/confirm?next={path}"
        assert amina.post(path, page="/account").location.startswith("/confirm?next=/account/factors")
    for path in ("/account/factors/authenticator/1/remove", "/account/factors/authenticator/1/name"):
        assert amina.post(path, {"name": "x"}, page="/account").location == "/confirm?next=/account/factors"
    assert amina.post("/account/password", page="/account").location == "/confirm?next=/account"
    assert amina.post("/confirm", {"code": "000000", "next": "/account/factors"}).status_code == 422
    assert amina.get("/account/factors").status_code == 303
    answer = amina.post("/confirm", {"code": next_code(), "next": "/account/factors"})
    assert answer.location == "/account/factors"
    assert amina.get("/account/factors").status_code == 200


def test_factors_are_added_renamed_and_removed_and_the_last_one_stays(
    amina: Visitor, quick: Flask, member: str, clock: SetClock
) -> None:
    page = amina.get("/account/factors").text
    first = re.findall(r"/account/factors/(authenticator/\d+)/remove", page)[0]
    last = amina.post(f"/account/factors/{first}/remove", page="/account/factors")
    assert last.status_code == 409
    form = _set_up_form(amina.get("/account/factors/authenticator").text, clock)
    assert amina.post("/account/factors/authenticator", form).status_code == 303
    assert amina.post(f"/account/factors/{first}/name", {"name": ""}, page="/account/factors").status_code == 422
    assert amina.post(f"/account/factors/{first}/name", {"name": "Old one"}, page="/account/factors").status_code == 303
    assert "Old one" in amina.get("/account").text
    stranger = Visitor(quick).sign_in(AUSTRIA)
    assert stranger.post(f"/account/factors/{first}/remove", page="/account").status_code == 404
    assert amina.post(f"/account/factors/{first}/remove", page="/account/factors").status_code == 303
    assert "Old one" not in amina.get("/account/factors").text
    assert amina.post("/account/factors/pebble/1/remove", page="/account").status_code == 404
    with quick.extensions["comity"].db.reading() as session:
        account = find_account(session, member)
        assert account is not None
        kinds = [entry.kind for entry in journal.read(session, topic(account.id))]
        assert journal.first_break(session, topic(account.id)) is None
    changes = [kind for kind in kinds if kind.startswith("account.factor")]
    assert changes == [Kind.FACTOR_ADDED, Kind.FACTOR_ADDED, Kind.FACTOR_RENAMED, Kind.FACTOR_REMOVED]


def test_a_session_from_before_must_show_the_factor_that_was_set_up_elsewhere(
    guest: Visitor, quick: Flask, newcomer: str, password: str, clock: SetClock
) -> None:
    thief = Visitor(quick)
    for browser in (guest, thief):
        _half(browser, newcomer, password)
    form = _set_up_form(thief.get("/set-up").text, clock)
    token = thief.token("/set-up")
    own = _set_up_form(guest.get("/set-up").text, clock)
    assert guest.post("/account/factors/authenticator", own, page="/set-up").status_code == 303
    late = thief.client.post("/account/factors/authenticator", data={**form, "csrf_token": token})
    assert late.location == "/confirm?next=/account/factors"
    assert thief.get("/set-up").location == "/confirm?next=/"
    assert thief.get("/account").status_code == 302


def test_demonstration_accounts_come_in_by_their_link_and_have_no_factors(guest: Visitor) -> None:
    guest.sign_in(AUSTRIA)
    assert guest.get("/").status_code == 200
    assert guest.get("/account/factors").status_code == 404
    assert guest.get("/account/factors/authenticator").status_code == 403
    assert guest.post("/account/factors/recovery-codes", page="/account").status_code == 403
    assert guest.post("/account/password", {"password": "x"}, page="/account").status_code == 404


def test_at_an_ip_address_nobody_speaks_of_passkeys(guest: Visitor, link: str, newcomer: str, password: str) -> None:
    _half(guest, newcomer, password)
    for path in ("/sign-in", link, "/set-up"):
        assert "data-passkey" not in Visitor(guest.application).get(path).text
        assert "asskey" not in guest.get(path).text
    answer = guest.post_json("/passkeys/sign-in/options.json", {}, page="/set-up")
    assert answer.status_code == 404


def test_a_session_that_ended_is_not_fresh(amina: Visitor, clock: SetClock) -> None:
    clock.advance(timedelta(days=2))
    assert amina.get("/account/factors").location == "/sign-in?next=/account/factors"
