"""Finding: names first, wider below twenty hits, two hundred unranked at most, then put in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from comity.directory.fold import fold
from comity.directory.models import SearchKind
from comity.directory.search import terms
from comity.directory.search.memory import Contents, Entry, Memory, ids_in, mask_of
from comity.directory.search.rank import score
from comity.directory.search.terms import MOST_LETTERS, Group, Question
from comity.directory.search.understand import joined, understand

FEW, MOST = 20, 200
_EVERYTHING = 1_000_000

_SQLITE = text("SELECT rowid FROM directory_search_fts WHERE directory_search_fts MATCH :query LIMIT :most")
_POSTGRESQL = text("SELECT id FROM directory_search WHERE document @@ CAST(:query AS tsquery) LIMIT :most")
_PEOPLE_WHO_SPEAK = 20.0
_ORDER = (SearchKind.STATE, SearchKind.AUTHORITY, SearchKind.PERSON, SearchKind.NETWORK)
Form = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ref: code of a State or network, id of an authority or practitioner. part: of an authority.

    state: alpha-2 code of the State that an authority or person belongs to, or that it is; empty for a network.
    """

    kind: SearchKind
    ref: str
    part: str | None
    state: str
    score: float

    @classmethod
    def of(cls, entry: Entry, score: float = 0.0) -> Hit:
        """An entry as a hit."""
        return cls(entry.kind, entry.ref, entry.part, entry.state, score)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, best first. corrected: what was looked for instead. mask: all that answer, where asked for."""

    hits: tuple[Hit, ...]
    corrected: str
    mask: int = 0


def find(
    session: Session, memory: Memory, asked: str, *, all_of_them: bool = False, within: int | None = None
) -> Answer:
    """What answers to a query, best first.

    asked: as typed, in any language and script; the last letters of a word may be missing. all_of_them: find every
    row that answers, for counting, and not those alone that can come first. within: a mask of rows to look in.
    """
    contents = memory.contents(session)
    question = terms.question(asked)
    if not question.phrases and not question.articles:
        return Answer((), "")
    search = _Search(session, contents, all_of_them, within)
    groups, corrected, ids = search.ids(question)
    folded = fold(asked[:MOST_LETTERS])
    entries = [entry for one in ids[: 2 * MOST] if (entry := contents.entries.get(one))]
    hits = [_hit(entry, folded, groups, speaking=question.speaking) for entry in entries]
    hits.sort(key=lambda hit: (-hit.score, _ORDER.index(hit.kind), hit.part or "", len(hit.ref), hit.ref))
    return Answer(tuple(hits), corrected, mask_of(ids) if all_of_them else 0)


def _hit(entry: Entry, asked: str, groups: tuple[Group, ...], *, speaking: bool) -> Hit:
    better = _PEOPLE_WHO_SPEAK if speaking and entry.kind is SearchKind.PERSON else 0.0
    return Hit.of(entry, round(score(asked, groups, entry) + better, 6))


class _Search:
    """One look into the index, going wider as long as little is found."""

    def __init__(self, session: Session, contents: Contents, all_of_them: bool, within: int | None) -> None:
        self._session, self._contents, self._all = session, contents, all_of_them
        self._inside = None if within is None else frozenset(ids_in(within))
        self._statement, self._form = _dialect(session)

    def ids(self, question: Question) -> tuple[tuple[Group, ...], str, list[int]]:
        """What is looked for in the end, with its spelling put right, and the rows that answer."""
        first = understand(question, self._contents)
        together = self._as_one_word(question) if not self._take(first.groups, names_only=True) else None
        if together and (found := self._widening(together)):
            return together, "", found
        if found := self._widening(first.groups):
            return first.groups, first.corrected, found
        doubted = understand(question, self._contents, doubt=True)
        if found := self._widening(doubted.groups):
            return doubted.groups, first.corrected, found
        loose = terms.loosened(doubted.groups)
        return loose, first.corrected, self._take(loose, names_only=False, every=False) if len(loose) > 1 else []

    def _as_one_word(self, question: Question) -> tuple[Group, ...] | None:
        """What a name written apart stands for, where the directory has it written together."""
        one = joined(question)
        if one is None or not self._contents.vocabulary.knows(one.phrases[0].words[0]):
            return None
        return understand(one, self._contents).groups

    def _widening(self, groups: tuple[Group, ...]) -> list[int]:
        found = dict.fromkeys(self._take(groups, names_only=True))
        if len(found) == MOST and not self._all:
            # More begin like this than are ranked: those that have the very words must be among them.
            found = dict.fromkeys([*self._take(groups, names_only=True, whole=True), *found])
        if self._all or len(found) < FEW:
            found |= dict.fromkeys(self._take(groups, names_only=False))
        return list(found)

    def _take(self, groups: tuple[Group, ...], **how: bool) -> list[int]:
        query = self._form(groups, **how)
        if not query:
            return []
        unlimited = self._all or self._inside is not None
        asked = {"query": query, "most": _EVERYTHING if unlimited else MOST}
        rows = [row[0] for row in self._session.execute(self._statement, asked)]
        return rows if self._inside is None else [one for one in rows if one in self._inside]


def _dialect(session: Session) -> tuple[TextClause, Form]:
    if session.get_bind().dialect.name == "postgresql":
        return _POSTGRESQL, terms.tsquery
    return _SQLITE, terms.fts5
