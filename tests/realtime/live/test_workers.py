"""Several web workers over Redis and PostgreSQL, without sticky sessions: each socket may meet any of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.core.db import Database
from tests.realtime.live.officer import Officer
from tests.support import people
from tests.support.consulting import begin
from tests.support.databases import MASTER_KEY
from tests.support.redis import running_redis
from tests.support.stack import Stack, running_stack
from tests.support.webprocess import Web

WORKERS, WINDOWS = 2, 6


@pytest.fixture
def stack(postgres: Database, tmp_path: Path) -> Iterator[Stack]:
    url = postgres.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with (
        running_redis(tmp_path) as redis,
        running_stack(
            tmp_path,
            COMITY_DATABASE_URL=url,
            COMITY_MASTER_KEY=MASTER_KEY,
            COMITY_REDIS_URL=redis,
            COMITY_WEB_WORKERS=str(WORKERS),
        ) as running,
    ):
        yield running


def _workers(stack: Stack) -> list[int]:
    """The numbers of gunicorn's worker processes."""
    return [int(pid) for pid in Path(f"/proc/{stack.pid('web')}/task/{stack.pid('web')}/children").read_text().split()]


def _sockets(pid: int) -> int:
    links = (os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink())
    return sum(link.startswith("socket:") for link in links)


def test_what_is_said_through_one_worker_reaches_the_sockets_of_all(stack: Stack, postgres: Database) -> None:
    web = Web(stack.config, postgres)
    consultation = begin(postgres, people.AUSTRIA, "th-a")
    workers = _workers(stack)
    before = [_sockets(pid) for pid in workers]
    readers = [Officer(web, people.THAILAND).connect() for _ in range(WINDOWS)]
    anton = Officer(web, people.AUSTRIA).connect()
    try:
        assert len(workers) == WORKERS
        assert all(_sockets(pid) > had for pid, had in zip(workers, before, strict=True)), "one worker had them all"
        anton.join(consultation)
        for reader in readers:
            assert reader.join(consultation)["ok"]
        assert {who["name"] for who in anton.hears("presence")["here"]} == {"Anton Muster", "Somsri Tuayang"}
        for number in range(5):
            anton.ask("post", {"client_id": f"to-all-{number}", "body": f"Message {number}"})
        for reader in readers:
            reader.hears("appended", position=6)
            entries = reader.ask("read_after", {"cursor": 1})["entries"]
            assert [entry["position"] for entry in entries] == [2, 3, 4, 5, 6]
    finally:
        for each in (*readers, anton):
            each.leave()
