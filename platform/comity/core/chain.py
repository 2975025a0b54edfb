"""The audit chain: each entry of a topic holds the digest of the one before it. Pure.

`holds` walks a chain as it streams by. `breaks` is for a chain that does not hold: it names what was done to it. A row
tells by its own digest at which position it was written, and by `previous` what it was written after; so a row that was
put elsewhere is told apart from one that was changed, and a forged one from the one it displaced.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol

GENESIS = "0" * 64
_MOST_SHIFTED, _MOST_SOUGHT = 1000, 50
"""How far from its place a row is looked for, and for how many rows that tell no place."""


class Link(Protocol):
    """An entry of the journal, or one that was read from an export."""

    @property
    def position(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def payload(self) -> dict[str, Any]: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def previous(self) -> str: ...
    @property
    def digest(self) -> str: ...


class Tampering(StrEnum):
    """What was done. REWRITTEN: the chain holds, but is not the one that a checkpoint was signed over."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Break:
    """Where a topic is not what was written. position: the first affected. until: the last, or the row swapped with."""

    what: Tampering
    topic: str
    position: int
    until: int

    def __str__(self) -> str:
        if self.what is Tampering.SWAPPED:
            return f"{self.topic}: swapped at position {self.position} with {self.until}"
        upto = f" to {self.until}" if self.until != self.position else ""
        return f"{self.topic}: {self.what} at position {self.position}{upto}"


def entry_digest(
    previous: str,
    topic: str,
    position: int,
    kind: str,
    payload: dict[str, Any],
    account_id: int | None,
    post_id: int | None,
    at: datetime,
) -> str:
    """SHA-256 over the canonical JSON of an entry and the digest before it, in hexadecimal."""
    stamp = at.isoformat(timespec="microseconds")
    fields = [previous, topic, position, kind, payload, account_id, post_id, stamp]
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def verifies(topic: str, link: Link, position: int) -> bool:
    """Whether an entry's digest is that of its content, written at `position` after what it says."""
    return link.digest == _digest(topic, link, position, link.previous)


def holds(topic: str, links: Iterable[Link], position: int, head: str) -> bool:
    """Whether the entries, in order, are a whole chain with this end. position, head: as the topic's row states."""
    reached, expected = GENESIS, 1
    for link in links:
        if (link.position, link.previous) != (expected, reached) or not verifies(topic, link, expected):
            return False
        reached, expected = link.digest, expected + 1
    return (expected - 1, reached) == (position, head)


def breaks(topic: str, links: Sequence[Link], position: int, head: str) -> list[Break]:
    """What was done to a chain, in the order of positions; empty for one that holds.

    links: in the order of their positions. position, head: as the topic's row states.
    """
    if holds(topic, links, position, head):
        return []
    found = _Examination(topic, links, position, head).found()
    # Whatever it was, it is never passed over in silence.
    return sorted(found, key=lambda one: one.position) or [Break(Tampering.EDITED, topic, position, position)]


def _digest(topic: str, content: Link, position: int, previous: str) -> str:
    return entry_digest(
        previous, topic, position, content.kind, content.payload, content.account_id, content.post_id, content.at
    )


class _Examination:
    """One broken chain. places: the position at which each row was written, None where its content tells none."""

    def __init__(self, topic: str, links: Sequence[Link], position: int, head: str) -> None:
        self.topic, self.links, self.position, self.head = topic, links, position, head
        self.referred = {link.previous for link in links} | {head}
        self.places: dict[int, int | None] = {}
        self._find_places()

    def found(self) -> list[Break]:
        exchanged = self._exchanged_contents()
        foreign = self._foreign()
        changed = {at for at, place in self.places.items() if place is None} - foreign - set(exchanged)
        changed |= self._replaced(foreign)
        ours = {at: place or self._place_before(at) + 1 for at, place in self.places.items() if at not in foreign}
        found = [self._break(Tampering.SWAPPED, at, other) for at, other in exchanged.items() if at < other]
        found += [self._break(Tampering.INSERTED, at) for at in foreign]
        found += [self._break(Tampering.EDITED, at) for at in changed]
        found += self._moved(ours) + self._missing(set(ours.values()))
        return found + self._end(ours, bool(found))

    def _find_places(self) -> None:
        shift = 0
        for link in self.links:
            self.places[link.position] = place = self._place(link, shift)
            shift = shift if place is None else place - link.position

    def _place(self, link: Link, shift: int) -> int | None:
        at = link.position
        if verifies(self.topic, link, at):
            return at
        sought = sum(place is None for place in self.places.values()) < _MOST_SOUGHT
        around = (at + step for far in range(1, _MOST_SHIFTED + 1 if sought else 1) for step in (far, -far))
        candidates = (place for place in (at + shift, *around) if 0 < place <= self.position + _MOST_SHIFTED)
        return next((place for place in candidates if verifies(self.topic, link, place)), None)

    def _exchanged_contents(self) -> dict[int, int]:
        """Pairs of rows, each with the other's content under its own digest, both ways round."""
        odd = [link for link in self.links if self.places[link.position] is None][:_MOST_SOUGHT]
        pairs: dict[int, int] = {}
        for one in odd:
            for other in odd:
                if one.position < other.position and self._holds_content_of(one, other):
                    pairs |= {one.position: other.position, other.position: one.position}
        return pairs

    def _holds_content_of(self, one: Link, other: Link) -> bool:
        return one.digest == _digest(self.topic, other, one.position, one.previous) and other.digest == _digest(
            self.topic, one, other.position, other.previous
        )

    def _foreign(self) -> set[int]:
        """Rows that stand where another one was written, and that nothing was written after."""
        authentic: dict[int, list[Link]] = {}
        for link in self.links:
            place = self.places[link.position]
            if place is not None:
                authentic.setdefault(place, []).append(link)
        foreign: set[int] = set()
        for rivals in authentic.values():
            dead = [link for link in rivals if link.digest not in self.referred]
            foreign |= {link.position for link in (dead if len(dead) < len(rivals) else rivals[1:])}
        for link in self.links:
            if self.places[link.position] is None and self._place_before(link.position) + 1 in authentic:
                foreign.add(link.position)
        intact = any(link.digest == self.head and self.places[link.position] == self.position for link in self.links)
        for at, place in self.places.items():
            if place is not None and (place < 1 or (place > self.position and intact)):
                foreign.add(at)
        return foreign

    def _place_before(self, at: int) -> int:
        """The place of the nearest row before `at` that has one, and the rows without one in between."""
        before = 0
        for link in self.links:
            if link.position >= at:
                break
            before = self.places[link.position] or before + 1
        return before

    def _replaced(self, foreign: set[int]) -> set[int]:
        """Rows that were written anew with a digest of their own: the next one was written after something else."""
        ours = [link for link in self.links if link.position not in foreign]
        digests = {link.digest for link in ours}
        return {
            one.position
            for one, following in pairwise(ours)
            if self.places[one.position] is not None
            and self.places[following.position] == (self.places[one.position] or 0) + 1
            and following.previous != one.digest
            and following.previous not in digests
        }

    def _moved(self, ours: Mapping[int, int]) -> list[Break]:
        if set(ours) == set(ours.values()):
            found, seen = [], set[int]()
            for at in ours:
                place = ours[at]
                if at != place and at not in seen:
                    found.append(self._break(Tampering.SWAPPED, at, place))
                while at not in seen:
                    seen.add(at)
                    at = ours[at]
            return found
        inversions = (
            self._break(Tampering.SWAPPED, at, following)
            for (at, place), (following, next_place) in pairwise(ours.items())
            if place > next_place
        )
        return list(inversions)[:1]

    def _missing(self, places: set[int]) -> list[Break]:
        found: list[Break] = []
        for place in range(1, max(places, default=0)):
            if place not in places:
                if found and found[-1].until == place - 1:
                    found[-1] = self._break(Tampering.DELETED, found[-1].position, place)
                else:
                    found.append(self._break(Tampering.DELETED, place))
        return found

    def _end(self, ours: Mapping[int, int], known: bool) -> list[Break]:
        last = next((link for link in reversed(self.links) if link.position in ours), None)
        at, digest = (ours[last.position], last.digest) if last else (0, GENESIS)
        stated = last is not None and (last.position, digest) == (self.position, self.head)
        if at < self.position and not stated:
            return [self._break(Tampering.TRUNCATED, at + 1, self.position)]
        if at == self.position and digest != self.head and not known:
            return [self._break(Tampering.EDITED, at)]
        if at > self.position and not stated:
            return [self._break(Tampering.INSERTED, self.position + 1, at)]
        return []

    def _break(self, what: Tampering, position: int, until: int | None = None) -> Break:
        return Break(what, self.topic, position, position if until is None else until)
