"""Coming in and going out through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from comity.people.demonstration import demonstration_token
from comity.people.models import Account, SignInSession
from comity.people.rules import IDLE, OVERLAP, ROTATE_AFTER
from tests.platform.people.conftest import ComeIn
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, JORDAN

NEW = "copper rain over seven quiet roofs"


@pytest.fixture
def guest(quick: Flask) -> Visitor:
    return Visitor(quick)


def _first_step(guest: Visitor, email: str, password: str, onward: str = "/account") -> int:
    return guest.post("/sign-in", {"email": email, "password": password, "next": onward}).status_code


def _is_in(guest: Visitor) -> bool:
    return guest.get("/account").status_code == 200


def _sid(guest: Visitor) -> object:
    with guest.client.session_transaction() as cookie:
        return cookie.get("sid")


def test_signing_in_leads_to_where_one_wanted_to_go(
    guest: Visitor, member: str, password: str, next_code: Callable[[], str]
) -> None:
    sent_away = guest.get("/account")
    assert sent_away.location == "/sign-in?next=/account"
    page = guest.get(sent_away.location).text
    assert 'name="next" value="/account"' in page
    answer = guest.post("/sign-in", {"email": member.upper(), "password": password, "next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code?next=/account")
    assert 'name="next" value="/account"' in guest.get(answer.location).text
    assert not _is_in(guest)
    answer = guest.post("/sign-in/code", {"code": next_code(), "next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Amina Diallo" in guest.get("/account").text
    assert guest.get("/sign-in?next=/directory").location == "/directory"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_link_makes_sign_in_lead_elsewhere(
    guest: Visitor, member: str, password: str, elsewhere: str, next_code: Callable[[], str]
) -> None:
    assert 'name="next" value="/"' in guest.get("/sign-in", query_string={"next": elsewhere}).text
    answer = guest.post("/sign-in", {"email": member, "password": password, "next": elsewhere})
    assert answer.location == "/sign-in/code?next=/"
    assert guest.post("/sign-in/code", {"code": next_code(), "next": elsewhere}).location == "/"


def test_a_failure_keeps_the_address_and_says_nothing_of_accounts(guest: Visitor, member: str) -> None:
    pages = []
    for email in (member, AUSTRIA, "nobody@example.org"):
        answer = guest.post("/sign-in", {"email": email, "password": "wrong-guess", "next": "/account"})
        assert answer.status_code == 422
        assert f'value="{email}"' in answer.text
        assert 'name="next" value="/account"' in answer.text
        assert "wrong-guess" not in answer.text
        pages.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text.replace(email, "")))
    assert len(set(pages)) == 1
    assert not _is_in(guest)


def test_the_token_changes_at_sign_in_and_the_old_cookie_opens_nothing_after_sign_out(
    guest: Visitor, quick: Flask, member: str, password: str, come_in: ComeIn
) -> None:
    guest.get("/sign-in")
    before = guest.client.get_cookie("comity")
    assert come_in(guest, member, password).status_code == 303
    stolen = guest.client.get_cookie("comity")
    assert before is not None
    assert stolen is not None
    assert before.value != stolen.value
    assert stolen.http_only
    assert stolen.same_site == "Lax"
    thief = Visitor(quick)
    thief.client.set_cookie("comity", stolen.value)
    assert _is_in(thief)
    assert guest.post("/sign-out", page="/account").location == "/sign-in"
    assert not _is_in(guest)
    assert not _is_in(thief)


def test_a_second_sign_in_on_a_browser_ends_the_first(
    guest: Visitor, quick: Flask, member: str, password: str, clock: SetClock
) -> None:
    guest.sign_in(AUSTRIA).sign_in(JORDAN)
    with quick.extensions["comity"].db.reading() as session:
        ended = [row.ended_at for row in session.query(SignInSession).order_by(SignInSession.id)]
    assert ended == [clock.now(), None]


def test_the_cookies_token_is_new_each_day(guest: Visitor, clock: SetClock) -> None:
    guest.sign_in(AUSTRIA)
    first = _sid(guest)
    for _ in range(3):
        clock.advance(ROTATE_AFTER / 3)
        assert _is_in(guest)
    second = _sid(guest)
    assert second != first
    with guest.client.session_transaction() as cookie:
        cookie["sid"] = first
    assert _is_in(guest)
    assert _sid(guest) == first
    with guest.client.session_transaction() as cookie:
        cookie["sid"] = second
    clock.advance(OVERLAP)
    assert _is_in(guest)
    with guest.client.session_transaction() as cookie:
        cookie["sid"] = first
    assert not _is_in(guest)
    assert _sid(guest) is None


def test_an_idle_browser_is_signed_out(guest: Visitor, clock: SetClock) -> None:
    guest.sign_in(AUSTRIA)
    clock.advance(IDLE - timedelta(seconds=1))
    assert _is_in(guest)
    clock.advance(IDLE)
    assert not _is_in(guest)


def test_only_a_change_sets_the_cookie_again(guest: Visitor, clock: SetClock) -> None:
    guest.sign_in(AUSTRIA)
    guest.get("/account")
    assert "Set-Cookie" not in guest.get("/account").headers


def _from(visitor: Visitor, address: str, email: str, password: str) -> int:
    form = {"email": email, "password": password, "csrf_token": visitor.token("/sign-in")}
    return visitor.client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address}).status_code


def test_ten_failures_stop_a_network_for_an_account_and_nobody_else(
    guest: Visitor, quick: Flask, member: str, password: str
) -> None:
    for number in range(10):
        assert _from(guest, f"192.0.2.{number}", member, "wrong") == 422
    assert _from(guest, "192.0.2.99", member, password) == 429
    assert _from(guest, "192.0.2.99", "somebody-else@example.org", "wrong") == 422
    assert _from(Visitor(quick), "198.51.100.1", member, password) == 303
    assert Visitor(quick).sign_in(AUSTRIA).get("/account").status_code == 200


def test_whatever_strangers_do_the_owner_signs_in_with_a_browser_that_is_known(
    guest: Visitor, quick: Flask, member: str, password: str, come_in: ComeIn
) -> None:
    owner = Visitor(quick)
    assert come_in(owner, member, password).status_code == 303
    assert owner.post("/sign-out", page="/account").status_code == 303
    refused = [_from(guest, f"10.0.{number}.1", member, "wrong") for number in range(60)]
    # The owner was the first of fifty who came from anywhere.
    assert refused == [422] * 49 + [429] * 11
    assert [_from(guest, "127.0.0.1", f"nobody{number}@example.org", "x") for number in range(125)][-1] == 429
    # Nor does the password help anywhere else, while it lasts; in the known browser it does.
    assert _from(Visitor(quick), "198.51.100.1", member, password) == 429
    assert come_in(owner, member, password).status_code == 303
    assert owner.get("/account").status_code == 200


def test_a_known_browser_may_not_guess_for_ever_either(
    quick: Flask, member: str, password: str, come_in: ComeIn
) -> None:
    owner = Visitor(quick)
    assert come_in(owner, member, password).status_code == 303
    assert owner.post("/sign-out", page="/account").status_code == 303
    assert [_first_step(owner, member, "wrong") for _ in range(16)] == [422] * 15 + [429]


def test_a_browser_becomes_known_by_both_steps_and_not_by_the_first(
    guest: Visitor, member: str, password: str, come_in: ComeIn
) -> None:
    assert _first_step(guest, member, password) == 303
    assert guest.client.get_cookie("comity-browser") is None
    assert come_in(guest, member, password).status_code == 303
    known = guest.client.get_cookie("comity-browser")
    assert known is not None
    assert known.http_only
    assert known.same_site == "Strict"
    assert member not in known.value


def test_too_many_attempts_stop_a_network(guest: Visitor) -> None:
    statuses = [_first_step(guest, f"nobody{number}@example.org", "wrong") for number in range(121)]
    assert statuses == [422] * 120 + [429]
    answer = guest.client.post(
        "/sign-in", data={"csrf_token": guest.token("/sign-in")}, headers={"Accept-Language": "fr-CA"}
    )
    assert answer.status_code == 429
    assert '<html lang="fr"' in answer.text


def test_demonstration_links_work_again_and_again_and_only_in_demonstrations(guest: Visitor, quick: Flask) -> None:
    guest.sign_in(AUSTRIA).sign_in(AUSTRIA)
    assert _is_in(guest)
    assert guest.get("/sign-in/demonstration/" + "x" * 43).status_code == 404
    with quick.extensions["comity"].db.writing() as session:
        session.execute(update(Account).values(demonstration=False))
    with pytest.raises(AssertionError):
        Visitor(quick).sign_in(AUSTRIA)


def test_without_demonstration_its_links_open_nothing(quick: Flask, tmp_path: Path, clock: SetClock) -> None:
    database = quick.extensions["comity"].db
    earnest = make_application(database, tmp_path, clock, COMITY_DEMO="0")
    token = demonstration_token(earnest.extensions["comity"].config.secret_key, AUSTRIA)
    assert Visitor(quick).get(f"/sign-in/demonstration/{token}").status_code == 302
    assert Visitor(earnest).get(f"/sign-in/demonstration/{token}").status_code == 404
