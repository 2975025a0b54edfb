"""Passkeys through the calls that the island makes, with an authenticator in software."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from comity.people.factors.rules import CHALLENGE_LASTS, FRESH
from comity.people.hashing import ArgonHasher
from comity.people.services import invite
from tests.support.application import Visitor, make_application
from tests.support.authenticator import Authenticator
from tests.support.clock import SetClock

ORIGIN = "http://localhost:8470"


@pytest.fixture
def named(application: Flask, tmp_path: Path, clock: SetClock, hasher: ArgonHasher) -> Flask:
    """The application at an address with a name, where there are passkeys."""
    found = make_application(application.extensions["comity"].db, tmp_path, clock, COMITY_BASE_URL=ORIGIN)
    found.extensions["comity.hasher"] = hasher
    return found


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(ORIGIN)


@pytest.fixture
def welcome(named: Flask, clock: SetClock) -> str:
    """The path of an invitation."""
    with named.extensions["comity"].db.writing() as session:
        return "/invitations/" + invite(
            session, "amina@example.org", "Amina Diallo", "fr", "Africa/Dakar", (), clock.now()
        )


@pytest.fixture
def amina(named: Flask, welcome: str, device: Authenticator) -> Visitor:
    """A browser that accepted the invitation with a passkey."""
    visitor = Visitor(named)
    answer = _walk(visitor, device.create, f"{welcome}/passkey/options.json", f"{welcome}/passkey.json", welcome)
    assert answer.get_json() == {"onward": "/account/factors/recovery-codes"}
    return visitor


def _walk(visitor: Visitor, use: Any, options: str, finish: str, page: str, **sent: Any) -> TestResponse:
    asked = visitor.post_json(options, {}, page=page)
    assert asked.status_code == 200, asked.text
    return visitor.post_json(finish, {"credential": use(asked.get_json()), **sent}, page=page)


def _sign_in(visitor: Visitor, device: Authenticator, onward: object = "/directory") -> TestResponse:
    return _walk(
        visitor, device.get, "/passkeys/sign-in/options.json", "/passkeys/sign-in.json", "/sign-in", next=onward
    )


def test_an_invitation_is_accepted_with_a_passkey_which_alone_lets_in_later(
    amina: Visitor, named: Flask, device: Authenticator, welcome: str
) -> None:
    assert amina.get("/account").status_code == 200
    assert amina.get(welcome).status_code == 410
    later = Visitor(named)
    assert "data-passkey" in later.get("/sign-in").text
    assert _sign_in(later, device).get_json() == {"onward": "/directory"}
    assert later.get("/account/factors").status_code == 200
    assert _sign_in(Visitor(named), device, "//evil.example").get_json() == {"onward": "/"}
    assert _sign_in(Visitor(named), device, ["x"]).get_json() == {"onward": "/"}


def test_a_passkey_from_another_place_or_twice_the_same_answer_is_refused(
    amina: Visitor, named: Flask, device: Authenticator
) -> None:
    guest = Visitor(named)
    device.origin = "http://localhost.evil.example:8470"
    assert _sign_in(guest, device).status_code == 422
    device.origin = ORIGIN
    options = guest.post_json("/passkeys/sign-in/options.json", {}, page="/sign-in").get_json()
    credential = device.get(options)
    other = Visitor(named)
    assert other.post_json("/passkeys/sign-in.json", {"credential": credential}, page="/sign-in").status_code == 422
    body = {"credential": credential}
    replayed = guest.client.get_cookie("comity")
    assert guest.post_json("/passkeys/sign-in.json", body, page="/sign-in").status_code == 200
    assert replayed is not None
    other.client.set_cookie("comity", replayed.value)
    assert other.post_json("/passkeys/sign-in.json", body, page="/sign-in").status_code == 422
    junks: list[Any] = [{}, {"credential": None}, {"credential": {"id": "x\0"}}, [], "x"]
    for junk in junks:
        guest.post_json("/passkeys/sign-in/options.json", {}, page="/account")
        assert guest.post_json("/passkeys/sign-in.json", junk, page="/account").status_code == 422


def test_a_challenge_lasts_five_minutes(amina: Visitor, named: Flask, device: Authenticator, clock: SetClock) -> None:
    guest = Visitor(named)
    options = guest.post_json("/passkeys/sign-in/options.json", {}, page="/sign-in").get_json()
    clock.advance(CHALLENGE_LASTS)
    body = {"credential": device.get(options)}
    assert guest.post_json("/passkeys/sign-in.json", body, page="/sign-in").status_code == 422
    assert guest.get("/account").status_code == 302


def test_a_passkey_confirms_and_a_second_one_is_added(
    amina: Visitor, named: Flask, device: Authenticator, clock: SetClock
) -> None:
    second = Authenticator(ORIGIN)
    clock.advance(FRESH)
    stale = amina.post_json("/passkeys/register/options.json", {}, page="/account")
    assert (stale.status_code, stale.get_json()["code"]) == (403, "fresh-factor-required")
    confirm = ("/passkeys/confirm/options.json", "/passkeys/confirm.json", "/confirm")
    assert _walk(amina, second.get, *confirm).status_code == 422
    done = _walk(amina, device.get, *confirm, next="/account/factors")
    assert done.get_json() == {"onward": "/account/factors"}
    register = ("/passkeys/register/options.json", "/passkeys/register.json", "/account/factors")
    assert _walk(amina, second.create, *register).status_code == 200
    assert _walk(amina, second.create, *register).status_code == 422
    assert _sign_in(Visitor(named), second).status_code == 200
    assert amina.get("/account/factors").text.count("/remove") == 2


def test_who_has_a_factor_adds_none_by_an_invitation(
    amina: Visitor, named: Flask, clock: SetClock, device: Authenticator
) -> None:
    with named.extensions["comity"].db.writing() as session:
        again = "/invitations/" + invite(session, "amina@example.org", "A", "fr", "UTC", (), clock.now())
    guest = Visitor(named)
    assert "data-passkey=" not in guest.get(again).text
    assert guest.post_json(f"{again}/passkey/options.json", {}, page=again).status_code == 404
    new = "copper rain over seven quiet roofs"
    assert guest.post(again, {"password": new, "repeated": new}).location == "/sign-in/code?next=/"
    assert guest.get("/account").status_code == 302
    assert _sign_in(guest, device).status_code == 200


def test_who_came_with_a_passkey_sets_a_password_later(amina: Visitor) -> None:
    new = "copper rain over seven quiet roofs"
    assert "current_password" not in amina.get("/account").text
    answer = amina.post("/account/password", {"password": new, "repeated": new}, page="/account")
    assert answer.status_code == 303
    assert "current_password" in amina.get("/account").text
