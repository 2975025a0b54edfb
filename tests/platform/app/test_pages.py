"""What all pages share: headers, errors in the reader's language, health."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from comity.core.i18n import catalogue
from comity.core.web import access, public
from tests.support.application import Visitor
from tests.support.people import AUSTRIA, JORDAN, SECRETARIAT


def test_every_page_is_protected_by_its_headers(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "ws://127.0.0.1:7880" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers


def test_the_nonce_is_new_each_time_and_no_code_stands_in_the_page(visitor: Visitor) -> None:
    first, second = (visitor.get("/sign-in") for _ in range(2))
    nonces = {re.search(r"nonce-([\w-]+)", a.headers["Content-Security-Policy"]) for a in (first, second)}
    assert len({found[1] for found in nonces if found}) == 2
    assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|\sstyle=", first.text)


def test_health_needs_nobody(visitor: Visitor) -> None:
    assert visitor.get("/healthz").text == "ok\n"


def test_an_unknown_page_says_so_in_the_readers_language(visitor: Visitor) -> None:
    answer = visitor.sign_in(JORDAN).get("/nothing-here")
    assert answer.status_code == 404
    assert '<html lang="ar" dir="rtl"' in answer.text
    words = catalogue("ar").gettext("Nothing here")
    assert words != "Nothing here"
    assert words in answer.text


def test_a_machine_gets_problem_details(visitor: Visitor) -> None:
    answer = visitor.get("/consultations", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "sign-in-required"


def test_a_form_without_its_token_changes_nothing_and_says_why(visitor: Visitor) -> None:
    visitor.sign_in(AUSTRIA)
    answer = visitor.client.post("/sign-out", data={})
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert visitor.get("/").status_code == 200


def test_a_fault_of_ours_shows_a_reference_and_no_trace(
    application: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("secret words")

    monkeypatch.setitem(application.view_functions, "home.health", access(public)(fail))
    answer = visitor.get("/healthz")
    assert answer.status_code == 500
    assert "secret words" not in answer.text
    assert re.search(r"quote [0-9a-f]{10}", answer.text)


@pytest.mark.parametrize(("who", "shown"), [(AUSTRIA, "Waiting on me"), (SECRETARIAT, "You hold no post")])
def test_home_greets_each_person(visitor: Visitor, who: str, shown: str) -> None:
    answer = visitor.sign_in(who).get("/")
    assert answer.status_code == 200
    assert shown in answer.text
