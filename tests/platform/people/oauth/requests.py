"""Requests to the authorisation server without the web around it."""

from __future__ import annotations

import base64
import json
from typing import Any

from comity.core.db import Database
from comity.people.oauth import server
from comity.people.oauth.acting import Caller, World, by_token
from comity.people.oauth.server import Reply, Sent
from tests.platform.people.oauth.conftest import Clients, at
from tests.support.callers import exchange, refreshing


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def send(database: Database, form: dict[str, str], headers: dict[str, str] | None = None, world: World | None = None,
         endpoint: str = "token") -> tuple[int, dict[str, Any]]:  # fmt: skip
    """One request in a unit of work; status and JSON of the answer."""
    with database.writing() as session:
        sent = Sent({name: [value] for name, value in form.items()}, headers or {})
        reply: Reply = getattr(server, endpoint)(session, sent, world or at())
    return reply.status, json.loads(reply.body)


def of_system(clients: Clients) -> dict[str, str]:
    return basic(clients.system.client.client_id, clients.system.secret)


def system_token(database: Database, clients: Clients, **form: str) -> str:
    status, body = send(database, {"grant_type": "client_credentials", **form}, of_system(clients))
    assert status == 200, body
    return str(body["access_token"])


def tool_tokens(database: Database, clients: Clients, code: str = "", world: World | None = None) -> dict[str, Any]:
    status, body = send(database, exchange(clients.tool.client.client_id, code or clients.code), world=world)
    assert status == 200, body
    return body


def refreshed(
    database: Database, clients: Clients, token: str, world: World | None = None
) -> tuple[int, dict[str, Any]]:
    return send(database, refreshing(clients.tool.client.client_id, token), world=world)


def caller(database: Database, token: str, world: World | None = None) -> Caller | None:
    """Who calls with a token, or None."""
    with database.reading() as session:
        return by_token(session, token, world or at())
