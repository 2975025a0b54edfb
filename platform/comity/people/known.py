"""Known browsers: a signed cookie that names the accounts somebody has signed in to fully in this browser.

It opens nothing. It makes attempts from here count apart from those of strangers: see `lockout.py`. Accounts stand in
it as digests under the secret key, so that the cookie does not tell who works here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import cast

from flask import Flask, Response, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from comity.core import web
from comity.people.lockout import network_of

LASTS = 180 * 24 * 3600
"""Seconds since the last full sign-in here."""

_MOST_ACCOUNTS, _LONGEST = 4, 1000
Known = dict[str, str]
"""Random names of this browser, by the digest of the account's address; the latest last."""


def init_app(app: Flask) -> None:
    """Write the cookie with the answer that somebody came in with."""
    app.after_request(_write)


def cookie_name() -> str:
    return "__Host-comity-browser" if web.services().config.secure else "comity-browser"


def browser_for(email: str) -> str | None:
    """The name of this browser where it is known for an account, else None. email: as typed."""
    return _here().get(_digest(_key(), email))


def client() -> str:
    """What to count anonymous requests by: this browser where it is known for anybody, else its network."""
    return next(iter(_here().values()), None) or network_of(request.remote_addr or "")


def know(email: str) -> None:
    """Somebody has signed in fully in this browser: it is known for this account from now on."""
    g.known_for = email


def parse(secret_key: str, cookie: str) -> Known:
    """What a cookie says; nothing for one that we did not sign, or too long ago. Never raises."""
    if not cookie or len(cookie) > _LONGEST:
        return {}
    try:
        found = _serializer(secret_key).loads(cookie, max_age=LASTS)
    except BadData:
        return {}
    fits = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return cast("Known", found) if fits else {}


def written(secret_key: str, known: Known, email: str) -> str:
    """The cookie for what was known and one account more. The oldest of more than four is dropped."""
    mark = _digest(secret_key, email)
    others = {key: name for key, name in known.items() if key != mark}
    kept = [*others.items(), (mark, known.get(mark) or secrets.token_urlsafe(12))]
    return str(_serializer(secret_key).dumps(dict(kept[-_MOST_ACCOUNTS:])))


def _write(response: Response) -> Response:
    email = g.pop("known_for", None)
    if email is not None:
        value, secure = written(_key(), _here(), email), web.services().config.secure
        response.set_cookie(
            cookie_name(), value, max_age=LASTS, secure=secure, httponly=True, samesite="Strict", path="/"
        )
    return response


def _here() -> Known:
    return parse(_key(), request.cookies.get(cookie_name(), ""))


def _key() -> str:
    return web.services().config.secret_key


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeTimedSerializer(secret_key, salt="comity known browser", signer_kwargs=options)


def _digest(secret_key: str, email: str) -> str:
    about = f"known browser:{email.strip().lower()}".encode()
    return hmac.new(secret_key.encode(), about, hashlib.sha256).hexdigest()[:24]
