"""A directory to measure with: all States, 5,000 authorities, 20,000 practitioners, in many scripts, all invented."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.directory.fold import transliterate
from comity.directory.loading import load_reference
from comity.directory.models import Authority, Network, SearchRow, State
from comity.directory.record import Practitioner
from comity.directory.search.index import reindex
from comity.directory.vocabulary import (
    AuthorityKind,
    Function,
    Means,
    Part,
    PractitionerRole,
    Source,
    Speciality,
    TranslationRule,
    Vetting,
)

AUTHORITIES, PRACTITIONERS, SEED = 5_000, 20_000, 20_261_123
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "di",
    "fa",
    "ga",
    "ha",
    "ja",
    "ka",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "ti",
    "to",
    "va",
    "vi",
    "wa",
    "za",
]
_BODIES = {
    "en": (
        "Office of the Prosecutor, {}",
        "Court of Appeal of {}",
        "{} Police Headquarters",
        "Directorate of Justice, {}",
    ),
    "fr": ("Parquet de {}", "Cour d'appel de {}", "Direction de la police de {}"),
    "es": ("Fiscalía de {}", "Tribunal Superior de {}", "Policía Nacional, {}"),
    "pt": ("Procuradoria de {}", "Tribunal de {}"),
    "de": ("Staatsanwaltschaft {}", "Oberlandesgericht {}", "Landeskriminalamt {}"),
    "ru": ("Прокуратура города {}", "Верховный суд {}"),
    "ar": ("النيابة العامة في {}", "محكمة {}"),
    "zh": ("{}人民检察院", "{}市公安局"),
    "tr": ("{} Cumhuriyet Başsavcılığı",),
    "vi": ("Viện kiểm sát {}",),
}
_LETTERS = {
    "ru": (["ба", "ве", "га", "до", "жи", "ка", "ле", "ми", "но", "па", "ро", "са", "ту", "фе", "хо", "цы", "ша"], ""),
    "ar": (["با", "در", "سم", "كر", "نو", "ها", "لي", "مح", "عل", "فت", "قا", "ري", "ست"], ""),
    "zh": (list("安平东方海江林明南宁青山石水天西永云中州"), ""),
}


@dataclass(frozen=True)
class Sample:
    """A name to look for, and the row that must be found. kind, ref: as in the search row."""

    asked: str
    kind: str
    ref: str


def fill(session: Session) -> list[Sample]:
    """Write the directory. Returns names of authorities and people with where they lead."""
    chance = random.Random(SEED)
    load_reference(session)
    states, networks = list(session.scalars(select(State))), list(session.scalars(select(Network)))
    authorities = [_authority(chance, number, states) for number in range(AUTHORITIES)]
    session.add_all(authorities)
    session.flush()
    people = [_person(chance, number, authorities, networks) for number in range(PRACTITIONERS)]
    session.add_all(people)
    session.flush()
    reindex(session)
    rows = {(row.kind.value, row.ref) for row in session.scalars(select(SearchRow))}
    samples = [Sample(authority.name_en, "authority", str(authority.id)) for authority in authorities]
    samples += [Sample(person.name, "person", str(person.id)) for person in people]
    return [sample for sample in samples if (sample.kind, sample.ref) in rows]


def _word(chance: random.Random, language: str, least: int = 2) -> str:
    syllables, _ = _LETTERS.get(language, (_SYLLABLES, ""))
    return "".join(chance.choices(syllables, k=chance.randint(least, 4))).title()


def _authority(chance: random.Random, number: int, states: list[State]) -> Authority:
    state, language = chance.choice(states), chance.choice(list(_BODIES))
    place = _word(chance, language)
    english = f"{chance.choice(_BODIES['en']).format(transliterate(place).title())} {_word(chance, 'en', 3)}"
    functions = chance.sample(list(Function), k=chance.randint(1, 4))
    return Authority(
        code=f"bench-{number}", state=state, part=chance.choice(list(Part)), kind=chance.choice(list(AuthorityKind)),
        name_en=english, name_original=chance.choice(_BODIES[language]).format(place), original_language=language,
        unit=f"Unit {_word(chance, 'en')}", parent="", functions=[function.value for function in functions],
        mailbox=f"desk{number}@bench.example", telephone="+99 00 555 0100", address=f"Example Road, {place}",
        zone=state.zone, office_days="12345", opens=time(9), closes=time(17), languages_accepted=state.languages[:2],
        languages_spoken=list(state.languages), translation=TranslationRule.CERTIFIED, draft_when_urgent=True,
        means=[means.value for means in chance.sample(list(Means), k=2)], electronic_signature=False, encryption=False,
        paper_original=False, oral_when_urgent=chance.random() < 0.5, interpol_when_urgent=chance.random() < 0.5,
        diplomatic_channel=False, source=Source.DIRECTORY, notified_on=date(2020, 1, 1), confirmed_on=date(2026, 9, 1),
        confirmed_by="Secretariat", next_review_on=date(2027, 9, 1), demonstration=True, updated_at=NOW,
    )  # fmt: skip


def _person(chance: random.Random, number: int, authorities: list[Authority], networks: list[Network]) -> Practitioner:
    authority = chance.choice(authorities)
    language = authority.original_language
    name = f"{_word(chance, language)} {_word(chance, language, 3)}"
    return Practitioner(
        public_id=f"bench-{number}", authority=authority, name=name, name_latin=transliterate(name).title(),
        language=language, role=chance.choice(list(PractitionerRole)), languages={language: "native", "en": "working"},
        specialities=[one.value for one in chance.sample(list(Speciality), k=2)], networks=chance.sample(networks, k=1),
        vetting=Vetting.ACTIVE, demonstration=True, updated_at=NOW,
    )  # fmt: skip
