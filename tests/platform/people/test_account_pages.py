"""A person's own page, and the choices that need no account."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from comity.people.models import Account
from tests.platform.people.conftest import ComeIn
from tests.support.application import Visitor
from tests.support.people import AUSTRIA

NEW = "copper rain over seven quiet roofs"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"


@pytest.fixture
def guest(quick: Flask) -> Visitor:
    return Visitor(quick)


@pytest.fixture
def amina(quick: Flask, member: str, password: str, come_in: ComeIn) -> Visitor:
    """Amina Diallo's browser, signed in."""
    visitor = Visitor(quick)
    assert come_in(visitor, member, password).status_code == 303
    return visitor


def test_details_are_saved_and_the_page_follows_the_language(amina: Visitor) -> None:
    assert '<html lang="fr"' in amina.get("/account").text
    form = {"display_name": "Amina Sow", "language": "ar", "zone": "Europe/Vienna", "theme": "dark"}
    assert amina.post("/account", form).location == "/account"
    page = amina.get("/account").text
    assert '<html lang="ar" dir="rtl" data-theme="dark"' in page
    assert 'value="Amina Sow"' in page
    assert re.search(r'<option value="Europe/Vienna" selected>', page)


def test_a_wrong_detail_keeps_what_was_typed(amina: Visitor) -> None:
    answer = amina.post(
        "/account", {"display_name": "Amina Sow", "language": "en", "zone": "Europe/Vindobona", "theme": "auto"}
    )
    assert answer.status_code == 422
    assert 'value="Amina Sow"' in answer.text
    assert 'id="zone-error"' in answer.text
    assert 'value="Amina Diallo"' in amina.get("/account").text


def test_a_new_password_needs_the_present_one(
    amina: Visitor, quick: Flask, member: str, password: str, come_in: ComeIn
) -> None:
    form = {"current_password": "wrong", "password": NEW, "repeated": NEW}
    refused = amina.post("/account/password", form, page="/account")
    assert (refused.status_code, 'id="current_password-error"' in refused.text) == (422, True)
    weak = amina.post(
        "/account/password", {**form, "current_password": password, "password": "password"}, page="/account"
    )
    assert (weak.status_code, 'id="password-error"' in weak.text) == (422, True)
    there = Visitor(quick)
    assert come_in(there, member, password).status_code == 303
    changed = amina.post("/account/password", {**form, "current_password": password}, page="/account")
    assert changed.status_code == 303
    assert amina.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert come_in(there, member, password).status_code == 422
    assert come_in(there, member, NEW).status_code == 303


def test_the_present_password_cannot_be_guessed_without_end(amina: Visitor, password: str) -> None:
    form = {"password": NEW, "repeated": NEW}
    guesses = [amina.post("/account/password", form, page="/account").status_code for _ in range(10)]
    assert guesses == [422] * 10
    assert amina.post("/account/password", {**form, "current_password": password}, page="/account").status_code == 429


def test_a_lost_browser_is_signed_out_from_another(
    amina: Visitor, quick: Flask, member: str, password: str, come_in: ComeIn
) -> None:
    lost = Visitor(quick)
    lost.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    assert come_in(lost, member, password).status_code == 303
    page = amina.get("/account").text
    assert "Firefox" in page
    ends = re.findall(r"/account/sessions/\d+/end", page)
    assert len(ends) == 1
    stranger = Visitor(quick).sign_in(AUSTRIA)
    assert stranger.post(ends[0], page="/account").status_code == 404
    assert lost.get("/account").status_code == 200
    assert amina.post(ends[0], page="/account").status_code == 303
    assert lost.get("/account").status_code == 302
    assert amina.get("/account").status_code == 200


def test_all_other_browsers_are_signed_out_together(
    amina: Visitor, quick: Flask, member: str, password: str, come_in: ComeIn
) -> None:
    others = [Visitor(quick) for _ in range(2)]
    for other in others:
        come_in(other, member, password)
    assert amina.post("/account/sessions/end-others", page="/account").status_code == 303
    assert [browser.get("/account").status_code for browser in (amina, *others)] == [200, 302, 302]


def test_a_demonstration_account_has_no_password_to_change(guest: Visitor) -> None:
    page = guest.sign_in(AUSTRIA).get("/account").text
    assert "current_password" not in page
    assert "Europe/Vienna" in page


def test_language_and_theme_are_kept_for_a_guest(guest: Visitor) -> None:
    answer = guest.post("/preferences/language", {"language": "ru", "next": "/sign-in?next=/account"}, page="/sign-in")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    guest.post("/preferences/theme", {"theme": "dark"}, page="/sign-in")
    assert '<html lang="ru" dir="ltr" data-theme="dark"' in guest.get("/sign-in").text


def test_language_and_theme_are_kept_in_the_account(amina: Visitor, quick: Flask, member: str) -> None:
    amina.post("/preferences/language", {"language": "zh"}, page="/account")
    amina.post("/preferences/theme", {"theme": "light"}, page="/account")
    with quick.extensions["comity"].db.reading() as session:
        account = session.query(Account).filter_by(email=member).one()
    assert (account.locale, account.theme) == ("zh", "light")
    assert '<html lang="zh" dir="ltr" data-theme="light"' in amina.get("/account").text
    amina.post("/sign-out", page="/account")
    assert '<html lang="zh" dir="ltr" data-theme="light"' in amina.get("/sign-in").text


@pytest.mark.parametrize(
    ("path", "form"), [("language", {"language": "tlh"}), ("theme", {"theme": "pink"}), ("language", {})]
)
def test_what_is_not_offered_is_refused(guest: Visitor, path: str, form: dict[str, str]) -> None:
    answer = guest.post(f"/preferences/{path}", form, page="/sign-in")
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("given", "referrer", "expected"),
    [
        ("//evil.example", None, "/"),
        ("", "http://localhost/sign-in", "/sign-in"),
        ("", "http://evil.example/sign-in", "/"),
        ("/directory", "http://localhost/sign-in", "/directory"),
    ],
)
def test_a_choice_leads_back_and_never_elsewhere(
    guest: Visitor, given: str, referrer: str | None, expected: str
) -> None:
    form = {"theme": "dark", "next": given, "csrf_token": guest.token("/sign-in")}
    headers = {"Referer": referrer} if referrer else {}
    assert guest.client.post("/preferences/theme", data=form, headers=headers).location == expected


def test_a_script_that_stays_on_the_page_gets_nothing_back(guest: Visitor) -> None:
    form = {"theme": "dark", "csrf_token": guest.token("/sign-in")}
    answer = guest.client.post("/preferences/theme", data=form, headers={"Sec-Fetch-Dest": "empty"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert 'data-theme="dark"' in guest.get("/sign-in").text
