"""Two at once with one code or one refresh token: one wins, and what it won ends, for it was in two hands."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from comity.core.db import Database
from tests.platform.people.oauth.conftest import Clients
from tests.platform.people.oauth.requests import caller, refreshed, send, tool_tokens
from tests.support.callers import exchange

Answer = tuple[int, dict[str, str]]


def _both(ask: Callable[[], Answer]) -> list[Answer]:
    found: list[Answer] = []
    ready = threading.Barrier(2)

    def work() -> None:
        ready.wait()
        found.append(ask())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found, key=lambda answer: answer[0])


@pytest.mark.parametrize("attempt", range(3))
def test_two_exchanges_of_one_code(database: Database, clients: Clients, attempt: int) -> None:
    (won, tokens), (lost, refusal) = _both(
        lambda: send(database, exchange(clients.tool.client.client_id, clients.code))
    )
    assert (won, lost, refusal["error"]) == (200, 400, "invalid_grant")
    assert caller(database, tokens["access_token"]) is None


@pytest.mark.parametrize("attempt", range(3))
def test_two_refreshes_with_one_token(database: Database, clients: Clients, attempt: int) -> None:
    first = tool_tokens(database, clients)
    (won, tokens), (lost, refusal) = _both(lambda: refreshed(database, clients, first["refresh_token"]))
    assert (won, lost, refusal["error"]) == (200, 400, "invalid_grant")
    assert caller(database, tokens["access_token"]) is None
