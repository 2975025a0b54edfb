"""The API from outside: what it answers, to whom, and what it writes into the trail."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from comity.core.journal import JournalEntry, Topic
from comity.directory.models import Authority
from tests.support.application import Visitor
from tests.support.callers import Caller, key
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, THAILAND


@pytest.fixture
def caller(application: Flask) -> Caller:
    return Caller(application)


@pytest.fixture
def austria(caller: Caller) -> str:
    return caller.system_token(AUSTRIA)


@pytest.fixture
def thailand_id(caller: Caller) -> int:
    with caller.services.db.reading() as session:
        return int(session.scalars(select(Authority.id).where(Authority.code == "th-a")).one())


@pytest.fixture
def opening(thailand_id: int) -> dict[str, object]:
    return {
        "authority": thailand_id, "subject": "Bank records, operation Larch", "stage": "before-submission",
        "kind": "mutual-legal-assistance", "side": "requesting", "reference": "INT/88/26",
    }  # fmt: skip


@pytest.fixture
def larch(caller: Caller, austria: str, opening: dict[str, object]) -> str:
    answer = caller.send("POST", "/consultations", austria, opening)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def test_who_the_token_stands_for(caller: Caller, austria: str) -> None:
    me = caller.get("/me", austria).get_json()
    assert me["name"] == "Anton Muster"
    assert [post["state"] for post in me["posts"]] == ["AT"]
    assert me["scopes"] == sorted(me["scopes"])
    assert "consultations.write" in me["scopes"]


def test_two_case_systems_consult(caller: Caller, austria: str, larch: str) -> None:
    thailand = caller.system_token(THAILAND)
    answer = caller.send("POST", f"/consultations/{larch}/messages", austria, {"body": "Would **English** do?"})
    assert answer.status_code == 201
    [seen] = caller.get("/consultations", thailand).get_json()["items"]
    assert (seen["subject"], seen["waiting_on_us"]) == ("Bank records, operation Larch", True)
    page = caller.get(f"/consultations/{larch}/messages", thailand).get_json()
    assert [(item["event"], item["body"], item["ours"]) for item in page["items"]] == [
        ("opened", None, False), (None, "Would **English** do?", False),
    ]  # fmt: skip
    assert (page["position"], page["more"]) == (2, False)
    read = caller.send("PUT", f"/consultations/{larch}/read", thailand, {"position": 99})
    assert read.get_json() == {"position": 2}
    assert caller.get(f"/consultations/{larch}", thailand).get_json()["read"] == 2
    assert caller.get("/statistics/consultations", thailand).get_json()["items"][0]["count"] == 1


def test_a_third_state_learns_nothing(caller: Caller, larch: str) -> None:
    from_kenya = caller.system_token("amina.mfano@statelaw.ke.example")
    for method, path, body in (
        ("GET", f"/consultations/{larch}", None),
        ("GET", f"/consultations/{larch}/messages", None),
        ("POST", f"/consultations/{larch}/messages", {"body": "?"}),
        ("PUT", f"/consultations/{larch}/read", {"position": 1}),
    ):
        answer = caller.send(method, path, from_kenya, body)
        unknown = caller.send(method, path.replace(larch, "no-such-consultation"), from_kenya, body)
        assert answer.status_code == unknown.status_code == 404
        assert answer.get_json() == unknown.get_json()
    assert caller.get("/consultations", from_kenya).get_json() == {"items": []}


def test_looks_and_writings_name_the_client(caller: Caller, austria: str, larch: str, application: Flask) -> None:
    caller.get(f"/consultations/{larch}", austria)
    client = caller.get("/me", austria).get_json()["client"]
    with caller.services.db.reading() as session:
        rows = session.execute(
            select(Topic.name, JournalEntry.kind, JournalEntry.payload)
            .join(JournalEntry, JournalEntry.topic_id == Topic.id)
            .where(Topic.name.contains(larch))
        ).all()
    assert {(row.name.partition(":")[0], row.kind, row.payload.get("through")) for row in rows} == {
        ("audit", "access.api", client), ("consultation", "opened", client),
    }  # fmt: skip


def test_pages_of_a_list_follow_the_link(caller: Caller, austria: str) -> None:
    found, path = [], "/authorities?limit=3&part=a"
    for _page in range(50):
        answer = caller.get(path, austria)
        found += [item["id"] for item in answer.get_json()["items"]]
        if "Link" not in answer.headers:
            break
        link = re.fullmatch(r'<http://[^/]+/api/v1(\S+)>; rel="next"', answer.headers["Link"])
        assert link
        path = link[1]
    with caller.services.db.reading() as session:
        wanted = session.scalars(select(Authority.id).where(Authority.part == "a").order_by(Authority.id)).all()
    assert len(wanted) > 6
    assert found == wanted


def test_pages_of_messages_follow_the_link(caller: Caller, austria: str, larch: str) -> None:
    for number in range(4):
        caller.send("POST", f"/consultations/{larch}/messages", austria, {"body": f"message {number}"})
    first = caller.get(f"/consultations/{larch}/messages?limit=2", austria)
    assert "after=2" in first.headers["Link"]
    rest = caller.get(f"/consultations/{larch}/messages?after=2", austria).get_json()
    assert [item["body"] for item in rest["items"]] == ["message 1", "message 2", "message 3"]
    assert rest["position"] == 5


def test_lists_of_consultations_in_pages(
    caller: Caller, austria: str, opening: dict[str, object], clock: SetClock
) -> None:
    made = [caller.send("POST", "/consultations", austria, opening).get_json()["id"] for _ in range(5)]
    first = caller.get("/consultations?limit=3", austria)
    cursor = re.search(r"cursor=([^&>]+)", first.headers["Link"])
    assert cursor
    second = caller.get(f"/consultations?limit=3&cursor={cursor[1]}", austria)
    found = [item["id"] for item in first.get_json()["items"] + second.get_json()["items"]]
    assert found == made[::-1]
    thailand = caller.system_token(THAILAND)
    assert caller.get(f"/consultations?cursor={cursor[1]}", thailand).status_code == 422, "a cursor of somebody else"
    assert caller.get(f"/consultations?cursor={cursor[1]}x", austria).status_code == 422


@pytest.mark.parametrize(
    ("query", "states"), [("q=thailnd", {"TH"}), ("state=AT", {"AT"}), ("q=austria&state=TH", set())]
)
def test_filters_and_search(caller: Caller, austria: str, query: str, states: set[str]) -> None:
    items = caller.get(f"/authorities?{query}", austria).get_json()["items"]
    assert {item["state"] for item in items} == states


def test_a_filter_by_function(caller: Caller, austria: str) -> None:
    for function in ("extradition", "firearms_tracing"):
        items = caller.get(f"/authorities?function={function}", austria).get_json()["items"]
        assert all(function in item["functions"] for item in items)
        with caller.services.db.reading() as session:
            assert len(items) == sum(function in found.functions for found in session.scalars(select(Authority)))


def test_what_did_not_change_is_not_sent_again(caller: Caller, austria: str, thailand_id: int) -> None:
    first = caller.get(f"/authorities/{thailand_id}", austria)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = caller.get(f"/authorities/{thailand_id}", austria, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_one_key_one_effect(caller: Caller, austria: str, larch: str) -> None:
    path, mine = f"/consultations/{larch}/messages", key()
    first, second = (caller.send("POST", path, austria, {"body": "Once."}, Idempotency_Key=mine) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert (first.get_json(), first.headers["Location"]) == (second.get_json(), second.headers["Location"])
    assert len(caller.get(path, austria).get_json()["items"]) == 2
    other = caller.send("POST", path, austria, {"body": "Something else."}, Idempotency_Key=mine)
    assert (other.status_code, other.get_json()["code"]) == (422, "key-reused")


def test_a_key_whose_request_failed_may_be_tried_again(caller: Caller, austria: str, larch: str) -> None:
    path, mine = f"/consultations/{larch}/messages", key()
    assert caller.send("POST", path, austria, {"body": "   "}, Idempotency_Key=mine).status_code == 422
    assert caller.send("POST", path, austria, {"body": "   "}, Idempotency_Key=mine).get_json()["code"] == "invalid"


def test_a_key_belongs_to_its_client(caller: Caller, austria: str, larch: str) -> None:
    path, mine, thailand = f"/consultations/{larch}/messages", key(), caller.system_token(THAILAND)
    for token in (austria, thailand):
        assert caller.send("POST", path, token, {"body": "Same words."}, Idempotency_Key=mine).status_code == 201
    assert len(caller.get(path, austria).get_json()["items"]) == 3


def test_a_client_id_is_said_once(caller: Caller, austria: str, larch: str) -> None:
    path, body = f"/consultations/{larch}/messages", {"body": "Once.", "client_id": "registry-4711"}
    first, second = (caller.send("POST", path, austria, body).get_json() for _ in range(2))
    assert first == second


def test_a_cookie_opens_nothing_and_is_not_set(application: Flask, visitor: Visitor) -> None:
    visitor.sign_in(AUSTRIA)
    answer = visitor.get("/api/v1/me")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_limits_are_told_and_kept(application: Flask, caller: Caller, austria: str) -> None:
    limit = application.extensions["comity.api.limits"][False]
    application.extensions["comity.api.limits"][False] = type(limit)(2, namespace="few")
    first, second, third = (caller.get("/me", austria) for _ in range(3))
    assert re.fullmatch(r'"few";r=1;t=\d+', first.headers["RateLimit"])
    assert first.headers["RateLimit-Policy"] == '"few";q=2;w=60'
    assert (second.status_code, third.status_code) == (200, 429)
    assert 1 <= int(third.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("method", "path", "headers", "data", "status", "code"),
    [
        ("GET", "/nothing", {}, None, 404, "not-found"),
        ("DELETE", "/me", {}, None, 405, "method-not-allowed"),
        ("GET", "/authorities/x", {}, None, 422, "invalid"),
        ("GET", "/authorities/99999", {}, None, 404, "not-found"),
        ("GET", f"/authorities/{2**70}", {}, None, 422, "invalid"),
        ("GET", "/authorities?stat=AT", {}, None, 422, "invalid"),
        ("GET", "/authorities?state=AT&state=TH", {}, None, 422, "invalid"),
        ("GET", "/authorities?cursor=forged", {}, None, 422, "invalid"),
        ("GET", "/authorities?q=%00", {}, None, 422, "invalid"),
        ("POST", "/consultations", {"Content-Type": "text/plain"}, b"{}", 415, "unsupported-media-type"),
        ("POST", "/consultations", {"Content-Type": "application/json"}, b"{", 400, "bad-request"),
        ("POST", "/consultations", {"Content-Type": "application/json"}, b"[" * 100_000, 400, "bad-request"),
        ("POST", "/consultations", {"Content-Type": "application/json"}, b'{"a": NaN}', 400, "bad-request"),
        ("POST", "/consultations", {"Content-Type": "application/json"}, b"[]", 422, "invalid"),
        ("POST", "/consultations", {"Content-Type": "application/json"}, b"x" * 3_000_000, 413, "too-large"),
    ],
)  # fmt: skip
def test_problems(caller: Caller, austria: str, method: str, path: str, headers: dict[str, str], data: bytes | None,
                  status: int, code: str) -> None:  # fmt: skip
    sent = {**headers, "Authorization": f"Bearer {austria}"}
    answer = caller.client.open(f"/api/v1{path}", method=method, headers=sent, data=data)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = answer.get_json()
    assert (problem["status"], problem["code"]) == (status, code)
    kind, _, fragment = problem["type"].partition("/api/#")
    assert kind.startswith("http")
    assert f'id="{fragment}"' in caller.client.get("/api/").text


def test_faults_are_named_with_their_place(caller: Caller, austria: str, opening: dict[str, object]) -> None:
    answer = caller.send("POST", "/consultations", austria, {**opening, "stage": "soon", "extra": 1})
    faults = {fault["pointer"] for fault in answer.get_json()["errors"]}
    assert faults == {"/stage", ""}


def test_a_key_that_cannot_be_read_is_refused(caller: Caller, austria: str, opening: dict[str, object]) -> None:
    answer = caller.send("POST", "/consultations", austria, opening, Idempotency_Key="a" * 201)
    assert answer.status_code == 400
