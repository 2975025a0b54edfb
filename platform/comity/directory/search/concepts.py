"""By which words people ask for what rows hold as codes: in six languages and its own, in any script. Pure.

"Arabe", "арабский" and "阿拉伯语" all ask for the code of Arabic. The words of functions, specialities and languages
come from the catalogues and from CLDR; those of States and networks from their search rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar

from babel import Locale, localedata

from comity.core.i18n import LANGUAGES, catalogue
from comity.directory.fold import fold, transliterate
from comity.directory.labels import label
from comity.directory.names import language_name
from comity.directory.reference import load_states
from comity.directory.search import tokens
from comity.directory.search.stopwords import STOPWORDS
from comity.directory.vocabulary import AuthorityKind, Function, Means, PractitionerRole, Speciality

Term = TypeVar("Term", bound=StrEnum)

WHOLE, WORD, BEGINNING = 1.0, 0.7, 0.4
"""How well words ask for something: its whole name, a word of it, the beginning of one."""

_SHORTEST_BEGINNING, _MOST = 3, 40
_LOCALES = frozenset(localedata.locale_identifiers())

_SHORT: Mapping[Function, str] = {
    Function.MUTUAL_LEGAL_ASSISTANCE: "MLA; MLAT; EJP; entraide; Rechtshilfe; rogatory; commission rogatoire; exhorto",
    Function.EXTRADITION: "Auslieferung; surrender",
    Function.TRANSFER_OF_SENTENCED_PERSONS: "TSP; transfer of prisoners",
    Function.CONFISCATION: "asset recovery; freezing; seizure; forfeiture",
    Function.JOINT_INVESTIGATIONS: "JIT; ECE; joint investigation team",
    Function.LAW_ENFORCEMENT_COOPERATION: "police cooperation; police to police",
    Function.DRUGS_AT_SEA: "maritime drugs",
    Function.MIGRANTS_AT_SEA: "migrant smuggling",
    Function.FIREARMS_TRACING: "weapons; arms tracing; ballistics",
}
_CALLED: Mapping[Speciality, str] = {
    Speciality.ASSET_RECOVERY: "asset recovery",
    Speciality.CORRUPTION: "corruption; bribery",
    Speciality.CYBERCRIME: "cybercrime; computer crime",
    Speciality.DRUGS: "drugs; narcotics",
    Speciality.ELECTRONIC_EVIDENCE: "electronic evidence; digital evidence; e-evidence",
    Speciality.ENVIRONMENTAL_CRIME: "environmental crime; wildlife",
    Speciality.EXTRADITION: "extradition",
    Speciality.FIREARMS: "firearms; weapons",
    Speciality.JOINT_INVESTIGATIONS: "joint investigations; JIT",
    Speciality.MARITIME: "maritime; sea",
    Speciality.MONEY_LAUNDERING: "money laundering",
    Speciality.SMUGGLING_OF_MIGRANTS: "smuggling of migrants",
    Speciality.TERRORISM: "terrorism; terrorist financing",
    Speciality.TRAFFICKING_IN_PERSONS: "trafficking in persons; human trafficking",
    Speciality.VIDEO_HEARINGS: "video hearings; video conference",
    Speciality.WITNESS_PROTECTION: "witness protection",
}
_ROLES: Mapping[PractitionerRole, str] = {
    PractitionerRole.PROSECUTOR: "prosecutor",
    PractitionerRole.JUDGE: "judge",
    PractitionerRole.INVESTIGATING_MAGISTRATE: "investigating magistrate",
    PractitionerRole.POLICE: "police officer",
    PractitionerRole.LIAISON_MAGISTRATE: "liaison magistrate; magistrat de liaison",
    PractitionerRole.LIAISON_OFFICER: "liaison officer; attaché",
    PractitionerRole.ASSET_RECOVERY: "asset recovery officer",
}

Asked = dict[str, float]
"""Codes that words ask for, with how well they do."""


class Book:
    """Which codes a word asks for. entries: code and name pairs."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._by_word: dict[str, Asked] = {}
        self._unspaced: dict[str, Asked] = {}
        for token, name in entries:
            for folded in {fold(name), transliterate(name)} - {""}:
                self._add(token, folded)
        self.words = sorted(self._by_word)

    def _add(self, token: str, folded: str) -> None:
        words = folded.split()
        if all(len(word) == 1 for word in words):
            _better(self._unspaced.setdefault("".join(words), {}), token, WHOLE)
            return
        for word in words:
            if word not in STOPWORDS:
                _better(self._by_word.setdefault(word, {}), token, WHOLE if len(words) == 1 else WORD)

    def asked_by(self, word: str) -> Asked:
        """What a folded word asks for, which may not be complete yet."""
        found = dict(self._by_word.get(word, {}))
        if len(word) < _SHORTEST_BEGINNING:
            return found
        at = bisect_left(self.words, word)
        while at < len(self.words) and self.words[at].startswith(word) and len(found) < _MOST:
            for token in self._by_word[self.words[at]]:
                _better(found, token, BEGINNING)
            at += 1
        return found

    def asked_by_unspaced(self, words: Iterable[str]) -> Asked:
        """What a run of characters asks for: the whole of a name, or from two characters on its beginning."""
        run = "".join(words)
        found = dict(self._unspaced.get(run, {}))
        if len(run) > 1:
            for name, codes in self._unspaced.items():
                if name.startswith(run):
                    for token in codes:
                        _better(found, token, BEGINNING)
        return found


def _better(found: Asked, token: str, quality: float) -> None:
    found[token] = max(found.get(token, 0.0), quality)


@cache
def general() -> Book:
    """The book of what does not depend on the data: functions, languages, specialities, means, kinds, roles."""
    return Book([*_terms(), *_languages()])


def _terms() -> Iterable[tuple[str, str]]:
    for function in Function:
        code = tokens.of_function(function)
        yield from ((code, name) for name in _in_all_languages(label(function)))
        yield from ((code, name) for name in _SHORT.get(function, "").split("; "))
    for means in Means:
        yield from ((tokens.takes(means), name) for name in _in_all_languages(label(means)))
    for kind in AuthorityKind:
        yield from ((tokens.of_kind(kind), name) for name in _in_all_languages(label(kind)))
    yield from _said(_CALLED, tokens.of_speciality)
    yield from _said(_ROLES, tokens.of_role)


def _said(called: Mapping[Term, str], token: Callable[[Term], str]) -> Iterable[tuple[str, str]]:
    for term, names in called.items():
        said = [*names.split("; "), *_in_all_languages(label(term))]
        yield from ((token(term), name) for name in said)


def _in_all_languages(message: str) -> list[str]:
    return [catalogue(language).gettext(message) for language in LANGUAGES]


def _languages() -> Iterable[tuple[str, str]]:
    for code in sorted(known_languages()):
        own = Locale.parse(code).languages.get(code) if code in _LOCALES else None
        for name in {*(language_name(code, language) for language in LANGUAGES), own or ""}:
            yield tokens.speaks(code), name
            yield tokens.accepts(code), name


@cache
def official_languages() -> frozenset[str]:
    """The codes of the languages in which some State does its business."""
    return frozenset(code for state in load_states() for code in state.languages)


@cache
def known_languages() -> frozenset[str]:
    """The codes of the languages that people can ask for."""
    named = (code for code in map(str, Locale("en").languages) if len(code) == 2 and _is_named(code))
    return official_languages() | frozenset(named)


def _is_named(code: str) -> bool:
    return all(code in Locale(language).languages for language in LANGUAGES)
