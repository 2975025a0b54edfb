"""/account/applications: what is registered, shown once, listed and ended there."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.platform.people.conftest import ComeIn
from tests.support.application import Visitor
from tests.support.callers import BACK, Caller
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, SECRETARIAT, THAILAND

HERE = "/account/applications"


@pytest.fixture
def caller(application: Flask) -> Caller:
    return Caller(application)


@pytest.fixture
def anton(visitor: Visitor) -> Visitor:
    return visitor.sign_in(AUSTRIA)


def _shown(page: str, name: str) -> str:
    found = re.search(rf'id="{name}">([^<]+)<', page)
    assert found, page
    return found[1]


def _basic(email: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{email}:{password}".encode()).decode()}


def test_a_case_system_is_registered_used_and_ended(application: Flask, anton: Visitor, caller: Caller) -> None:
    form = {"kind": "system", "name": "Registry", "scopes": ["profile.read"]}
    page = anton.post(f"{HERE}/new", form).text
    name, secret = _shown(page, "client-id"), _shown(page, "client-secret")
    answer = caller.token({"grant_type": "client_credentials"}, (name, secret))
    token = answer.get_json()["access_token"]
    assert caller.get("/me", token).status_code == 200
    listed = anton.get(HERE).text
    assert "Registry" in listed
    assert "last used" in listed
    assert secret not in listed
    assert Visitor(application).sign_in(THAILAND).post(f"{HERE}/clients/{name}/end", page=HERE).status_code == 404
    assert caller.get("/me", token).status_code == 200
    assert anton.post(f"{HERE}/clients/{name}/end", page=HERE).status_code == 303
    assert caller.get("/me", token).status_code == 401
    assert "Registry" not in anton.get(HERE).text


def test_a_tool_has_no_secret(anton: Visitor) -> None:
    form = {"kind": "tool", "name": "Mail add-in", "scopes": ["profile.read"], "redirect_uris": BACK}
    page = anton.post(f"{HERE}/new", form).text
    assert "client-secret" not in page
    assert BACK in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["dav"]}, "scopes"),
        ({"kind": "robot"}, "kind"),
        ({"kind": "tool"}, "redirect_uris"),
        ({"kind": "tool", "redirect_uris": "http://tool.example/"}, "redirect_uris"),
    ],
)
def test_what_cannot_be_registered(anton: Visitor, changes: dict[str, object], field: str) -> None:
    answer = anton.post(f"{HERE}/new", {"kind": "system", "name": "Registry", "scopes": ["profile.read"], **changes})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_who_holds_no_post_registers_nothing(visitor: Visitor) -> None:
    visitor.sign_in(SECRETARIAT)
    assert visitor.get(f"{HERE}/new").status_code == 404
    assert f"{HERE}/new" not in visitor.get(HERE).text


def test_an_application_password_reads_the_directory_and_nothing_else(anton: Visitor, caller: Caller) -> None:
    password = _shown(anton.post(f"{HERE}/passwords", {"name": "Telephone"}, page=HERE).text, "shown")
    assert re.fullmatch(r"[a-z2-7]{4}( [a-z2-7]{4}){5}", password)
    for typed in (password, password.replace(" ", ""), password.upper()):
        assert caller.client.get("/api/v1/states", headers=_basic(AUSTRIA, typed)).status_code == 200
    assert caller.client.get("/api/v1/me", headers=_basic(AUSTRIA, password)).status_code == 403
    assert caller.client.get("/api/v1/consultations", headers=_basic(AUSTRIA, password)).status_code == 403
    refused = caller.client.get("/api/v1/states", headers=_basic(THAILAND, password))
    assert refused.status_code == 401
    assert any(challenge.startswith("Basic ") for challenge in refused.headers.getlist("WWW-Authenticate"))
    page = anton.get(HERE).text
    assert "Telephone" in page
    assert "last used" in page
    assert password not in page
    number = page.partition(f"{HERE}/passwords/")[2].partition("/")[0]
    assert anton.post(f"{HERE}/passwords/{number}/end", page=HERE).status_code == 303
    assert caller.client.get("/api/v1/states", headers=_basic(AUSTRIA, password)).status_code == 401


def test_nobody_ends_what_is_anothers(application: Flask, anton: Visitor, caller: Caller) -> None:
    anton.post(f"{HERE}/passwords", {"name": "Telephone"}, page=HERE)
    number = anton.get(HERE).text.partition(f"{HERE}/passwords/")[2].partition("/")[0]
    other = Visitor(application).sign_in(THAILAND)
    assert other.post(f"{HERE}/passwords/{number}/end", page=HERE).status_code == 404
    assert "Telephone" in anton.get(HERE).text


def test_a_password_needs_a_name(anton: Visitor) -> None:
    assert anton.post(f"{HERE}/passwords", {"name": " "}, page=HERE).status_code == 422


def test_a_fresh_factor_is_asked_for(
    quick: Flask, member: str, password: str, come_in: ComeIn, clock: SetClock
) -> None:
    amina = Visitor(quick)
    assert come_in(amina, member, password).status_code == 303
    clock.advance(timedelta(minutes=11))
    answer = amina.post(f"{HERE}/passwords", {"name": "Telephone"}, page=HERE)
    assert answer.location.endswith(f"?next={HERE}")
    assert "confirm" in answer.location
    assert "Telephone" not in amina.get(HERE).text
