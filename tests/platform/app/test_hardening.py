"""Headers, cookies, hosts, redirects, caches and limits: each as docs/security.md says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from comity.app.hosts import own_hosts
from comity.core import config as configuration
from comity.core.web import decision_of, own_token
from comity.people.demonstration import demonstration_token
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA

PUBLIC = "https://comity.example"
SECRETS = {
    "COMITY_SECRET_KEY": "a key of at least thirty-two characters",
    "COMITY_MEDIA_SECRET": "a secret of at least thirty-two characters",
    "COMITY_AUDIT_KEY": "an-audit-key-of-at-least-thirty-two-letters",
}


@pytest.fixture
def behind_tls(engines: Engines, tmp_path: Path, clock: SetClock) -> Iterator[Client]:
    """A browser at an installation that people reach over TLS."""
    settings = {"COMITY_BASE_URL": PUBLIC, "COMITY_MEDIA_URL": "wss://comity.example", **SECRETS}
    with engines.sqlite(demonstration=True) as database:
        yield make_application(database, tmp_path, clock, **settings).test_client()


def _get(client: Client, path: str, **arguments: Any) -> TestResponse:
    return client.get(path, base_url=PUBLIC, **arguments)


def test_every_answer_carries_the_protecting_headers(behind_tls: Client) -> None:
    for path in ("/sign-in", "/healthz", "/nothing-here", "/account", "/directory/search.json"):
        headers = _get(behind_tls, path).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert re.fullmatch(r"max-age=\d{8,}; includeSubDomains", headers["Strict-Transport-Security"])
        assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        permissions = headers["Permissions-Policy"]
        assert "camera=(self)" in permissions
        assert "geolocation=()" in permissions
        assert "*" not in permissions
        assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_cookies_are_bound_to_this_host_and_out_of_reach_of_scripts(behind_tls: Client) -> None:
    token = demonstration_token(SECRETS["COMITY_SECRET_KEY"], AUSTRIA)
    answers = [_get(behind_tls, f"/sign-in/demonstration/{token}")]
    csrf = re.search(r'name="csrf_token"\s+value="([^"]+)"', _get(behind_tls, "/account").text)
    assert csrf
    for name, value in (("language", "fr"), ("theme", "dark")):
        form = {name: value, "csrf_token": csrf[1]}
        answers.append(
            behind_tls.post(
                f"/preferences/{name}", data=form, base_url=PUBLIC, headers={"Referer": f"{PUBLIC}/account"}
            )
        )
    set_cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0] for cookie in set_cookies}
    assert names == {
        "__Host-comity", "__Host-comity-browser", "__Host-comity_language", "__Host-comity_theme"
    }  # fmt: skip
    for cookie in set_cookies:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= parts, cookie
        assert parts & {"samesite=lax", "samesite=strict"}, cookie
        assert not [part for part in parts if part.startswith("domain")], cookie


@pytest.mark.parametrize("host", ["evil.example", "comity.example.evil.example", "comity.example@evil.example", "a b"])
def test_another_host_is_answered_nothing(behind_tls: Client, host: str) -> None:
    for path in ("/sign-in", "/socket.io/?EIO=4&transport=websocket"):
        answer = behind_tls.get(path, headers={"Host": host}, base_url=PUBLIC)
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_our_hosts_are_the_public_one_the_bound_one_and_this_machine(tmp_path: Path) -> None:
    def hosts(**settings: str) -> tuple[str, ...]:
        return own_hosts(configuration.load({"COMITY_DATA": str(tmp_path), **settings}))

    assert hosts() == ("127.0.0.1", "localhost", "::1")
    assert hosts(COMITY_BASE_URL="http://localhost:1", COMITY_BIND="0.0.0.0:1") == ("localhost", "127.0.0.1", "::1")
    assert hosts(COMITY_BIND="10.0.0.7:1") == ("127.0.0.1", "10.0.0.7", "localhost", "::1")


@pytest.mark.parametrize("port", ["", ":8470"])
def test_our_own_names_are_answered(behind_tls: Client, port: str) -> None:
    for host in ("comity.example", "COMITY.example", "127.0.0.1", "localhost", "[::1]"):
        answer = behind_tls.get("/healthz", headers={"Host": f"{host}{port}"}, base_url=PUBLIC)
        assert answer.status_code == 200, host


def test_nothing_but_the_built_files_may_be_kept_by_a_browser(application: Flask) -> None:
    visitor, tried = Visitor(application).sign_in(AUSTRIA), 0
    for rule in application.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        answer = visitor.get(rule.rule)
        assert answer.headers["Cache-Control"] == "no-store", rule.rule
        tried += 1
    assert tried > 10


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "\\\\evil",
    ],
)
def test_nothing_leads_to_another_site(application: Flask, wanted: str) -> None:
    """Every page that takes `next`, for somebody who is sent on at once."""
    visitor, led = Visitor(application).sign_in(AUSTRIA), 0
    for rule in application.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        answer = visitor.get(rule.rule, query_string={"next": wanted})
        if answer.status_code in {301, 302, 303, 307, 308}:
            assert answer.location.startswith("/"), rule.rule
            assert not answer.location.startswith(("//", "/\\")), rule.rule
            led += 1
        assert f'href="{wanted}"' not in answer.text
        assert f'value="{wanted}"' not in answer.text
    assert led >= 1


def test_what_is_sent_is_limited_by_account(application: Flask) -> None:
    application.config["WTF_CSRF_ENABLED"] = False
    visitor, other = Visitor(application).sign_in(AUSTRIA), Visitor(application).sign_in(AUSTRIA)
    statuses = [visitor.client.post("/preferences/theme", data={"theme": "dark"}).status_code for _ in range(240)]
    assert set(statuses) == {303}
    assert other.client.post("/preferences/theme", data={"theme": "dark"}).status_code == 429
    assert other.get("/account").status_code == 200


def test_what_is_sent_is_limited_by_client_for_who_is_not_signed_in(application: Flask) -> None:
    application.config["WTF_CSRF_ENABLED"] = False
    client = application.test_client()
    statuses = [client.post("/preferences/theme", data={"theme": "dark"}).status_code for _ in range(241)]
    assert statuses == [303] * 240 + [429]
    elsewhere = client.post("/preferences/theme", data={"theme": "dark"}, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 303


def test_machines_that_report_are_not_slowed_down(application: Flask) -> None:
    reports = [
        rule
        for rule in application.url_map.iter_rules()
        if decision_of(application.view_functions[rule.endpoint]) is own_token
    ]
    assert reports
    for rule in reports:
        assert {application.test_client().post(rule.rule).status_code for _ in range(250)} == {403}
