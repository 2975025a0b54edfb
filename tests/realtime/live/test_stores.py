"""Presence, what was announced, and the limit: in memory, and in a real Redis where several processes share them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from comity.live.announced import KEPT, Announced, MemoryAnnounced, RedisAnnounced
from comity.live.presence import LASTS, MemoryPresence, Presence, RedisPresence, Who
from comity.live.seats import MOST_EVENTS, PER_SECONDS, within_limit
from tests.support.redis import running_redis

ANTON, SOMSRI = Who(1, "Anton Muster", "Austria"), Who(2, "Somsri Tuayang", "Thailand")


class Seconds:
    """A clock in seconds that the test moves."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis(redis_server: str) -> Iterator[Redis]:
    client = Redis.from_url(redis_server)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(params=["memory", "redis"])
def presence(request: pytest.FixtureRequest, seconds: Seconds) -> Presence:
    if request.param == "memory":
        return MemoryPresence()
    return RedisPresence(request.getfixturevalue("redis"), seconds)


@pytest.fixture(params=["memory", "redis"])
def announced(request: pytest.FixtureRequest, seconds: Seconds) -> Announced:
    if request.param == "memory":
        return MemoryAnnounced(seconds)
    return RedisAnnounced(request.getfixturevalue("redis"))


def test_a_person_is_here_once_and_until_their_last_window_closes(presence: Presence) -> None:
    for sid, who in (("a", SOMSRI), ("b", ANTON), ("c", ANTON)):
        presence.enter("larch", sid, who)
    presence.enter("other", "d", SOMSRI)
    assert presence.here("larch") == [ANTON, SOMSRI]
    presence.leave("larch", "b")
    assert presence.here("larch") == [ANTON, SOMSRI]
    presence.leave("larch", "c")
    presence.leave("larch", "never-there")
    assert presence.here("larch") == [SOMSRI]
    assert presence.here("nothing") == []


def test_people_of_a_killed_process_go_away(redis: Redis, seconds: Seconds) -> None:
    presence = RedisPresence(redis, seconds)
    presence.enter("larch", "killed", ANTON)
    seconds.at += LASTS - 1
    presence.enter("larch", "alive", SOMSRI)
    assert RedisPresence(redis, seconds).here("larch") == [ANTON, SOMSRI]
    seconds.at += 2
    assert presence.here("larch") == [SOMSRI]
    assert redis.hlen("comity:presence:larch") == 1


def test_the_sweep_announces_what_nobody_did(announced: Announced) -> None:
    announced.note("larch", 4)
    assert announced.missing([("larch", 4), ("birch", 1)]) == [("birch", 1)]
    assert announced.missing([("larch", 5)]) == [("larch", 5)]
    assert announced.missing([]) == []


def test_processes_share_what_was_announced(redis: Redis) -> None:
    RedisAnnounced(redis).note("larch", 4)
    assert RedisAnnounced(redis).missing([("larch", 4)]) == []


def test_memory_forgets_what_the_sweep_sees_no_more(seconds: Seconds) -> None:
    announced = MemoryAnnounced(seconds)
    announced.note("larch", 4)
    announced.note("larch", 3)
    assert announced.missing([("larch", 4)]) == []
    seconds.at += KEPT + 1
    assert announced.missing([("larch", 4)]) == [("larch", 4)]


def test_the_limit_lets_a_typist_through_and_stops_a_flood() -> None:
    recent: list[float] = []
    assert all(within_limit(recent, float(second) * 0.5) for second in range(200))
    flood: list[float] = []
    assert [within_limit(flood, 1.0) for _ in range(MOST_EVENTS + 1)] == [True] * MOST_EVENTS + [False]
    assert within_limit(flood, 1.0 + PER_SECONDS)
