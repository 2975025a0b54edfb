"""What each process keeps of the search rows, so that it need not read them again to correct, rank and count.

Read once on start, then only the rows that changed since, as the counter in the database tells.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from comity.directory.hours import OfficeHours
from comity.directory.models import SearchKind, SearchRow, SearchVersion
from comity.directory.search import concepts, tokens
from comity.directory.search.concepts import Asked, Book
from comity.directory.search.vocabulary import Vocabulary
from comity.directory.vocabulary import Part

_MANY, _LONGEST_SHORT_NAME = 200, 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A search row. names: folded, one each; words: all of theirs. more: other words.

    state: alpha-2 code, empty for a network. hours: as written in the row.
    """

    id: int
    kind: SearchKind
    ref: str
    part: Part | None
    names: tuple[str, ...]
    words: tuple[str, ...]
    more: tuple[str, ...]
    codes: frozenset[str]
    state: str
    hours: str


class Contents:
    """The rows of one version, with masks to count by: bit n of a mask stands for the row whose id is n."""

    def __init__(self) -> None:
        self.version = 0
        self.entries: dict[int, Entry] = {}
        self.vocabulary = Vocabulary()
        self.vocabulary.add(concepts.general().words)
        self._masks: defaultdict[str, int] = defaultdict(int)
        self._book = Book(())

    def mask(self, code: str) -> int:
        """The rows that hold a code, or that are of a kind."""
        return self._masks.get(code, 0)

    def codes(self) -> list[str]:
        """All codes that some row holds."""
        return [code for code, mask in self._masks.items() if mask]

    def of_kind(self, kind: SearchKind) -> list[Entry]:
        """The entries of a kind."""
        return [self.entries[one] for one in ids_in(self.mask(kind.value))]

    def asked_by(self, word: str) -> Asked:
        """The codes that a folded word asks for."""
        return concepts.general().asked_by(word) | self._book.asked_by(word)

    def asked_by_unspaced(self, words: Sequence[str]) -> Asked:
        """The codes that a run of characters asks for."""
        return concepts.general().asked_by_unspaced(words) | self._book.asked_by_unspaced(words)

    def open_at(self, now: datetime) -> int:
        """The authorities whose office hours an instant lies in; none on a public holiday that they keep."""
        found = 0
        for key, mask in self._masks.items():
            if mask and key[:1].isupper() and _office_hours(key).at(now).is_open:
                found |= mask
        return found

    def take(self, rows: Iterable[SearchRow], version: int) -> None:
        """Bring the contents up to a version. rows: those that changed since the one before."""
        fresh: list[Entry] = []
        named = False
        for row in rows:
            gone = self._forget(row.id)
            if row.names:
                fresh.append(_entry(row))
            named |= any(one is not None and one.kind in _NAMING for one in (gone, fresh[-1] if row.names else None))
        for entry in fresh:
            self.entries[entry.id] = entry
        self.vocabulary.add(chain.from_iterable(chain(entry.words, entry.more) for entry in fresh))
        self._mark(fresh)
        if named:
            self._book = Book(self._names())
        self.version = version

    def _forget(self, row_id: int) -> Entry | None:
        gone = self.entries.pop(row_id, None)
        if gone is not None:
            self.vocabulary.remove(chain(gone.words, gone.more))
            for code in _marks(gone):
                self._masks[code] &= ~(1 << row_id)
        return gone

    def _mark(self, fresh: list[Entry]) -> None:
        ids: defaultdict[str, list[int]] = defaultdict(list)
        for entry in fresh:
            for code in _marks(entry):
                ids[code].append(entry.id)
        for code, found in ids.items():
            self._masks[code] |= mask_of(found)

    def _names(self) -> Iterable[tuple[str, str]]:
        """States by all their names; networks by their short ones, for every word of the long ones says little."""
        for entry in self.entries.values():
            if entry.kind is SearchKind.STATE:
                yield from ((tokens.of_state(entry.ref), name) for name in entry.names)
            elif entry.kind is SearchKind.NETWORK:
                short = (name for name in entry.names if len(name.split()) <= _LONGEST_SHORT_NAME)
                yield from ((tokens.of_network(entry.ref), name) for name in short)


class Memory:
    """The contents for one process, brought up to date when the counter in the database went on."""

    def __init__(self) -> None:
        self._contents = Contents()
        self._lock = threading.RLock()

    def contents(self, session: Session) -> Contents:
        """The contents as the session sees them."""
        version = session.scalar(select(SearchVersion.version)) or 0
        if version != self._contents.version:
            with self._lock:
                self._refresh(session, version)
        return self._contents

    def _refresh(self, session: Session, version: int) -> None:
        known = self._contents.version
        if version == known:
            return
        query = select(SearchRow.__table__)
        if 0 < known < version:
            self._contents.take(_read(session, query.where(SearchRow.version > known)), version)
            return
        # Read anew, and put in place when it is whole: others go on with what they have.
        whole = Contents()
        whole.take(_read(session, query), version)
        self._contents = whole


def mask_of(ids: Sequence[int]) -> int:
    """A mask of rows."""
    if len(ids) < _MANY:
        return sum(1 << one for one in set(ids))
    bits = bytearray(max(ids) // 8 + 1)
    for one in ids:
        bits[one >> 3] |= 1 << (one & 7)
    return int.from_bytes(bits, "little")


def ids_in(mask: int) -> list[int]:
    """The rows of a mask, in order."""
    return [
        at * 8 + bit
        for at, byte in enumerate(mask.to_bytes((mask.bit_length() + 7) // 8, "little"))
        if byte
        for bit in range(8)
        if byte >> bit & 1
    ]


_NAMING = (SearchKind.STATE, SearchKind.NETWORK)


def _read(session: Session, query: Select[Any]) -> list[SearchRow]:
    rows: list[Any] = list(session.execute(query))
    return rows


def _entry(row: SearchRow) -> Entry:
    names = tuple(row.names.split("\n"))
    return Entry(
        id=row.id,
        kind=SearchKind(row.kind),
        ref=row.ref,
        part=Part(row.part) if row.part else None,
        names=names,
        words=tuple(dict.fromkeys(chain.from_iterable(name.split() for name in names))),
        more=tuple(row.more.split()),
        codes=frozenset(row.codes.split()),
        state=_state(row),
        hours=row.hours,
    )


def _state(row: SearchRow) -> str:
    """The first State that a row names: its own. A liaison officer's host comes later."""
    if row.kind == SearchKind.NETWORK:
        return ""
    prefix = tokens.of_state("")
    return next((code.removeprefix(prefix).upper() for code in row.codes.split() if code.startswith(prefix)), "")


def _marks(entry: Entry) -> Iterable[str]:
    """What an entry is counted under: codes are in small letters, hours begin with a capital one."""
    return (*entry.codes, entry.kind.value, *((entry.hours,) if entry.hours else ()))


@cache
def _office_hours(written: str) -> OfficeHours:
    zone, days, opens, closes, calendar, closed = written.split()
    return OfficeHours(
        zone,
        frozenset(int(day) for day in days),
        time.fromisoformat(opens),
        time.fromisoformat(closes),
        None if calendar == "-" else calendar,
        frozenset() if closed == "-" else frozenset(map(date.fromisoformat, closed.split(","))),
    )
