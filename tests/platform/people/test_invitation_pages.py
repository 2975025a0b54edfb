"""Invitations through the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from comity.people.models import Account
from comity.people.rules import INVITATION_LASTS
from comity.people.services import invite
from tests.support.application import Visitor
from tests.support.clock import SetClock

NEW = "copper rain over seven quiet roofs"


@pytest.fixture
def guest(quick: Flask) -> Visitor:
    return Visitor(quick)


def test_the_page_says_who_is_invited_in_their_language(guest: Visitor, link: str) -> None:
    page = guest.get(link, headers={"Accept-Language": "es"})
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert "Amina Diallo" in page.text
    assert "amina@example.org" in page.text


def test_a_chosen_password_leads_to_setting_up_a_second_factor_now_and_later(
    guest: Visitor, quick: Flask, link: str
) -> None:
    answer = guest.post(link, {"password": NEW, "repeated": NEW})
    assert (answer.status_code, answer.location) == (303, "/set-up?next=/")
    later = Visitor(quick)
    form = {"email": "amina@example.org", "password": NEW, "next": "/account"}
    assert later.post("/sign-in", form).location == "/set-up?next=/account"
    for browser in (guest, later):
        assert browser.get("/account").location == "/sign-in?next=/account"
        assert browser.get("/sign-in?next=/account").location == "/set-up?next=/account"
        assert browser.get("/set-up?next=/account").status_code == 200


def test_a_link_in_a_mail_does_not_take_the_place_of_a_second_factor(
    guest: Visitor, quick: Flask, member: str, clock: SetClock, next_code: Callable[[], str]
) -> None:
    with quick.extensions["comity"].db.writing() as session:
        link = "/invitations/" + invite(session, member, "Amina Diallo", "fr", "Africa/Dakar", (), clock.now())
    answer = guest.post(link, {"password": NEW, "repeated": NEW})
    assert answer.location == "/sign-in/code?next=/"
    assert guest.get("/account").status_code == 302
    assert guest.get("/set-up").status_code == 302
    assert guest.post("/sign-in/code", {"code": next_code()}).location == "/"
    assert guest.get("/account").status_code == 200


def test_a_weak_password_is_refused_with_advice_and_the_link_stays_good(guest: Visitor, link: str) -> None:
    guest.client.set_cookie("comity_language", "en")
    for form, words in (
        ({"password": "password", "repeated": "password"}, "one of the ten most common passwords"),
        ({"password": "AminaDiallo", "repeated": "AminaDiallo"}, "Your own name"),
        ({"password": "short", "repeated": "short"}, "at least 8 characters"),
        ({"password": NEW, "repeated": NEW + "x"}, "The two passwords differ"),
        ({}, "at least 8 characters"),
    ):
        answer = guest.post(link, form)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert f'value="{form.get("password")}"' not in answer.text
    assert guest.post(link, {"password": NEW, "repeated": NEW}).status_code == 303


def test_a_link_that_is_over_says_so_and_what_to_do(guest: Visitor, quick: Flask, link: str, clock: SetClock) -> None:
    guest.client.set_cookie("comity_language", "en")
    token = guest.token(link)
    guest.post(link, {"password": NEW, "repeated": NEW})
    other = Visitor(quick)
    used = other.get(link)
    assert (used.status_code, "works once" in used.text) == (410, True)
    with quick.extensions["comity"].db.writing() as session:
        path = "/invitations/" + invite(session, "b@example.org", "B", "en", "UTC", (), clock.now())
    form = {"password": NEW, "repeated": NEW, "csrf_token": other.token(path)}
    clock.advance(INVITATION_LASTS)
    for late in (other.get(path), other.client.post(path, data=form)):
        assert (late.status_code, "lasts for a week" in late.text) == (410, True)
    unknown = other.get(path[:-1])
    assert (unknown.status_code, "cut short" in unknown.text) == (404, True)
    assert token


def test_links_cannot_be_guessed_by_the_thousand(guest: Visitor) -> None:
    statuses = [guest.get(f"/invitations/{number}").status_code for number in range(21)]
    assert statuses == [404] * 20 + [429]


def test_whoever_was_signed_in_on_that_browser_is_signed_out(guest: Visitor, link: str, clock: SetClock) -> None:
    guest.sign_in("anton.muster@justice.at.example")
    clock.advance(timedelta(seconds=1))
    guest.post(link, {"password": NEW, "repeated": NEW})
    assert guest.get("/account").status_code == 302
    assert '<html lang="fr"' in guest.get("/set-up").text
    with guest.application.extensions["comity"].db.reading() as session:
        assert session.query(Account).filter_by(email="amina@example.org").one().password_hash
