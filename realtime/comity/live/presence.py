"""Who is looking at a consultation now: in memory for one process, in Redis for several."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast

from redis import Redis

LASTS = 45.0
"""Seconds that a seat counts without being renewed: a killed process's people go away by themselves."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person, as the others see them."""

    account: int
    name: str
    authority: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Presence(Protocol):
    """Seats by topic."""

    def enter(self, topic: str, sid: str, who: Who) -> None:
        """A seat looks at a topic; again, to renew it."""

    def leave(self, topic: str, sid: str) -> None:
        """A seat looks no more."""

    def here(self, topic: str) -> list[Who]:
        """Everybody once, in the order of their names, however many windows they have open."""


class MemoryPresence:
    """For one process, which ends its own seats."""

    def __init__(self) -> None:
        self._seats: dict[str, dict[str, Who]] = {}

    def enter(self, topic: str, sid: str, who: Who) -> None:
        self._seats.setdefault(topic, {})[sid] = who

    def leave(self, topic: str, sid: str) -> None:
        seats = self._seats.get(topic, {})
        seats.pop(sid, None)
        if not seats:
            self._seats.pop(topic, None)

    def here(self, topic: str) -> list[Who]:
        return _once(list(self._seats.get(topic, {}).values()))


class RedisPresence:
    """For several processes: a hash for each topic, with the instant until which each seat counts.

    seconds: the wall clock, the same for all processes as far as their machines agree.
    """

    def __init__(self, redis: Redis, seconds: Callable[[], float]) -> None:
        self._redis, self._seconds = redis, seconds

    def enter(self, topic: str, sid: str, who: Who) -> None:
        value = json.dumps({**who.as_json(), "until": self._seconds() + LASTS})
        self._redis.hset(_key(topic), sid, value)
        self._redis.expire(_key(topic), int(LASTS))

    def leave(self, topic: str, sid: str) -> None:
        self._redis.hdel(_key(topic), sid)

    def here(self, topic: str) -> list[Who]:
        stored = cast("dict[bytes, bytes]", self._redis.hgetall(_key(topic)))
        found = []
        for sid, value in stored.items():
            fields = json.loads(value)
            if fields.pop("until") > self._seconds():
                found.append(Who(**fields))
            else:
                self._redis.hdel(_key(topic), sid)
        return _once(found)


def _once(people: list[Who]) -> list[Who]:
    return sorted({who.account: who for who in people}.values(), key=lambda who: (who.name, who.account))


def _key(topic: str) -> str:
    return f"comity:presence:{topic}"
