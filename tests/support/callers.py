"""Callers of the API: clients registered by demonstration officers, and their requests."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.people.models import Account
from comity.people.oauth.clients import Registered, Wanted, register
from comity.people.oauth.scopes import FOR_CLIENTS
from tests.support.application import Visitor

ALL = tuple(scope.value for scope in FOR_CLIENTS)
BACK = "https://tool.example/back?from=comity"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""The verifier of RFC 7636, appendix B."""

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def challenge(verifier: str) -> str:
    """S256 of RFC 7636, 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def officer(database: Database, email: str, now: Any) -> Actor:
    """A demonstration officer as an actor."""
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == email)).one()
        return actor_for(session, account, now)


@dataclass
class Caller:
    """A program that calls one application."""

    application: Flask

    def __post_init__(self) -> None:
        self.client = self.application.test_client(use_cookies=False)
        self.services = self.application.extensions["comity"]

    def register(self, email: str, kind: str = "system", scopes: tuple[str, ...] = ALL) -> Registered:
        """A client that an officer registers."""
        now = self.services.clock.now()
        actor = officer(self.services.db, email, now)
        with self.services.db.writing() as session:
            return register(session, actor, now, Wanted(kind, "Registry", scopes, BACK if kind == "tool" else ""))

    def token(self, form: dict[str, str], basic: tuple[str, str] | None = None) -> TestResponse:
        """Ask the token endpoint."""
        return self.client.post("/oauth/token", data=form, auth=basic)

    def system_token(self, email: str, scope: str = "", scopes: tuple[str, ...] = ALL) -> str:
        """An access token of a case system."""
        made = self.register(email, scopes=scopes)
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        answer = self.token(form, (made.client.client_id, made.secret))
        assert answer.status_code == 200, answer.text
        token: str = answer.get_json()["access_token"]
        return token

    def get(self, path: str, token: str | None = None, **arguments: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=headers(token, arguments.pop("headers", {})), **arguments)

    def send(self, method: str, path: str, token: str | None, body: Any, **more: str) -> TestResponse:
        """more: headers, with _ for -."""
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers(token, named))


def headers(token: str | None, more: dict[str, str] | None = None) -> dict[str, str]:
    return {**(more or {}), **({"Authorization": f"Bearer {token}"} if token else {})}


def authorize_path(client_id: str, **changes: str | None) -> str:
    """The address that a tool sends a person to. changes: None leaves a parameter out."""
    asked: dict[str, str | None] = {
        "response_type": "code", "client_id": client_id, "redirect_uri": BACK, "scope": "directory.read profile.read",
        "state": "xyz", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **changes,
    }  # fmt: skip
    return f"/oauth/authorize?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def allow(person: Visitor, path: str) -> dict[str, str]:
    """The person allows what a tool asks for; the parameters that the tool gets."""
    answer = person.post(path, {"answer": "allow"})
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def exchange(client_id: str, code: str, **changes: str) -> dict[str, str]:
    """The form that a tool exchanges a code with."""
    return {
        "grant_type": "authorization_code", "client_id": client_id, "code": code, "redirect_uri": BACK,
        "code_verifier": VERIFIER, **changes,
    }  # fmt: skip


def refreshing(client_id: str, token: str, **changes: str) -> dict[str, str]:
    """The form that a tool refreshes a token with."""
    return {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": token, **changes}


def key() -> str:
    """An Idempotency-Key."""
    return secrets.token_hex(16)
