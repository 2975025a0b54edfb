"""A tool asks, a person answers: the whole way through the browser, and all that can be wrong with the asking."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from comity.people.oauth.clients import Registered
from tests.support.application import Visitor
from tests.support.callers import BACK, CHALLENGE, Caller, allow, authorize_path, exchange, refreshing
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, THAILAND


@pytest.fixture
def caller(application: Flask) -> Caller:
    return Caller(application)


@pytest.fixture
def tool(caller: Caller) -> Registered:
    return caller.register(AUSTRIA, "tool", ("directory.read", "profile.read", "consultations.read"))


@pytest.fixture
def anton(visitor: Visitor) -> Visitor:
    return visitor.sign_in(AUSTRIA)


def test_from_the_question_to_the_directory(caller: Caller, anton: Visitor, tool: Registered, clock: SetClock) -> None:
    path = authorize_path(tool.client.client_id)
    page = anton.get(path)
    assert "Registry" in page.text
    assert "Read and search the directory" in page.text
    assert "Read the consultations" not in page.text, "it was not asked for"
    assert "form-action 'self' https://tool.example;" in page.headers["Content-Security-Policy"]
    told = allow(anton, path)
    assert (told["state"], told["iss"], told["from"]) == ("xyz", caller.services.config.base_url, "comity")
    tokens = caller.token(exchange(tool.client.client_id, told["code"])).get_json()
    assert caller.get("/me", tokens["access_token"]).get_json()["client"] == tool.client.client_id
    assert caller.get("/consultations", tokens["access_token"]).status_code == 403
    clock.advance(timedelta(minutes=11))
    assert caller.get("/me", tokens["access_token"]).status_code == 401
    fresh = caller.token(refreshing(tool.client.client_id, tokens["refresh_token"])).get_json()
    assert caller.get("/me", fresh["access_token"]).status_code == 200
    ending = anton.get("/account/applications").text.partition("/account/applications/tools/")[2].partition("/")[0]
    anton.post(f"/account/applications/tools/{ending}/end", page="/account/applications")
    assert caller.get("/me", fresh["access_token"]).status_code == 401


def test_a_person_may_refuse(anton: Visitor, tool: Registered) -> None:
    answer = anton.post(authorize_path(tool.client.client_id), {"answer": "refuse"})
    told = parse_qs(urlsplit(answer.location).query)
    assert (told["error"], told["state"], "code" in told) == (["access_denied"], ["xyz"], False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "consultations.write"}, "invalid_scope"),
        ({"scope": "dav"}, "invalid_scope"),
    ],
)
def test_a_question_that_cannot_be_asked_is_sent_back(
    caller: Caller, anton: Visitor, tool: Registered, changes: dict[str, str | None], error: str
) -> None:
    path = authorize_path(tool.client.client_id, **changes)
    token = anton.token("/account")
    for answer in (anton.get(path), anton.client.post(path, data={"answer": "allow", "csrf_token": token})):
        told = parse_qs(urlsplit(answer.location).query)
        assert (told["error"], told["iss"]) == ([error], [caller.services.config.base_url])
        assert "code" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": BACK + "&more=1"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": BACK.upper()},
        {"redirect_uri": "https://tool.example/back"},
    ],
)
def test_nobody_is_sent_to_an_address_that_was_not_registered(
    anton: Visitor, tool: Registered, changes: dict[str, str | None]
) -> None:
    answer = anton.get(authorize_path(**{"client_id": tool.client.client_id, **changes}))  # type: ignore[arg-type]
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


def test_a_case_system_cannot_ask_people(caller: Caller, anton: Visitor) -> None:
    system = caller.register(AUSTRIA)
    assert anton.get(authorize_path(system.client.client_id)).status_code == 404


def test_a_parameter_given_twice(anton: Visitor, tool: Registered) -> None:
    answer = anton.get(authorize_path(tool.client.client_id) + f"&code_challenge={CHALLENGE}")
    assert "error=invalid_request" in answer.location


def test_a_tool_of_another_state_is_refused(caller: Caller, visitor: Visitor, tool: Registered) -> None:
    answer = visitor.sign_in(THAILAND).get(authorize_path(tool.client.client_id))
    assert parse_qs(urlsplit(answer.location).query)["error"] == ["access_denied"]


def test_who_is_not_signed_in_comes_back_afterwards(visitor: Visitor, tool: Registered) -> None:
    answer = visitor.get(authorize_path(tool.client.client_id))
    assert answer.location.startswith("/sign-in?next=/oauth/authorize")


def test_an_answer_without_the_forms_token_counts_for_nothing(anton: Visitor, tool: Registered) -> None:
    assert anton.client.post(authorize_path(tool.client.client_id), data={"answer": "allow"}).status_code == 400


def test_metadata(caller: Caller) -> None:
    found = caller.client.get("/.well-known/oauth-authorization-server").get_json()
    assert found["issuer"] == caller.services.config.base_url
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True
    known = {rule.rule for rule in caller.application.url_map.iter_rules()}
    for name in ("authorization", "token", "revocation", "introspection"):
        assert urlsplit(found[f"{name}_endpoint"]).path in known


@pytest.mark.parametrize("path", ["token", "revoke", "introspect"])
@pytest.mark.parametrize(
    ("data", "authorization"),
    [
        (b"grant_type=a&grant_type=b", ""),
        (b"grant_type=%00", ""),
        (b"grant_type=%22%5C&token=%ff", ""),
        (b"client_id=%C3%A4", ""),
        (b"grant_type=client_credentials&token=x", "Basic !!!"),
        (b"grant_type=client_credentials&token=x", "Basic /w=="),
        (b"grant_type=client_credentials&token=x", "Basic AAAA"),
        (b"grant_type=client_credentials&token=x", "Basic Og=="),
        (b"", "Bearer x"),
    ],
)
def test_what_no_client_sends_is_refused_in_words(caller: Caller, path: str, data: bytes, authorization: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": authorization}
    answer = caller.client.post(f"/oauth/{path}", data=data, headers=headers)
    assert answer.status_code in {400, 401}
    assert answer.get_json()["error"] in {"invalid_request", "invalid_client", "unsupported_grant_type"}
    assert answer.headers["Cache-Control"] == "no-store"
