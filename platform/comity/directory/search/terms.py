"""What is asked, as groups of alternatives, and its form in the query language of either database. Pure.

All groups must be met; in a group any alternative will do. Folded words hold letters and digits alone, so nothing in
them needs to be escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comity.directory.fold import fold, is_unspaced

MOST_LETTERS, MOST_GROUPS = 200, 12


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; the last one may go on. Characters of an unspaced script make one phrase."""

    words: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        """Whether it is one word of a script with spaces, whose spelling can be looked up."""
        return len(self.words) == 1 and not is_unspaced(self.words[0])


Group = tuple[Phrase, ...]


def phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of what was typed, folded. Beyond a sensible length the rest is left out."""
    found: list[Phrase] = []
    run: list[str] = []
    for word in fold(text[:MOST_LETTERS]).split():
        if is_unspaced(word):
            run.append(word)
            continue
        if run:
            found.append(Phrase(tuple(run)))
            run = []
        found.append(Phrase((word,)))
    if run:
        found.append(Phrase(tuple(run)))
    return tuple(dict.fromkeys(found))[:MOST_GROUPS]


def with_alternatives(asked: Sequence[Phrase], correct: Callable[[str], Sequence[str]]) -> tuple[Group, ...]:
    """Groups of alternatives. correct: gives the words to look for instead of a word; none for a known one."""
    return tuple(
        tuple(Phrase((other,)) for other in correct(phrase.words[0])) or (phrase,) if phrase.is_word else (phrase,)
        for phrase in asked
    )


def loosened(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups for a query that any of them answers: long runs of an unspaced script fall into pairs.

    So 中华人民共和国司法部 finds 司法部, though nothing says where one word ends.
    """
    loose: list[Group] = []
    for group in groups:
        words = group[0].words
        loose += [(Phrase(words[at : at + 2]),) for at in range(len(words) - 1)] if len(words) > 2 else [group]
    return tuple(loose)


def fts5(groups: Sequence[Group], *, names_only: bool, every: bool = True) -> str:
    """The groups as an FTS5 query. every: all groups, or any of them."""
    joined = (" AND " if every else " OR ").join(
        "(" + " OR ".join(f'"{" ".join(phrase.words)}" *' for phrase in group) + ")" for group in groups
    )
    return f"{{names}} : ({joined})" if names_only else joined


def tsquery(groups: Sequence[Group], *, names_only: bool, every: bool = True) -> str:
    """The groups as a PostgreSQL `tsquery`. Names carry weight A. every: all groups, or any of them."""
    weight = "A" if names_only else ""
    return (" & " if every else " | ").join(
        "(" + " | ".join(_tsphrase(phrase, weight) for phrase in group) + ")" for group in groups
    )


def _tsphrase(phrase: Phrase, weight: str) -> str:
    *before, last = phrase.words
    inner = [f"'{word}':{weight}" if weight else f"'{word}'" for word in before]
    return "(" + " <-> ".join([*inner, f"'{last}':*{weight}"]) + ")"
