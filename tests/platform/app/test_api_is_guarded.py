"""Every operation of the API is tried with every token that must open nothing there: made from its own declaration.

The world is that of the routes and events, so the addresses are those of things that exist. A parameter without an
example fails the first test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from comity.app.apipage import OPERATIONS
from comity.core.api import Operation
from comity.directory.posts import Holding
from comity.people.oauth.models import Client
from tests.platform.app.test_everything_is_guarded import World, _account, _discloses, world
from tests.support.application import Visitor
from tests.support.callers import ALL, Caller, allow, authorize_path, exchange
from tests.support.people import AUSTRIA, KENYA, THAILAND

__all__ = ("world",)  # a fixture


@dataclass(frozen=True, slots=True)
class Call:
    operation: Operation
    path: str
    body: dict[str, Any] | None
    confined: bool

    def ask(self, world: World, token: str | None) -> TestResponse:
        return Caller(world.application).send(self.operation.method, self.path, token, self.body)


def calls(world: World) -> Iterator[Call]:
    """Every operation, its path filled from the examples. Raises KeyError for a parameter without one."""
    known = {"authority": world.examples["authority_id"], "consultation": world.examples["public_id"]}
    for operation in OPERATIONS:
        given = {part.name: known[part.name] for part in operation.parameters if part.where == "path"}
        path = operation.path.format(**{name: one.value for name, one in given.items()})
        named = {name: one.value for name, one in known.items() if name in operation.example}
        body = {**operation.example, **named} if operation.body else None
        yield Call(operation, path, body, any(one.confined for one in given.values()))


# ---- whose tokens ---------------------------------------------------------------------------------------------------
Token = Callable[[World], str | None]


def systems(world: World, email: str = THAILAND) -> str:
    """Of the case system of an officer's authority; Thailand is the other party."""
    return Caller(world.application).system_token(email)


def persons(world: World, email: str = THAILAND) -> str:
    """Of a tool that an officer allowed everything."""
    caller, everything = Caller(world.application), " ".join(ALL)
    made = caller.register(email, kind="tool")
    shown = allow(Visitor(world.application).sign_in(email), authorize_path(made.client.client_id, scope=everything))
    answer = caller.token(exchange(made.client.client_id, shown["code"]))
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["access_token"])


def nobodys(_world: World) -> None:
    """None at all."""


def guessed(_world: World) -> str:
    return "guessed"


def expired(world: World) -> str:
    token = systems(world)
    world.clock.advance(timedelta(minutes=10))
    return token


def expired_persons(world: World) -> str:
    token = persons(world)
    world.clock.advance(timedelta(minutes=10))
    return token


def revoked(world: World) -> str:
    """Given back by the program that had it (RFC 7009)."""
    caller = Caller(world.application)
    made = caller.register(THAILAND)
    basic = (made.client.client_id, made.secret)
    token = str(caller.token({"grant_type": "client_credentials"}, basic).get_json()["access_token"])
    assert caller.client.post("/oauth/revoke", data={"token": token}, auth=basic).status_code == 200
    return token


def revoked_clients(world: World) -> str:
    token = systems(world)
    with world.services.db.writing() as session:
        session.execute(update(Client).values(revoked_at=world.clock.now()))
    return token


def closed_accounts(world: World) -> str:
    token = persons(world)
    with world.services.db.writing() as session:
        _account(session, THAILAND).closed_at = world.clock.now()
    return token


def kenyas_system(world: World) -> str:
    return systems(world, KENYA)


def kenyas_officers(world: World) -> str:
    return persons(world, KENYA)


def leavers(world: World) -> str:
    """Of a tool of somebody who held the post at the other party until yesterday."""
    token = persons(world)
    _leave(world)
    return token


def leavers_system(world: World) -> str:
    """Of a case system that is answered for by somebody who has left."""
    token = systems(world)
    _leave(world)
    return token


def _leave(world: World) -> None:
    with world.services.db.writing() as session:
        theirs = Holding.account_id == _account(session, THAILAND).id
        yesterday = world.clock.now() - timedelta(days=1)
        session.execute(update(Holding).where(theirs).values(since=yesterday - timedelta(days=9), until=yesterday))


OVER: tuple[Token, ...] = (
    nobodys, guessed, expired, expired_persons, revoked, revoked_clients, closed_accounts, leavers, leavers_system,
)  # fmt: skip
STRANGERS: tuple[Token, ...] = (kenyas_system, kenyas_officers)


def test_every_parameter_has_an_example_and_both_parties_are_refused_nothing(world: World) -> None:
    """Else the refusals below would prove nothing."""
    assert [call.operation for call in calls(world)] == list(OPERATIONS)
    assert any(call.confined for call in calls(world))
    for token in (systems(world, AUSTRIA), systems(world), persons(world)):
        answers = [(call, call.ask(world, token)) for call in calls(world)]
        # Thailand may not consult itself; that is said by 422.
        assert [(call.path, answer.text) for call, answer in answers if answer.status_code not in {200, 201, 422}] == []
        assert sum(answer.status_code == 422 for _call, answer in answers) <= 1


@pytest.mark.parametrize("token", OVER)
def test_a_token_that_is_none_any_more_opens_nothing(world: World, token: Token) -> None:
    shown, wrong = token(world), []
    for call in calls(world):
        answer = call.ask(world, shown)
        code = "sign-in-required" if shown is None else "invalid-token"
        if answer.status_code != 401 or answer.get_json()["code"] != code or _discloses(answer):
            wrong.append((call.operation.id, answer.status_code, answer.text))
    assert wrong == []


def test_a_token_for_everything_else_opens_nothing(world: World) -> None:
    wrong = []
    for call in calls(world):
        others = tuple(scope for scope in ALL if scope not in call.operation.scopes)
        answer = call.ask(world, Caller(world.application).system_token(THAILAND, scopes=others))
        if answer.status_code != 403 or answer.get_json()["code"] != "insufficient-scope" or _discloses(answer):
            wrong.append((call.operation.id, answer.status_code, answer.text))
    assert wrong == []


@pytest.mark.parametrize("token", STRANGERS)
def test_strangers_are_told_that_there_is_nothing(world: World, token: Token) -> None:
    shown, wrong = token(world), []
    for call in calls(world):
        answer = call.ask(world, shown)
        if (call.confined and answer.status_code != 404) or answer.status_code >= 500 or _discloses(answer):
            wrong.append((call.operation.id, answer.status_code, answer.text))
    assert wrong == []
