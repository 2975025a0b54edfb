"""The words of the directory, and which of them was meant by a word that is none. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from comity.directory.fold import is_unspaced, transliterate

_SHORTEST, _MOST = 3, 12
_LONG = 6
"""From this length on two letters may be wrong."""

_VOWELS = re.compile(r"[aeiouyw']")
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the directory that comes near to one that is none. distance: letters that differ."""

    word: str
    distance: int


class Vocabulary:
    """Words with the number of texts that hold them: they come and go with the texts."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._count: Counter[str] = Counter()
        self._by_edge: defaultdict[str, set[str]] = defaultdict(set)
        self._by_consonants: defaultdict[str, set[str]] = defaultdict(set)
        self.words: list[str] = []
        self.add(word for text in texts for word in text.split())

    def add(self, words: Iterable[str]) -> None:
        """Hold words once more."""
        fresh = []
        for word in words:
            if is_unspaced(word):
                continue
            self._count[word] += 1
            if self._count[word] == 1:
                fresh.append(word)
        if len(fresh) > 100:
            self.words = sorted([*self.words, *fresh])
        for word in fresh:
            if len(fresh) <= 100:
                insort(self.words, word)
            for edge in _edges(word):
                self._by_edge[edge].add(word)
            if _is_arabic(word):
                self._by_consonants[consonants(transliterate(word))].add(word)

    def remove(self, words: Iterable[str]) -> None:
        """Hold words once less; one that no text holds any more is forgotten."""
        for word in words:
            if self._count[word] > 1:
                self._count[word] -= 1
            elif self._count.pop(word, 0):
                del self.words[bisect_left(self.words, word)]
                for edge in _edges(word):
                    self._by_edge[edge].discard(word)
                if _is_arabic(word):
                    self._by_consonants[consonants(transliterate(word))].discard(word)

    def knows(self, word: str) -> bool:
        """Whether a word of the directory begins like this."""
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at].startswith(word)

    def instead_of(self, word: str) -> tuple[Near, ...]:
        """What to look for instead, nearest first: nothing for a known word, or where nothing comes near.

        A word of another script is tried in Latin letters, and one in Latin letters as an Arabic one without vowels.
        """
        if self.knows(word):
            return ()
        latin = transliterate(word)
        if latin != word and self.knows(latin):
            return (Near(latin, 0),)
        return self.near(word) or (self.near(latin) if latin != word else ())

    def near(self, word: str) -> tuple[Near, ...]:
        """Words that differ by one letter or in Arabic vowels; where there is none, long ones that differ by two.

        Letters changed, missing, too many or swapped count one each (optimal string alignment). Words that begin with
        the same letter come first.
        """
        if len(word) < _SHORTEST:
            return ()
        return self._within(word, 1) + self._arabic(word) or (self._within(word, 2) if len(word) >= _LONG else ())

    def _within(self, word: str, allowed: int) -> tuple[Near, ...]:
        # Wherever one letter is wrong, the first two or the last two of a word of five are not touched.
        choices = [
            other
            for other in set().union(*(self._by_edge.get(edge, ()) for edge in _edges(word)))
            if abs(len(other) - len(word)) <= allowed
        ]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        near = sorted((distance, other[0] != word[0], other) for other, distance, _at in found if distance)
        return tuple(Near(other, int(distance)) for distance, _first, other in near[:_MOST])

    def _arabic(self, word: str) -> tuple[Near, ...]:
        skeleton = consonants(word) if word.isascii() else ""
        found = self._by_consonants.get(skeleton, set()) if len(skeleton) > 1 else set()
        return tuple(Near(other, 1) for other in sorted(found)[:_MOST])


def _edges(word: str) -> tuple[str, ...]:
    """Under what a word is kept: how it begins and ends; a short one also by each letter at its ends."""
    edges = (f"^{word[:2]}", f"{word[-2:]}$")
    return edges if len(word) > _LONG else (*edges, f"^{word[:1]}", f"{word[-1:]}$")


def consonants(latin: str) -> str:
    """A word without what romanisations of Arabic differ in: "wizarat" and "wzarh" are the same.

    Vowels and half vowels, doubled letters, the article and a final h or t go.
    """
    bare = _VOWELS.sub("", _TWICE.sub(r"\1", latin.removeprefix("al")))
    return bare.rstrip("ht") or bare


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"
