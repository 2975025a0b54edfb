"""The order of what was found. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.fuzz import token_set_ratio

EXACT, BEGINS, WORDS_BEGIN = 130.0, 112.0, 104.0
_LENGTH_COST, _MORE_WORTH = 0.05, 0.6


def score(asked: str, names: str, more: str) -> float:
    """How well something answers what is asked, from 0; what is higher comes first.

    asked: folded. names: one folded name a line. more: other folded words; they count less.
    """
    best = max((_name_score(asked, name) for name in names.splitlines()), default=0.0)
    words = asked.split()
    if words and not _all_begin(words, names.split()) and _all_begin(words, f"{names} {more}".split()):
        best = max(best, WORDS_BEGIN * _MORE_WORTH + best * (1 - _MORE_WORTH))
    return best


def _name_score(asked: str, name: str) -> float:
    if name == asked:
        return EXACT
    longer = abs(len(name) - len(asked)) * _LENGTH_COST
    if name.startswith(asked):
        return BEGINS - longer
    if _all_begin(asked.split(), name.split()):
        return WORDS_BEGIN - longer
    return token_set_ratio(asked, name) - longer


def _all_begin(asked: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in asked)
