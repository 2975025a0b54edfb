"""What is asked, as groups of alternatives, and its form in the query language of either database. Pure.

All groups must be met; in a group any alternative will do: words in a row's text, or codes that they ask for. Folded
words hold letters and digits alone, so nothing in them needs to be escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from comity.directory.fold import fold, is_unspaced
from comity.directory.search.concepts import Asked
from comity.directory.search.stopwords import SPEAKING, STOPWORDS

MOST_LETTERS, MOST_GROUPS = 200, 12
_ARTICLE = re.compile(r"\b(\d{1,2})((?:\s?\(\w{1,2}\))+)")
_BARE_ARTICLE = re.compile(r"\b(?:art|article|articulo|статья|ст|المادة|第)\.?\s*(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; the last one may go on. Characters of an unspaced script make one phrase.

    cost: letters that were changed to come to it.
    """

    words: tuple[str, ...]
    cost: int = 0

    @property
    def is_word(self) -> bool:
        """Whether it is one word of a script with spaces, whose spelling can be looked up."""
        return len(self.words) == 1 and not is_unspaced(self.words[0])


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives. codes: how well each is asked for."""

    phrases: tuple[Phrase, ...]
    codes: Asked = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed. articles: of UNTOC, as "18(13)". speaking: it asks who has a language. left: words kept."""

    phrases: tuple[Phrase, ...]
    articles: tuple[str, ...]
    speaking: bool


def question(text: str) -> Question:
    """What was typed, folded. Beyond a sensible length the rest is left out; words of questions are, too."""
    typed = text[:MOST_LETTERS]
    articles = [number + brackets.replace(" ", "") for number, brackets in _ARTICLE.findall(typed)]
    typed = _ARTICLE.sub(" ", typed)
    articles += _BARE_ARTICLE.findall(typed)
    typed = _BARE_ARTICLE.sub(" ", typed) if articles else typed
    found = _phrases(typed)
    kept = tuple(phrase for phrase in found if not (phrase.is_word and phrase.words[0] in STOPWORDS))
    speaking = any(phrase.words[0] in SPEAKING for phrase in found if phrase.is_word) and bool(kept)
    return Question((kept or (() if articles else found))[:MOST_GROUPS], tuple(dict.fromkeys(articles)), speaking)


def _phrases(text: str) -> tuple[Phrase, ...]:
    found: list[Phrase] = []
    run: list[str] = []
    for word in fold(text).split():
        if is_unspaced(word):
            run.append(word)
            continue
        if run:
            found.append(Phrase(tuple(run)))
            run = []
        found.append(Phrase((word,)))
    if run:
        found.append(Phrase(tuple(run)))
    return tuple(dict.fromkeys(found))


def loosened(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups for a query that any of them answers: long runs of an unspaced script fall into pairs.

    So 中华人民共和国司法部 finds 司法部, though nothing says where one word ends.
    """
    loose: list[Group] = []
    for group in groups:
        words = group.phrases[0].words if group.phrases else ()
        if len(words) > 2:
            loose += [Group((Phrase(words[at : at + 2]),)) for at in range(len(words) - 1)]
        else:
            loose.append(group)
    return tuple(loose)


def fts5(groups: Sequence[Group], *, names_only: bool, every: bool = True, whole: bool = False) -> str:
    """The groups as an FTS5 query. every: all groups, or any of them. whole: words that do not go on."""
    star = "" if whole else " *"
    place = "{names}" if names_only else "{names more}"

    def one(group: Group) -> str:
        said = " OR ".join(f'"{" ".join(phrase.words)}"{star}' for phrase in group.phrases)
        asked = [] if names_only or not group.codes else [f"{{codes}} : ({' OR '.join(group.codes)})"]
        return "(" + " OR ".join(([f"{place} : ({said})"] if said else []) + asked) + ")"

    return (" AND " if every else " OR ").join(map(one, _askable(groups, names_only)))


def tsquery(groups: Sequence[Group], *, names_only: bool, every: bool = True, whole: bool = False) -> str:
    """The groups as a PostgreSQL `tsquery`. Names carry weight A, other words B, codes C. Else as `fts5`."""
    star, weight = "" if whole else "*", "A" if names_only else "AB"

    def phrase(words: tuple[str, ...]) -> str:
        *before, last = words
        return "(" + " <-> ".join([*(f"'{word}':{weight}" for word in before), f"'{last}':{star}{weight}"]) + ")"

    def one(group: Group) -> str:
        asked = [] if names_only else [f"'{code}':C" for code in group.codes]
        return "(" + " | ".join([*(phrase(one.words) for one in group.phrases), *asked]) + ")"

    return (" & " if every else " | ").join(map(one, _askable(groups, names_only)))


def _askable(groups: Sequence[Group], names_only: bool) -> list[Group]:
    """Groups with something to ask for; one of codes alone is met by no name."""
    if names_only and any(not group.phrases for group in groups):
        return []
    return [group for group in groups if group.phrases or group.codes]
