"""Which entries of the journal were announced, so that the sweep announces the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, cast

from redis import Redis

KEPT = 120.0
"""Seconds: four times the window that the sweep looks back."""


class Announced(Protocol):
    """Remembers what went out. Noted after it went out: a kill in between repeats a hint, and loses none."""

    def note(self, topic: str, position: int) -> None:
        """Everything in a topic up to a position went out."""

    def missing(self, heads: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Of topics with their last positions, those that did not go out yet."""


class MemoryAnnounced:
    """For one process. seconds: a clock that only moves on."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._noted: dict[str, tuple[int, float]] = {}

    def note(self, topic: str, position: int) -> None:
        known = self._noted.get(topic, (0, 0.0))[0]
        self._noted[topic] = (max(known, position), self._seconds())

    def missing(self, heads: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        oldest = self._seconds() - KEPT
        for topic in [topic for topic, (_, at) in self._noted.items() if at < oldest]:
            del self._noted[topic]
        return [(topic, position) for topic, position in heads if self._noted.get(topic, (0, 0.0))[0] < position]


class RedisAnnounced:
    """For several processes: what one announced through the message queue, the others need not."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def note(self, topic: str, position: int) -> None:
        self._redis.set(_key(topic, position), b"1", ex=int(KEPT))

    def missing(self, heads: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        if not heads:
            return []
        found = cast("list[bytes | None]", self._redis.mget([_key(*head) for head in heads]))
        return [head for head, noted in zip(heads, found, strict=True) if noted is None]


def _key(topic: str, position: int) -> str:
    return f"comity:announced:{topic}:{position}"
