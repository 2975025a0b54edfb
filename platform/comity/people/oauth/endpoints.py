"""The authorisation server's addresses for machines: token, revocation, introspection, metadata."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, current_app, request
from limits import RateLimitItemPerMinute
from sqlalchemy.orm import Session

from comity.core.errors import TooMany
from comity.core.i18n import LANGUAGES
from comity.core.web import access, api_description, now, origin, own_credentials, services, writing
from comity.people.limits import attempts
from comity.people.oauth import server
from comity.people.oauth.acting import ActorOf, World
from comity.people.oauth.scopes import FOR_CLIENTS
from comity.people.oauth.server import Reply, Sent

blueprint = Blueprint("oauth", __name__)
TOKENS_BY_ADDRESS = RateLimitItemPerMinute(120, namespace="oauth-address")
_VISIBLE = re.compile(r"[\x20-\x7e]{0,2000}")
_NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


def world() -> World:
    """What decides as whom a token acts, at this moment."""
    return World(cast("ActorOf", current_app.extensions["comity.actor_of"]), services().config.demo, now())


@blueprint.post("/oauth/token")
@access(own_credentials)
def token() -> Response:
    return _answer(server.token)


@blueprint.post("/oauth/revoke")
@access(own_credentials)
def revoke() -> Response:
    return _answer(server.revoke)


@blueprint.post("/oauth/introspect")
@access(own_credentials)
def introspect() -> Response:
    return _answer(server.introspect)


@blueprint.get("/.well-known/oauth-authorization-server")
@access(api_description)
def metadata() -> Response:
    """RFC 8414, 3, with the parameter of RFC 9207, 3."""
    base = services().config.base_url
    methods = [server.BASIC, server.NONE]
    document = {
        "issuer": base,
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": f"{base}/oauth/revoke",
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint": f"{base}/oauth/introspect",
        "introspection_endpoint_auth_methods_supported": methods,
        "scopes_supported": [scope.value for scope in FOR_CLIENTS],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{base}/api/",
        "ui_locales_supported": list(LANGUAGES),
    }
    return Response(json.dumps(document), mimetype="application/json")


def _answer(endpoint: Callable[[Session, Sent, World], Reply]) -> Response:
    """One unit of work, committed with a refusal too: it may have found a theft."""
    try:
        attempts().spend(TOKENS_BY_ADDRESS, origin())
    except TooMany as error:
        return _sent(_refusal(error.status, "temporarily_unavailable", "Too many requests. Wait a minute."))
    sent = _read()
    if sent is None:
        return _sent(_refusal(400, "invalid_request", "A parameter came twice or cannot be read."))
    with writing() as session:
        reply = endpoint(session, sent, world())
    return _sent(reply)


def _read() -> Sent | None:
    """The form and the credentials; None for what no client of ours sends (RFC 6749, 3.2: each parameter once)."""
    form = {name: request.form.getlist(name) for name in request.form}
    values = [value for several in form.values() for value in several]
    if any(len(several) > 1 for several in form.values()) or not all(map(_VISIBLE.fullmatch, [*form, *values])):
        return None
    if any('"' in value or "\\" in value for value in values):
        return None
    return Sent(form, _credentials())


def _credentials() -> dict[str, str]:
    """The Authorization header, if it can be decoded (RFC 7617, 2)."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        plain = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return {}
    if scheme.lower() != "basic" or not _VISIBLE.fullmatch(plain) or ":" not in plain:
        return {}
    return {"Authorization": f"Basic {encoded}"}


def _refusal(status: int, error: str, description: str) -> Reply:
    body = json.dumps({"error": error, "error_description": description})
    return Reply(status, body, (("Content-Type", "application/json"), *_NO_STORE))


def _sent(reply: Reply) -> Response:
    return Response(reply.body, status=reply.status, headers=list(reply.headers))
