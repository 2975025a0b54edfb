"""Every view carries a decision on access, and the guard keeps it."""

from __future__ import annotations

import pytest
from flask import Flask

from comity.core.web import api_description, decision_of, own_credentials, own_token, public
from tests.support.application import Visitor
from tests.support.people import AUSTRIA, SECRETARIAT

OPEN_TO_ALL = {
    "static", "home.health", "people.sign_in", "people.sign_in_submit", "people.sign_in_demonstration",
    "coming_in.prove", "coming_in.prove_submit", "coming_in.ask", "coming_in.ask_submit", "coming_in.use",
    "coming_in.use_submit", "people.invitation", "people.invitation_submit", "people.sign_out_submit",
    "preferences.language", "preferences.theme", "factors.code", "factors.code_submit",
    "federation.begin_sign_in", "federation.back",
    "confirmations.link", "confirmations.link_submit", "confirmations.confirmed",
    "passkeys.sign_in_options", "passkeys.sign_in", "passkeys.invitation_options", "passkeys.invitation",
}  # fmt: skip
MACHINES = {"rooms.webhook"}
OPEN = {public, own_token, own_credentials, api_description}
OF_CLIENTS = {"oauth.token", "oauth.revoke", "oauth.introspect"}
DESCRIPTIONS = {"api.page", "api.described", "oauth.metadata"}


def test_every_view_carries_a_decision(application: Flask) -> None:
    undecided = [
        rule.endpoint for rule in application.url_map.iter_rules() if not _decision(application, rule.endpoint)
    ]
    assert undecided == []


def test_what_is_open_to_all_is_what_we_think(application: Flask) -> None:
    found: dict[object, set[str]] = {
        public: set(), own_token: set(), own_credentials: set(), api_description: set(),
    }  # fmt: skip
    for rule in application.url_map.iter_rules():
        found.setdefault(_decision(application, rule.endpoint), set()).add(rule.endpoint)
    assert found[public] == OPEN_TO_ALL
    assert found[own_token] == MACHINES
    assert found[own_credentials] == OF_CLIENTS
    assert found[api_description] == DESCRIPTIONS


def test_a_view_without_a_decision_is_refused(application: Flask, visitor: Visitor) -> None:
    application._got_first_request = False
    application.add_url_rule("/undecided", "undecided", lambda: "in")
    assert visitor.get("/undecided").status_code == 404
    assert visitor.sign_in(SECRETARIAT).get("/undecided").status_code == 404


def _closed_pages(application: Flask) -> list[str]:
    return sorted(
        rule.rule
        for rule in application.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and _decision(application, rule.endpoint) not in OPEN
    )


def test_nobody_who_is_not_signed_in_sees_a_closed_page(application: Flask, visitor: Visitor) -> None:
    pages = [rule for rule in _closed_pages(application) if "<" not in rule]
    assert "/consultations" in pages
    for path in pages:
        answer = visitor.get(path)
        if path.endswith(".json") or path.startswith("/api/v1/"):
            assert answer.status_code == 401, path
        else:
            assert answer.status_code == 302, path
            assert answer.location.startswith("/sign-in"), path


@pytest.mark.parametrize("path", ["/mail", "/mail/000000001.comity"])
def test_kept_mail_is_for_the_secretariat_alone(visitor: Visitor, path: str) -> None:
    assert visitor.sign_in(AUSTRIA).get(path).status_code == 404
    assert visitor.sign_in(SECRETARIAT).get("/mail").status_code == 200


@pytest.mark.parametrize("name", ["../secrets.json", "..%2f..%2fsecrets.json", ".", "x" * 200])
def test_kept_mail_stays_in_its_folder(visitor: Visitor, name: str) -> None:
    assert visitor.sign_in(SECRETARIAT).get(f"/mail/{name}").status_code == 404


def _decision(application: Flask, endpoint: str) -> object:
    return decision_of(application.view_functions[endpoint])
