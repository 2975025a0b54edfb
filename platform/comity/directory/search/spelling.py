"""Typing errors: words that nothing in the directory begins with are looked up among those that are there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.directory.fold import is_unspaced, transliterate
from comity.directory.models import SearchRow, SearchVersion

_SHORTEST, _MOST = 3, 4


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the directory, sorted. Pure."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """The vocabulary of folded texts."""
        found = {word for text in texts for word in text.split() if not is_unspaced(word)}
        return cls(tuple(sorted(found)))

    def knows(self, word: str) -> bool:
        """Whether a word of the directory begins like this."""
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at].startswith(word)

    def instead_of(self, word: str) -> tuple[str, ...]:
        """The words to look for instead, nearest first: none for a known word, or where nothing comes near.

        Letters changed, missing, too many or swapped count one each (optimal string alignment): one in words of up to
        five letters, two in longer ones. A word of another script is tried in Latin letters, too.
        """
        if self.knows(word):
            return ()
        latin = transliterate(word)
        if latin != word and self.knows(latin):
            return (latin,)
        return self._near(word) or (self._near(latin) if latin != word else ())

    def _near(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST:
            return ()
        allowed = 1 if len(word) <= 5 else 2
        near = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=allowed, limit=_MOST)
        return tuple(found for found, _distance, _index in near)


class Spelling:
    """The vocabulary in memory, read again when the counter in the database says that it is old."""

    def __init__(self) -> None:
        self._read: tuple[int, Vocabulary] = (-1, Vocabulary(()))

    def vocabulary(self, session: Session) -> Vocabulary:
        """The vocabulary of what the session sees."""
        version = session.scalar(select(SearchVersion.version)) or 0
        known, vocabulary = self._read
        if known != version:
            rows = session.execute(select(SearchRow.names, SearchRow.more))
            vocabulary = Vocabulary.of(text for row in rows for text in row)
            self._read = (version, vocabulary)
        return vocabulary
