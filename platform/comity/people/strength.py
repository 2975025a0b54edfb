"""How strong a password is, in words that a person can act on. Judged by zxcvbn; its English messages are mapped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from zxcvbn import zxcvbn

from comity.core.errors import Invalid
from comity.core.i18n import N_

SHORTEST, LONGEST = 8, 500
GOOD_ENOUGH = 3
"""zxcvbn's score from 0 to 4; 3 stands for 10⁸ guesses or more."""

_OURS = "comity"
_MOST_PARTS = 8
_GLUES = ("", ".", "-", "_", " ")
_JUDGED = 72
"""Characters that are judged: the work grows with the square, and what follows can only make it stronger."""

REASONS: dict[str, str] = {
    "Straight rows of keys are easy to guess.": N_("Straight rows of keys are easy to guess."),
    "Short keyboard patterns are easy to guess.": N_("Short patterns on the keyboard are easy to guess."),
    'Repeats like "aaa" are easy to guess.': N_("Repeated characters like “aaa” are easy to guess."),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': N_(
        "Repeats like “abcabcabc” are hardly harder to guess than “abc”."
    ),
    'Sequences like "abc" or "6543" are easy to guess.': N_("Sequences like “abc” or “6543” are easy to guess."),
    "Recent years are easy to guess.": N_("Recent years are easy to guess."),
    "Dates are often easy to guess.": N_("Dates are easy to guess."),
    "This is a top-10 common password.": N_("This is one of the ten most common passwords."),
    "This is a top-100 common password.": N_("This is one of the hundred most common passwords."),
    "This is a very common password.": N_("This is a very common password."),
    "This is similar to a commonly used password.": N_("This is close to a common password."),
    "A word by itself is easy to guess.": N_("A single word is easy to guess."),
    "Names and surnames by themselves are easy to guess.": N_("A name alone is easy to guess."),
    "Common names and surnames are easy to guess.": N_("Common names are easy to guess."),
}
SUGGESTIONS: dict[str, str] = {
    "Use a few words, avoid common phrases.": N_("Use a few words that do not belong together."),
    "No need for symbols, digits, or uppercase letters.": N_("Symbols, digits and capital letters are not needed."),
    "Add another word or two. Uncommon words are better.": N_("Add another word or two, best uncommon ones."),
    "Use a longer keyboard pattern with more turns.": N_("Use words rather than a pattern on the keyboard."),
    "Avoid repeated words and characters.": N_("Avoid repeated words and characters."),
    "Avoid sequences.": N_("Avoid sequences."),
    "Avoid recent years.": N_("Avoid recent years."),
    "Avoid years that are associated with you.": N_("Avoid years that have to do with you."),
    "Avoid dates and years that are associated with you.": N_("Avoid dates and years that have to do with you."),
    "Capitalization doesn't help very much.": N_("A capital letter at the beginning does not help much."),
    "All-uppercase is almost as easy to guess as all-lowercase.": N_("Capital letters throughout do not help much."),
    "Reversed words aren't much harder to guess.": N_("Words spelt backwards are hardly harder to guess."),
    "Predictable substitutions like '@' instead of 'a' don't help very much.": N_(
        "Replacing letters, like “@” for “a”, does not help much."
    ),
}
_WEAK = N_("This password is easy to guess.")
_OWN_WORDS = N_("Your own name, address or office is easy to guess.")


@dataclass(frozen=True, slots=True)
class Strength:
    """What was found. score: 0 to 4. reason: a msgid, empty when good enough. suggestions: msgids."""

    score: int
    reason: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def good_enough(self) -> bool:
        return self.score >= GOOD_ENOUGH


class WeakPassword(Invalid):
    """A password that is too easy to guess. suggestions: msgids of what would help."""

    code = "weak-password"
    message = _WEAK

    def __init__(self, message: str, suggestions: tuple[str, ...] = (), **parameters: object) -> None:
        super().__init__(message, field="password", **parameters)
        self.suggestions = suggestions


def own_words(*texts: str) -> tuple[str, ...]:
    """What somebody who knows the person would try first: each text, its parts, and neighbouring parts in one word.

    zxcvbn takes three words apart for 10⁸ guesses whatever they are, so "first.last" must be known as one.
    """
    found: dict[str, None] = {}
    for text in texts:
        parts = [part for part in re.split(r"[\W_]+", text.lower()) if part][:_MOST_PARTS]
        runs = [parts[first:last] for first, last in combinations(range(len(parts) + 1), 2)]
        found |= dict.fromkeys([text.lower(), *(glue.join(run) for run in runs for glue in _GLUES)])
    return tuple(word for word in found if len(word) > 1)


def judge(password: str, words: Iterable[str]) -> Strength:
    """How hard the password is to guess. words: what is known of its owner, see `own_words`."""
    if not password:
        return Strength(0, _WEAK)
    found: dict[str, Any] = zxcvbn(password[:_JUDGED], user_inputs=[_OURS, *words])
    score, feedback = int(found["score"]), found["feedback"]
    if score >= GOOD_ENOUGH:
        return Strength(score)
    known = (part["matched_word"] for part in found["sequence"] if part.get("dictionary_name") == "user_inputs")
    own = any(word != _OURS for word in known)
    reason = REASONS.get(feedback["warning"], _OWN_WORDS if own else _WEAK)
    return Strength(score, reason, tuple(SUGGESTIONS[text] for text in feedback["suggestions"] if text in SUGGESTIONS))


def require_strong(password: str, words: Iterable[str]) -> None:
    """Raises WeakPassword when the password is too short, too long or too easy to guess."""
    if len(password) < SHORTEST:
        raise WeakPassword(N_("Please use at least %(shortest)s characters."), shortest=SHORTEST)
    if len(password) > LONGEST:
        raise WeakPassword(N_("Please use at most %(longest)s characters."), longest=LONGEST)
    strength = judge(password, words)
    if not strength.good_enough:
        raise WeakPassword(strength.reason, strength.suggestions)
