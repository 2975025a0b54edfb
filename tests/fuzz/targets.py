"""What is given made-up input. A target returns where input is taken or refused in good order, else it raises."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jwt
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from limits import RateLimitItem

from comity.app import schema
from comity.core.clock import SystemClock
from comity.core.db import Database
from comity.core.errors import ComityError, Invalid
from comity.core.keys import MasterKeys
from comity.live import payloads
from comity.media import join_request
from comity.media import tokens as media_tokens
from comity.media.errors import BadRequest, TokenRefused
from comity.people import known
from comity.people.hashing import ArgonHasher
from comity.people.limits import Attempts
from comity.people.preferences import local_path
from comity.rooms import webhooks
from comity.rooms.identity import Identity
from comity.rooms.tokens import MediaKey
from tests.support.application import make_application
from tests.support.databases import MASTER_KEY

_KEY = MediaKey("comity", "a secret of at least thirty-two characters")
_NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
_ANSWERED = {200, 302, 303, 400, 404, 413, 422}


class WrongAnswer(Exception):
    """The application answered what it must not answer to such input."""


class _Unlimited(Attempts):
    def spend(self, limit: RateLimitItem, whose: str) -> None:
        """Counts nothing: the fuzzer's thousandth attempt must get as far as its first."""


@cache
def _application() -> Flask:
    folder = tempfile.TemporaryDirectory(prefix="comity-fuzz-")
    atexit.register(folder.cleanup)
    database = Database(f"sqlite:///{folder.name}/fuzz.sqlite3", keys=MasterKeys.parse(MASTER_KEY))
    schema.upgrade(database)
    application = make_application(database, Path(folder.name), SystemClock())
    application.config["WTF_CSRF_ENABLED"] = False
    application.extensions["comity.hasher"] = ArgonHasher(time_cost=1, memory_cost=8, parallelism=1)
    application.extensions["comity.attempts"] = _Unlimited()
    return application


def sign_in_form(data: bytes) -> None:
    """The body of the sign-in form: nobody has an account here, so nobody gets in."""
    answer = (
        _application()
        .test_client()
        .post("/sign-in", data=data, content_type="application/x-www-form-urlencoded", headers={"Accept": "text/html"})
    )
    if answer.status_code not in _ANSWERED - {200, 302, 303}:
        raise WrongAnswer(answer.status_code)


def multipart_form(data: bytes) -> None:
    """The same as multipart/form-data, which has a parser of its own (RFC 7578)."""
    answer = (
        _application()
        .test_client()
        .post("/sign-in", data=data, content_type="multipart/form-data; boundary=b", headers={"Accept": "text/html"})
    )
    if answer.status_code not in _ANSWERED - {200, 302, 303}:
        raise WrongAnswer(answer.status_code)


def session_cookie(data: bytes) -> None:
    """The session cookie as it came, and with a signature that fits, as after a leak of nothing but the format."""
    application = _application()
    serializer = SecureCookieSessionInterface().get_signing_serializer(application)
    assert serializer is not None
    for value in (data.decode("latin-1"), serializer.dumps({"sid": _value(data), "half": _value(data)})):
        headers = {"Cookie": f"comity={value}".encode("latin-1", "replace").decode("latin-1")}
        if "\r" in headers["Cookie"] or "\n" in headers["Cookie"]:
            continue  # no server lets a header with these through
        answer = application.test_client().get("/account", headers=headers)
        if answer.status_code != 302 or not answer.location.startswith("/sign-in"):
            raise WrongAnswer(answer.status_code)


def known_browser_cookie(data: bytes) -> None:
    """Nothing is known by a cookie that we did not sign; one that we signed is read whatever it holds."""
    text = data.decode("latin-1")
    if known.parse(_KEY.secret, text):
        raise WrongAnswer(text)
    signed = known._serializer(_KEY.secret).dumps(_value(data))
    found = known.parse(_KEY.secret, str(signed))
    if not all(isinstance(part, str) for pair in found.items() for part in pair):
        raise WrongAnswer(found)


def demonstration_token(data: bytes) -> None:
    """The token in the address of a one-click link."""
    path = "/sign-in/demonstration/" + quote(data, safe="")
    answer = _application().test_client().get(path)
    if answer.status_code not in {404, 308, 405}:
        raise WrongAnswer(answer.status_code)


def room_token(data: bytes) -> None:
    """A room's token as it came, and signed by us with any claims."""
    claims = _value(data)
    texts = [data.decode("latin-1")]
    if isinstance(claims, dict):
        texts.append(jwt.encode({"exp": int(_NOW.timestamp()) + 60, **claims, "iss": _KEY.key}, _KEY.secret))
    for text in texts:
        try:
            media_tokens.verify(text, _KEY.key, _KEY.secret, _NOW.timestamp())
        except TokenRefused:
            continue


def join_parameter(data: bytes) -> None:
    """The first message of a call, in the address of its WebSocket."""
    try:
        join_request.decode(data.decode("latin-1"))
    except BadRequest:
        return


def media_report(data: bytes) -> None:
    """A report's header and body, unsigned and signed."""
    body, _, header = data.partition(b"\n")
    for authorization in (header.decode("latin-1"), media_tokens.sign_body(body, *_signing())):
        try:
            webhooks.verify(_KEY, body, authorization, _NOW)
        except ComityError:
            continue


def seat_identity(data: bytes) -> None:
    """An identity in a report: what is read is what was written."""
    text = data.decode("utf-8", "replace")
    found = Identity.parse(text)
    if found is not None and str(found) != text and int(text.split("-")[1].split(".")[0]) != found.post_id:
        raise WrongAnswer(text)


def live_payload(data: bytes) -> None:
    """The payload of each live event."""
    value = _value(data)
    for kind in _PAYLOADS:
        try:
            kind.of(value)
        except Invalid:
            continue


def onward_path(data: bytes) -> None:
    """`next` in addresses and forms: what a browser would take for another site is not followed."""
    found = local_path(data.decode("utf-8", "replace"))
    if not found.startswith("/") or found.startswith(("//", "/\\")) or any(c in found for c in "\\\t\r\n"):
        raise WrongAnswer(found)


def _value(data: bytes) -> Any:
    """Input as JSON where it is some, else as text."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data.decode("utf-8", "replace")


def _signing() -> tuple[str, str, float]:
    return _KEY.key, _KEY.secret, _NOW.timestamp()


_PAYLOADS: tuple[Any, ...] = (
    payloads.Join,
    payloads.ReadAfter,
    payloads.Post,
    payloads.Read,
    payloads.Typing,
    payloads.Draft,
)

Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        sign_in_form, multipart_form, session_cookie, known_browser_cookie, demonstration_token, room_token,
        join_parameter, media_report, seat_identity, live_payload, onward_path,
    )
}  # fmt: skip
