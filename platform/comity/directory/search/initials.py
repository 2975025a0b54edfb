"""Abbreviations that people make of names: "National Crime Agency" is NCA, "Bundeskriminalamt" is BKA. Pure."""

from __future__ import annotations

import re

from comity.directory.search.stopwords import STOPWORDS

_FEWEST, _MOST = 2, 8
_OFFICES = ("office", "oficina", "bureau")
_COMPOUND = re.compile(
    r"^(bundes|landes|staats|general)(kriminal|justiz|polizei|anwalt|ministerium|innen|verwaltungs)?"
)
_HEADS = re.compile(r"(ministerium|anwaltschaft|gericht|polizei|behorde|amt)$")


def initials(folded: str) -> tuple[str, ...]:
    """The abbreviations of a folded name in Latin letters: with small words and without; German compounds parted."""
    words = folded.split()
    if len(words) > _MOST or not folded.isascii():
        return ()
    parted = [part for word in words for part in _parts(word)]
    forms = [words, [word for word in words if word not in STOPWORDS], [w for w in parted if w not in STOPWORDS]]
    if words and words[0] in _OFFICES:
        forms.append([word for word in words[1:] if word not in STOPWORDS])
    found = ("".join(word[0] for word in form) for form in forms if len(form) >= _FEWEST)
    return tuple(dict.fromkeys(found))


def _parts(word: str) -> list[str]:
    begins, ends = _COMPOUND.match(word), _HEADS.search(word)
    if not ends or ends.start() == 0:
        return [word]
    middle = word[: ends.start()]
    if begins and begins.end() <= len(middle):
        rest = middle[begins.end() :]
        return [part for part in (*begins.groups(), rest, ends[0]) if part]
    return [middle, ends[0]]
