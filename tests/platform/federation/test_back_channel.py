"""The provider says that somebody signed out (OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.8)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from werkzeug.test import TestResponse

from comity.federation.tokens import LOGOUT_EVENT
from comity.people.events import Kind
from comity.people.factors.models import HalfSignIn
from tests.platform.federation.conftest import SUBJECT, Site
from tests.support.openid.server import Person


def _claims(site: Site, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {
        "iss": site.openid.issuer, "aud": site.client_id, "iat": now, "exp": now + 120, "jti": "one", "sub": SUBJECT,
        "events": {LOGOUT_EVENT: {}},
    }  # fmt: skip
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


def _report(site: Site, claims: dict[str, Any], **how: Any) -> TestResponse:
    token = site.openid.sign(claims, **{"header": {"typ": "logout+jwt"}, **how})
    return site.visitor().client.post("/sign-in/with/at/logout", data={"logout_token": token})


def test_the_person_s_sessions_end_at_once(site: Site) -> None:
    first, second = site.visitor(), site.visitor()
    site.come_in(first)
    site.come_in(second)
    answer = _report(site, _claims(site))
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, b"", "no-store")
    assert site.open_sessions() == []
    assert first.get("/set-up").status_code == 302
    assert [kind for kind, _payload in site.journal()].count(Kind.ENDED_ELSEWHERE) == 2


def test_a_session_s_name_ends_that_one_alone(site: Site) -> None:
    visitors = [site.visitor(), site.visitor()]
    for visitor in visitors:
        site.come_in(visitor, Person(site.openid, "nova"))
    sids = _sids(site)
    assert len(set(sids)) == 2
    assert _report(site, _claims(site, sid=sids[0])).status_code == 200
    assert [visitor.get("/set-up").status_code for visitor in visitors] == [302, 200]


def test_a_sign_in_that_waits_for_our_factor_cannot_be_finished(site: Site) -> None:
    site.come_in(site.visitor())
    with site.database.writing() as session:
        session.add(
            HalfSignIn(
                account_id=site.account().id, token_digest="d", method="provider", created_at=site.clock.now(),
                expires_at=site.clock.now(), vouched_by=site.open_sessions()[0].vouched_by,
            )
        )  # fmt: skip
    _report(site, _claims(site))
    with site.database.reading() as session:
        assert session.query(HalfSignIn).count() == 0


def test_a_logout_token_is_taken_in_once(site: Site) -> None:
    claims = _claims(site)
    assert _report(site, claims).status_code == 200
    visitor = site.visitor()
    site.come_in(visitor)
    answer = _report(site, claims)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert visitor.get("/set-up").status_code == 200


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ({"aud": "another-client"}, {}),
        ({"iss": "https://elsewhere.example"}, {}),
        ({"exp": 1_000_000_000, "iat": 999_999_900}, {}),
        ({"exp": None}, {}),
        ({"iat": None}, {}),
        ({"jti": None}, {}),
        ({"events": {"http://elsewhere.example/event": {}}}, {}),
        ({"events": None}, {}),
        ({"nonce": "x"}, {}),
        ({"sub": None}, {}),
        ({"exp": int(time.time()) + 86_400}, {}),
        ({}, {"header": {"alg": "none"}}),
        ({}, {"header": {"alg": "HS256"}, "secret": "known to both sides, and so to neither"}),
        ({}, {"header": {"typ": "at+jwt"}}),
        ({}, {"header": {"kid": "nobody-s"}}),
    ],
)
def test_what_does_not_hold_ends_nothing(site: Site, changed: dict[str, Any], how: dict[str, Any]) -> None:
    visitor = site.visitor()
    site.come_in(visitor)
    claims = {name: value for name, value in {**_claims(site), **changed}.items() if value is not None}
    assert _report(site, claims, **how).status_code == 400
    assert visitor.get("/set-up").status_code == 200


def test_an_id_token_is_no_logout_token(site: Site) -> None:
    assert _report(site, _claims(site, events=None, nonce="n")).status_code == 400
    assert site.visitor().client.post("/sign-in/with/at/logout").status_code == 400
    assert site.visitor().client.post("/sign-in/with/nobody/logout").status_code == 404


def _sids(site: Site) -> list[str | None]:
    with site.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT sid FROM provider_visit ORDER BY id")
        return [row[0] for row in rows]
