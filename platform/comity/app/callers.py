"""Who calls the API: an access token or an application password, looked up once a request; and how often they may."""

from __future__ import annotations

import math
from typing import cast

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, RateLimitItemPerMinute

from comity.core import calls, web
from comity.core.actor import Actor
from comity.core.api import Operation
from comity.people.limits import attempts
from comity.people.oauth import acting
from comity.people.oauth.acting import ActorOf, Caller
from comity.people.oauth.endpoints import world

READS = RateLimitItemPerMinute(600, namespace="api-reads")
WRITES = RateLimitItemPerMinute(120, namespace="api-writes")


def init_app(app: Flask, actor_of: ActorOf) -> None:
    """actor_of: makes an account an actor, with the posts held at an instant."""
    app.extensions["comity.actor_of"] = actor_of
    app.extensions["comity.api.limits"] = {True: WRITES, False: READS}
    app.after_request(_tell_limit)


def load() -> Actor | None:
    """Who calls, or None: then `refused` says whether something was shown that opens nothing."""
    found = _found()
    if found is None:
        return None
    g.api_standing = calls.Standing(found.through, found.scopes)
    g.through = found.through
    if found.stale:
        with web.writing() as session:
            acting.touch(session, found, web.now())
    return found.actor


def refused() -> bool:
    """Whether the request shows a token or password that opens nothing."""
    return "Authorization" in request.headers


def spend(operation: Operation) -> None:
    """Count a call. Raises TooMany."""
    limit, whose = _limit(operation.changes), _whose()
    g.api_limit = limit
    attempts().spend(limit, whose)


def _found() -> Caller | None:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in {"bearer", "basic"}:
        return None
    with web.reading() as session:
        if scheme.lower() == "bearer":
            return acting.by_token(session, shown.strip(), world())
        given = request.authorization
        if given is None or given.username is None or given.password is None:
            return None
        return acting.by_password(session, given.username, given.password, world())


def _limit(changes: bool) -> RateLimitItem:
    return cast("dict[bool, RateLimitItem]", current_app.extensions["comity.api.limits"])[changes]


def _whose() -> str:
    caller = calls.standing()
    return f"{web.actor().account_id}:{caller.client if caller else ''}"


def _tell_limit(response: Response) -> Response:
    """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers)."""
    if "api_limit" in g:
        limit: RateLimitItem = g.api_limit
        left, seconds = attempts().left(limit, _whose())
        wait = max(1, math.ceil(seconds))
        response.headers["RateLimit-Policy"] = f'"{limit.namespace}";q={limit.amount};w={limit.get_expiry()}'
        response.headers["RateLimit"] = f'"{limit.namespace}";r={left};t={wait}'
        if response.status_code == 429:
            response.headers["Retry-After"] = str(wait)
    return response
