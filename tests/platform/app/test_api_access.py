"""Every call of the API is tried by a stranger, with an expired token, without its scope, by a leaver: from the map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from comity.app.apipage import OPERATIONS
from comity.core.api import Operation
from comity.core.openapi import PREFIX
from comity.directory.posts import Holding
from comity.people.models import Account
from comity.people.oauth.models import Client
from tests.support.callers import ALL, Caller
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA


@pytest.fixture
def caller(application: Flask) -> Caller:
    return Caller(application)


def _call(caller: Caller, operation: Operation, token: str | None) -> Any:
    path = operation.path.format(**{p.name: 1 for p in operation.parameters if p.where == "path"})
    return caller.send(operation.method, path, token, dict(operation.example) if operation.body else None)


def _refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.get_json()["code"] == code


def test_every_route_of_the_api_is_a_declared_operation(application: Flask) -> None:
    routes = {rule.endpoint for rule in application.url_map.iter_rules() if rule.rule.startswith(PREFIX)}
    assert routes == {f"api.{operation.id}" for operation in OPERATIONS}
    assert len({operation.id for operation in OPERATIONS}) == len(OPERATIONS)


def test_a_stranger(caller: Caller) -> None:
    for operation in OPERATIONS:
        answer = _call(caller, operation, None)
        _refused(answer, 401, "sign-in-required")
        assert answer.headers.getlist("WWW-Authenticate")[0] == 'Bearer realm="Comity"'


def test_a_token_that_nobody_made(caller: Caller) -> None:
    for operation in OPERATIONS:
        answer = _call(caller, operation, "guessed")
        _refused(answer, 401, "invalid-token")
        assert 'error="invalid_token"' in answer.headers.getlist("WWW-Authenticate")[0]


def test_a_token_for_everything_else(caller: Caller) -> None:
    for operation in OPERATIONS:
        others = tuple(scope for scope in ALL if scope not in operation.scopes)
        answer = _call(caller, operation, caller.system_token(AUSTRIA, scopes=others))
        _refused(answer, 403, "insufficient-scope")
        assert f'scope="{operation.scopes[0]}"' in answer.headers["WWW-Authenticate"]


def _expire(caller: Caller, clock: SetClock) -> None:
    clock.advance(timedelta(minutes=10))


def _leave(caller: Caller, clock: SetClock) -> None:
    with caller.services.db.writing() as session:
        session.execute(update(Holding).values(until=clock.now()))


def _close(caller: Caller, clock: SetClock) -> None:
    with caller.services.db.writing() as session:
        session.execute(update(Account).values(closed_at=clock.now()))


def _revoke(caller: Caller, clock: SetClock) -> None:
    with caller.services.db.writing() as session:
        session.execute(update(Client).values(revoked_at=clock.now()))


@pytest.mark.parametrize("end", [_expire, _leave, _close, _revoke])
def test_a_token_whose_time_is_over(caller: Caller, clock: SetClock, end: Callable[[Caller, SetClock], None]) -> None:
    token = caller.system_token(AUSTRIA)
    for operation in OPERATIONS:
        assert _call(caller, operation, token).status_code not in {401, 403, 500}, operation.id
    end(caller, clock)
    for operation in OPERATIONS:
        _refused(_call(caller, operation, token), 401, "invalid-token")


def test_a_scrambled_header(caller: Caller) -> None:
    for operation in OPERATIONS:
        path = PREFIX + operation.path.format(**{p.name: 1 for p in operation.parameters if p.where == "path"})
        for shown in (
            "Bearer",
            "Bearer ",
            "Basic",
            "Basic !!",
            "Basic Og==",
            "Digest x",
            "Bearer \xff\xfe",
            "bearer x y",
        ):
            answer = caller.client.open(path, method=operation.method, headers={"Authorization": shown})
            _refused(answer, 401, "invalid-token")
