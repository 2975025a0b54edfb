"""The order of what was found. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.fuzz import token_set_ratio

from comity.directory.search.concepts import Asked
from comity.directory.search.memory import Entry
from comity.directory.search.terms import Group, Phrase

EXACT, BEGINS, WORDS_BEGIN = 130.0, 112.0, 104.0
_MET, _BY_NAME, _BY_CODE, _BY_WORD, _FUZZY, _ALIKE = 56.0, 34.0, 14.0, 8.0, 0.05, 0.62
_LENGTH_COST, _LETTER_COST, _LONGEST_DIFFERENCE = 0.05, 3.0, 100


def score(asked: str, groups: Sequence[Group], entry: Entry) -> float:
    """How well an entry answers what is asked, from 0; what is higher comes first.

    asked: folded, as typed. A name that is asked for comes before words met elsewhere, which come before likeness.
    """
    by_name = [_met_by(group.phrases, entry.words) for group in groups]
    said = " ".join(" ".join(met.words) for met in by_name if met)
    cost = _LETTER_COST * sum(met.cost for met in by_name if met)
    if groups and all(by_name):
        return max(_name_score(words, name) for words in {asked, said} for name in entry.names) - cost
    parts = [_part(group, met, entry) for group, met in zip(groups, by_name, strict=True)]
    share = sum(part > 0 for part in parts) / len(groups) if groups else 0.0
    if groups and share == 1.0:
        likeness = max(token_set_ratio(asked, name) for name in entry.names) * _FUZZY if any(by_name) else 0.0
        return _MET + sum(parts) / len(parts) + likeness - cost
    alike = max(token_set_ratio(asked, name) for name in entry.names) * _ALIKE
    return max(_MET * share * share + sum(parts) / max(len(parts), 1), alike) - cost


def _part(group: Group, met: Phrase | None, entry: Entry) -> float:
    """What meeting one group is worth."""
    by_code = _BY_CODE * _best(group.codes, entry)
    if met:
        return _BY_NAME + by_code / 2
    return by_code + (_BY_WORD if _met_by(group.phrases, entry.more) else 0.0)


def _best(codes: Asked, entry: Entry) -> float:
    return max((quality for code, quality in codes.items() if code in entry.codes), default=0.0)


def _met_by(phrases: Sequence[Phrase], words: Sequence[str]) -> Phrase | None:
    """The first alternative that words meet: all of its words there, the last perhaps as a beginning."""
    for phrase in phrases:
        if len(phrase.words) > 1:
            if all(word in words for word in phrase.words):
                return phrase
        elif any(word.startswith(phrase.words[0]) for word in words):
            return phrase
    return None


def _name_score(asked: str, name: str) -> float:
    if name == asked:
        return EXACT
    longer = min(abs(len(name) - len(asked)), _LONGEST_DIFFERENCE) * _LENGTH_COST
    if name.startswith(asked):
        return BEGINS - longer
    words = name.split()
    parts = asked.split()
    if all(any(word.startswith(part) for word in words) for part in parts):
        whole = sum(part in words for part in parts) / max(len(parts), 1)
        return WORDS_BEGIN + whole * 2 - longer
    return token_set_ratio(asked, name) - longer
