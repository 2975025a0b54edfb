"""From what was typed to what is looked for: spelling put right, words taken for the codes that they ask for. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from comity.directory.fold import transliterate
from comity.directory.search import tokens
from comity.directory.search.concepts import WHOLE, WORD, Asked
from comity.directory.search.memory import Contents
from comity.directory.search.terms import Group, Phrase, Question
from comity.directory.search.vocabulary import Near

_LANGUAGE = tokens.speaks("")


@dataclass(frozen=True, slots=True)
class Understood:
    """What is looked for. corrected: with the spelling put right, or nothing where it was right."""

    groups: tuple[Group, ...]
    corrected: str


def understand(asked: Question, contents: Contents, *, doubt: bool = False) -> Understood:
    """What a question looks for. doubt: known words may be misspelt ones, too."""
    groups = [_group(phrase, contents, speaking=asked.speaking, doubt=doubt) for phrase in asked.phrases]
    groups += [Group((), {tokens.of_provision(article): WHOLE}) for article in asked.articles]
    changed = any(_changed(phrase, group) for phrase, group in zip(asked.phrases, groups, strict=False))
    words = " ".join(" ".join(group.phrases[0].words) for group in groups if group.phrases)
    return Understood(tuple(groups), words if changed else "")


def joined(asked: Question) -> Question | None:
    """The words as one, for a name written apart: "si fa bu" is found by `sifabu`, "new zea land" by `newzealand`."""
    words = [phrase.words[0] for phrase in asked.phrases if phrase.is_word]
    if len(words) < 2 or len(words) < len(asked.phrases):
        return None
    return Question((Phrase(("".join(words),)),), asked.articles, asked.speaking)


def _changed(phrase: Phrase, group: Group) -> bool:
    return bool(group.phrases) and group.phrases[0].cost > 0 and group.phrases[0].words != phrase.words


def _group(phrase: Phrase, contents: Contents, *, speaking: bool, doubt: bool) -> Group:
    if not phrase.is_word:
        return _spoken(Group((phrase,), contents.asked_by_unspaced(phrase.words)), speaking)
    (word,) = phrase.words
    meant = contents.vocabulary.instead_of(word) or (
        (Near(word, 0), *(contents.vocabulary.near(word) if doubt else ()))
    )
    codes: Asked = {}
    for near in meant:
        for code, quality in _asked_by(near.word, contents).items():
            codes[code] = max(codes.get(code, 0.0), quality - near.distance / 10)
    return _spoken(Group(tuple(Phrase((near.word,), near.distance) for near in meant), codes), speaking)


def _asked_by(word: str, contents: Contents) -> Asked:
    return contents.asked_by(word) or contents.asked_by(transliterate(word))


def _spoken(group: Group, speaking: bool) -> Group:
    """Of a question who speaks a language, the language alone counts."""
    languages = {code: quality for code, quality in group.codes.items() if code.startswith(_LANGUAGE)}
    sure = {code: quality for code, quality in languages.items() if quality >= WORD}
    return Group((), sure or languages) if speaking and languages else group
