"""The authorisation server as a table of requests and answers, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from comity.core import journal
from comity.core.db import Database
from comity.directory.posts import Post, appoint
from comity.people.events import topic
from comity.people.models import Account
from comity.people.oauth.clients import revoke_client
from comity.people.oauth.models import Token
from tests.platform.consultations.world import World as Officers
from tests.platform.people.oauth.conftest import NOW, Clients, allowed, at
from tests.platform.people.oauth.requests import (
    basic,
    caller,
    of_system,
    refreshed,
    send,
    system_token,
    tool_tokens,
)  # fmt: skip
from tests.support.callers import exchange, refreshing

MINUTE = timedelta(minutes=1)


def test_a_case_system_acts_as_its_post(database: Database, officers: Officers, clients: Clients) -> None:
    found = caller(database, system_token(database, clients))
    assert found is not None
    assert (found.actor.account_id, found.actor.posts) == (officers.anton.account_id, officers.anton.posts)
    assert found.through == clients.system.client.client_id
    assert found.scopes == {"directory.read", "profile.read"}


def test_a_narrower_scope(database: Database, clients: Clients) -> None:
    found = caller(database, system_token(database, clients, scope="profile.read"))
    assert found is not None
    assert found.scopes == {"profile.read"}


def test_a_tool_acts_for_its_person(database: Database, officers: Officers, clients: Clients) -> None:
    tokens = tool_tokens(database, clients)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    found = caller(database, tokens["access_token"])
    assert found is not None
    assert found.actor.account_id == officers.anton.account_id


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password", "username": "a", "password": "b"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"client_id": "nobody"}, 400, "invalid_client"),
        ({"client_id": ""}, 400, "invalid_client"),
        ({"code": "guessed"}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "https://tool.example/back"}, 400, "invalid_grant"),
        ({"redirect_uri": ""}, 400, "invalid_grant"),
        ({"code_verifier": "a" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_request"),
        ({"code_verifier": "short"}, 400, "invalid_request"),
        ({"client_secret": "none"}, 400, "invalid_client"),
    ],
)
def test_what_is_wrong_with_an_exchange(
    database: Database, clients: Clients, changes: dict[str, str], status: int, error: str
) -> None:
    found, body = send(database, {**exchange(clients.tool.client.client_id, clients.code), **changes})
    assert (found, body["error"]) == (status, error), body
    assert "access_token" not in body


@pytest.mark.parametrize("name", ["unknown", "wrong secret", "tool without secret", "no credentials"])
def test_client_credentials_that_are_none(database: Database, clients: Clients, name: str) -> None:
    headers = {
        "unknown": basic("nobody", clients.system.secret),
        "wrong secret": basic(clients.system.client.client_id, "x" + clients.system.secret),
        "tool without secret": basic(clients.tool.client.client_id, ""),
        "no credentials": {},
    }[name]
    status, body = send(database, {"grant_type": "client_credentials"}, headers)
    assert (status, body["error"]) == (401, "invalid_client")


def test_each_kind_of_client_has_its_grants(database: Database, clients: Clients) -> None:
    form = {"grant_type": "client_credentials", "client_id": clients.tool.client.client_id}
    assert send(database, form)[1]["error"] == "invalid_client"
    status, body = send(database, exchange("", clients.code), of_system(clients))
    assert (status, body["error"]) == (400, "invalid_client")


def test_more_than_a_client_is_registered_for(database: Database, clients: Clients) -> None:
    for scope in ("consultations.write", "dav", "profile.read everything"):
        status, body = send(database, {"grant_type": "client_credentials", "scope": scope}, of_system(clients))
        assert (status, body["error"]) == (400, "invalid_scope")


def test_a_code_of_another_tool(database: Database, officers: Officers, clients: Clients) -> None:
    _status, body = send(database, exchange(clients.system.client.client_id, clients.code))
    assert body["error"] == "invalid_client"
    assert tool_tokens(database, clients)["access_token"], "the code is still good for its own tool"


def test_a_code_is_good_for_a_minute(database: Database, clients: Clients) -> None:
    late = at(NOW + MINUTE)
    assert (
        send(database, exchange(clients.tool.client.client_id, clients.code), world=late)[1]["error"] == "invalid_grant"
    )


def test_a_code_shown_again_ends_what_came_of_it(database: Database, officers: Officers, clients: Clients) -> None:
    tokens = tool_tokens(database, clients)
    status, body = send(database, exchange(clients.tool.client.client_id, clients.code))
    assert (status, body["error"]) == (400, "invalid_grant")
    assert caller(database, tokens["access_token"]) is None
    assert refreshed(database, clients, tokens["refresh_token"])[0] == 400
    with database.reading() as session:
        kinds = [entry.kind for entry in journal.read(session, topic(officers.anton.account_id))]
    assert kinds[-1] == "account.code-replayed"


def test_a_refresh_token_is_good_once_and_brings_the_next(database: Database, clients: Clients) -> None:
    first = tool_tokens(database, clients)
    status, second = refreshed(database, clients, first["refresh_token"], at(NOW + 20 * MINUTE))
    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert caller(database, first["access_token"], at(NOW + 20 * MINUTE)) is None, "ten minutes are over"
    assert caller(database, second["access_token"], at(NOW + 20 * MINUTE)) is not None


def test_a_stolen_refresh_token_ends_the_family(database: Database, officers: Officers, clients: Clients) -> None:
    first = tool_tokens(database, clients)
    _status, second = refreshed(database, clients, first["refresh_token"])
    status, body = refreshed(database, clients, first["refresh_token"])
    assert (status, body["error"]) == (400, "invalid_grant")
    assert caller(database, second["access_token"]) is None
    assert refreshed(database, clients, second["refresh_token"])[0] == 400
    with database.reading() as session:
        kinds = {entry.kind for entry in journal.read(session, topic(officers.anton.account_id))}
    assert "account.token-reused" in kinds
    assert tool_tokens(database, clients, allowed(database, officers.anton, clients.tool)), (
        "another consent is another family"
    )


def test_a_refresh_token_ends_after_thirty_days_and_the_allowance_after_a_year(
    database: Database, clients: Clients
) -> None:
    tokens, day = tool_tokens(database, clients), timedelta(days=1)
    assert refreshed(database, clients, tokens["refresh_token"], at(NOW + 30 * day))[0] == 400
    for days in range(20, 365, 20):
        status, tokens = refreshed(database, clients, tokens["refresh_token"], at(NOW + days * day))
        assert status == 200
    assert refreshed(database, clients, tokens["refresh_token"], at(NOW + 365 * day))[0] == 400


def test_a_narrower_refresh(database: Database, clients: Clients) -> None:
    tokens = tool_tokens(database, clients)
    form = refreshing(clients.tool.client.client_id, tokens["refresh_token"], scope="consultations.read")
    assert send(database, form)[1]["error"] == "invalid_scope"
    status, body = send(database, {**form, "scope": "profile.read"})
    assert (status, body["scope"]) == (200, "profile.read")
    found = caller(database, body["access_token"])
    assert found is not None
    assert found.scopes == {"profile.read"}


def _leave(database: Database, officers: Officers) -> None:
    """somebody else holds anton's post."""
    with database.writing() as session:
        post = session.get_one(Post, officers.anton.posts[0].id)
        appoint(session, post, session.get_one(Account, officers.noor.account_id), NOW)


def _close(database: Database, officers: Officers) -> None:
    with database.writing() as session:
        session.execute(update(Account).where(Account.id == officers.anton.account_id).values(closed_at=NOW))


@pytest.mark.parametrize("how", [_leave, _close])
def test_a_leavers_access_ends_at_once(database: Database, officers: Officers, clients: Clients, how) -> None:
    mine, tokens = system_token(database, clients), tool_tokens(database, clients)
    how(database, officers)
    assert caller(database, mine) is None
    assert caller(database, tokens["access_token"]) is None
    status, body = send(database, {"grant_type": "client_credentials"}, of_system(clients))
    assert (status, body["error"]) == (401, "invalid_client")
    assert refreshed(database, clients, tokens["refresh_token"])[0] == 400
    form = {"token": mine}
    assert send(database, form, of_system(clients), endpoint="introspect")[0] == 401


@pytest.mark.parametrize("which", ["system", "tool"])
def test_an_ended_client_opens_nothing(database: Database, officers: Officers, clients: Clients, which: str) -> None:
    tokens = {"system": system_token(database, clients), "tool": tool_tokens(database, clients)["access_token"]}
    with database.writing() as session:
        revoke_client(session, officers.clara, getattr(clients, which).client.client_id, NOW)
    assert {name for name, token in tokens.items() if caller(database, token) is None} == {which}


def test_demonstration_accounts_open_nothing_where_there_is_no_demonstration(
    database: Database, officers: Officers, clients: Clients
) -> None:
    token = system_token(database, clients)
    with database.writing() as session:
        session.execute(update(Account).where(Account.id == officers.anton.account_id).values(demonstration=True))
    assert caller(database, token) is None
    assert caller(database, token, at(demo=True)) is not None


def test_a_token_is_given_back(database: Database, officers: Officers, clients: Clients) -> None:
    mine, other = system_token(database, clients), tool_tokens(database, clients)
    assert send(database, {"token": other["access_token"]}, of_system(clients), endpoint="revoke")[0] == 200
    assert caller(database, other["access_token"]) is not None, "another client's token stays"
    assert send(database, {"token": mine}, of_system(clients), endpoint="revoke") == (200, {})
    assert caller(database, mine) is None
    assert send(database, {"token": "unknown"}, of_system(clients), endpoint="revoke")[0] == 200
    form = {"token": other["refresh_token"], "client_id": clients.tool.client.client_id}
    assert send(database, form, endpoint="revoke")[0] == 200
    assert caller(database, other["access_token"]) is None, "with the refresh token everything ends"


def test_a_client_learns_of_its_own_tokens_alone(database: Database, clients: Clients) -> None:
    mine, other = system_token(database, clients), tool_tokens(database, clients)
    status, body = send(database, {"token": mine}, of_system(clients), endpoint="introspect")
    assert (status, body["active"], body["scope"]) == (200, True, "profile.read directory.read")
    assert body["exp"] - body["iat"] == 600
    for token in (other["access_token"], "unknown"):
        assert send(database, {"token": token}, of_system(clients), endpoint="introspect") == (200, {"active": False})
    late = at(NOW + 10 * MINUTE)
    assert send(database, {"token": mine}, of_system(clients), late, "introspect") == (200, {"active": False})


def test_nothing_that_opens_is_stored(database: Database, clients: Clients) -> None:
    shown = {system_token(database, clients), *map(str, tool_tokens(database, clients).values())}
    with database.reading() as session:
        kept = set(session.scalars(select(Token.digest)))
    assert len(kept) == 3
    assert not kept & shown
    assert clients.system.client.secret_digest not in {None, clients.system.secret}
