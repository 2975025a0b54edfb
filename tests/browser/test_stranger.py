"""A third officer, signed in, without a part: refused at page, JSON, socket, media token and media server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
import websocket
from playwright.sync_api import expect

from comity.core.db import Database
from comity.rooms.tokens import MediaKey, join_token
from tests.browser.conftest import OpenWindow
from tests.realtime.live.officer import Officer
from tests.support.consulting import begin
from tests.support.people import AUSTRIA, KENYA, THAILAND
from tests.support.stack import Stack
from tests.support.webprocess import Web

SUBJECT = "Records that are no concern of hers"
DEVICE = "window-of-a-test"
READS = ("", "/room", "/events.json?after=0", "/room/present.json")
WRITES: dict[str, dict[str, Any]] = {
    "/messages": {"client_id": "stranger-1", "body": "in"},
    "/messages.json": {"client_id": "stranger-2", "body": "in"},
    "/read": {"position": "1"},
    "/read.json": {"position": 1},
    "/draft.json": {"body": "in"},
    "/room/token": {"device": DEVICE},
}


@pytest.fixture(scope="module")
def web(stack: Stack) -> Iterator[Web]:
    database = Database(stack.config.database_url, keys=stack.config.master_keys)
    yield Web(stack.config, database)
    database.dispose()


@pytest.fixture(scope="module")
def secret(web: Web) -> str:
    """The public id of a consultation of two others."""
    return begin(web.database, AUSTRIA, "th-a", SUBJECT)


@pytest.fixture
def officers(web: Web) -> Iterator[dict[str, Officer]]:
    present = {email: Officer(web, email) for email in (AUSTRIA, THAILAND, KENYA)}
    yield present
    for one in present.values():
        one.leave()


def test_she_finds_nothing_of_it(window: OpenWindow, secret: str) -> None:
    page = window(KENYA).page
    for path in ("/", "/consultations", f"/directory?q={SUBJECT}"):
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        assert page.locator(f"a[href*='{secret}']").count() == 0
    page.goto("/consultations")
    assert SUBJECT not in page.content()
    for path in (f"/consultations/{secret}", f"/consultations/{secret}/room"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404
        assert SUBJECT not in page.content()


def test_no_call_says_more_than_for_what_does_not_exist(officers: dict[str, Officer], secret: str) -> None:
    stranger, absent = officers[KENYA], "x" * len(secret)
    for path in READS:
        there, nowhere = (stranger.http.get(f"/consultations/{name}{path}") for name in (secret, absent))
        assert (there.status_code, _without_tokens(there)) == (404, _without_tokens(nowhere)), path
    for path, body in WRITES.items():
        there, nowhere = (_send(stranger, f"/consultations/{name}{path}", body) for name in (secret, absent))
        assert (there.status_code, _without_tokens(there)) == (404, _without_tokens(nowhere)), path
    slice_ = officers[AUSTRIA].http.get(f"/consultations/{secret}/events.json?after=0").json()
    assert [entry["kind"] for entry in slice_["entries"]] == ["event"]
    for path in ("/draft.json", "/room/token"):
        assert _send(officers[AUSTRIA], f"/consultations/{secret}{path}", WRITES[path]).is_success, path


def test_the_socket_lets_her_watch_nothing(officers: dict[str, Officer], secret: str) -> None:
    austria, thailand, stranger = (officers[email].connect() for email in (AUSTRIA, THAILAND, KENYA))
    assert austria.join(secret)["ok"]
    assert thailand.join(secret)["ok"]
    assert stranger.join(secret)["error"] == "not-found"
    assert stranger.join("x" * len(secret))["error"] == "not-found"
    for event, payload in {
        "read_after": {"cursor": 0},
        "post": {"client_id": "stranger-3", "body": "in"},
        "read": {"position": 1},
        "typing": {"on": True},
        "draft": {"body": "in"},
    }.items():
        assert not stranger.ask(event, payload)["ok"], event
    position = austria.ask("post", {"client_id": f"said-{secret[:8]}", "body": "between us"})["position"]
    thailand.hears("appended", position=position)
    assert stranger.ask("leave", {})["ok"]  # later than the hint would have come
    assert stranger.heard == []


def test_the_media_server_takes_no_token_but_ours_and_for_its_own_room_alone(
    officers: dict[str, Officer], web: Web, stack: Stack, secret: str
) -> None:
    room, token = _ticket(officers[AUSTRIA], secret)
    own_room, own_token = _ticket(officers[KENYA], begin(web.database, KENYA, "jo-a"))
    assert own_room != room
    assert _join(stack, token) == _join(stack, own_token) == 101
    for name, forged in _forged(stack, own_token, room).items():
        assert _join(stack, forged) == 401, name
    for bearer in (own_token, token):
        assert _list(stack, bearer, room).status_code in {401, 403}


def _forged(stack: Stack, own_token: str, room: str) -> dict[str, str]:
    """Tokens with which somebody might try to get into a room."""
    ours, now = MediaKey(stack.config.media_key, stack.config.media_secret), datetime.now(UTC)
    person: dict[str, Any] = {"room": room, "identity": "stranger", "name": "Stranger", "metadata": {}}
    head, payload, signature = own_token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["video"]["room"] = room
    moved = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return {
        "none": "",
        "the room changed under the signature": f"{head}.{moved}.{signature}",
        "unsigned": jwt.encode(claims, "", algorithm="none"),
        "another secret": join_token(MediaKey(ours.key, "x" * 64), now=now, **person),
        "another issuer": join_token(MediaKey("other", ours.secret), now=now, **person),
        "too old": join_token(ours, now=now - timedelta(hours=1), **person),
        "not to join": jwt.encode(
            {**claims, "video": {"room": room, "roomJoin": False}}, ours.secret, algorithm="HS256"
        ),
    }


def _ticket(officer: Officer, consultation: str) -> tuple[str, str]:
    """Room and token, as the room page asks for them."""
    answer = _send(officer, f"/consultations/{consultation}/room/token", {"device": DEVICE})
    assert answer.status_code == 200
    return answer.json()["room"], answer.json()["token"]


def _join(stack: Stack, token: str) -> int:
    """Knock at the media server's signalling; the status of the handshake (RFC 6455, 4)."""
    try:
        socket = websocket.create_connection(f"{stack.config.media_url}/rtc/v1?access_token={token}", timeout=20)
    except websocket.WebSocketBadStatusException as refused:
        return int(refused.status_code)
    socket.close()
    return 101


def _list(stack: Stack, token: str, room: str) -> httpx.Response:
    address = stack.config.media_url.replace("ws", "http", 1)
    return httpx.post(
        f"{address}/twirp/livekit.RoomService/ListParticipants",
        json={"room": room},
        headers={"Authorization": f"Bearer {token}"},
    )


def _send(officer: Officer, path: str, body: dict[str, Any]) -> httpx.Response:
    """Send as the page does: a form, or JSON with the page's CSRF token."""
    if path.endswith((".json", "/token")):
        page = officer.http.get("/consultations").text
        csrf = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        return officer.http.post(path, json=body, headers={"X-CSRFToken": csrf})
    return officer.form(path, body, "/consultations")


def _without_tokens(answer: httpx.Response) -> str:
    """An answer without what differs each time: CSRF tokens, nonces, and the address that was asked for."""
    text = answer.text.replace(str(answer.url.path).split("/")[2], "")
    for marker in ('name="csrf_token" value="', 'nonce="'):
        while marker in text:
            before, _, after = text.partition(marker)
            text = before + after.partition('"')[2]
    return text
