"""Folding of text for search, the same for what is stored and what is asked. Pure.

Written once, in Python, so that both databases find the same things: they split on spaces and do nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_ARABIC = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ە": "ه", "ھ": "ه", "ک": "ك", "ـ": None})
_APOSTROPHES = "'’ʼʻʹ`"
_APOSTROPHES_PART = str.maketrans(dict.fromkeys(_APOSTROPHES, " "))
_NO_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES))
_UNSPACED = (
    "\u3040-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Han
    "\u0e00-\u0e7f"  # Thai
    "\u0e80-\u0eff"  # Lao
    "\u1780-\u17ff"  # Khmer
    "\u1000-\u109f"  # Burmese
)
_UNSPACED_LETTER = re.compile(f"([{_UNSPACED}])")
_NOT_IN_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Words parted by single spaces: case folded, marks taken off, Arabic letters unified.

    Scripts written without spaces (Chinese first of all) are split into their characters.
    Folding twice is folding once.
    """
    letters = _without_marks(text.casefold()).translate(_ARABIC).casefold()
    spaced = _UNSPACED_LETTER.sub(r" \1 ", letters)
    return " ".join(_NOT_IN_A_WORD.sub(" ", spaced).split())


@lru_cache(maxsize=8192)
def transliterate(text: str) -> str:
    """The folded text in Latin letters: Бельгия is found by `belgiya`, 泰国 by `taiguo`, Côte d'Ivoire by `divoire`."""
    return fold(anyascii(text).translate(_NO_APOSTROPHES))


def indexed(text: str) -> str:
    """What is stored for a name: folded, and in Latin letters behind it where that says something else."""
    folded, latin = fold(text), transliterate(text)
    return folded if latin == folded else f"{folded} {latin}"


def is_unspaced(word: str) -> bool:
    """Whether a folded word is a character of a script without spaces."""
    return len(word) == 1 and _UNSPACED_LETTER.fullmatch(word) is not None


def _without_marks(text: str) -> str:
    """Without diacritics of any script; Hangul syllables are put together again."""
    apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES_PART))
    return unicodedata.normalize("NFC", "".join(letter for letter in apart if unicodedata.category(letter)[0] != "M"))
