"""The sockets of this process, and who sits behind each."""

from __future__ import annotations

from collections.abc import Iterator

from comity.live.access import Seat

MOST_EVENTS, PER_SECONDS = 40, 10.0
"""A person who types fast sends a few events a second; a script that floods is told to wait."""


class Seats:
    """All seats of one process. Touched from one thread, or from greenlets, of which one runs at a time."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._by_sid.values()))

    def take(self, seat: Seat) -> None:
        self._by_sid[seat.sid] = seat

    def get(self, sid: str) -> Seat | None:
        return self._by_sid.get(sid)

    def leave(self, sid: str) -> Seat | None:
        """The seat that was left, or None for one that nobody had."""
        return self._by_sid.pop(sid, None)

    def of_account(self, account_id: int) -> list[Seat]:
        return [seat for seat in self if seat.actor.account_id == account_id]

    def in_topic(self, topic: str) -> list[Seat]:
        return [seat for seat in self if seat.topic == topic]


def within_limit(recent: list[float], now: float) -> bool:
    """Whether one more event at `now` keeps the limit; notes it. recent: instants in seconds, oldest first. Pure but
    for that list."""
    while recent and recent[0] <= now - PER_SECONDS:
        recent.pop(0)
    if len(recent) >= MOST_EVENTS:
        return False
    recent.append(now)
    return True
