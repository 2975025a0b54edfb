from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority, State
from comity.directory.names import state_name
from comity.directory.search.index import index_authority, index_state, raise_version
from comity.directory.search.memory import Memory
from comity.directory.searching import Thing, suggest
from comity.directory.visibility import SeenPractitioner
from tests.platform.directory.moments import NOW
from tests.support.databases import Engines

OFFICER = Actor(1, "Anton Muster", "en", "Europe/Vienna")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def loaded(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Database]:
    """A filled database of either kind, for all tests of this file: none may change it."""
    with getattr(engines, request.param)() as database:
        with database.writing() as session:
            load_reference(session)
            load_demonstration(session, NOW)
        yield database


@pytest.fixture
def filled(loaded: Database) -> Iterator[Session]:
    """A session on it, rolled back."""
    with Session(loaded.writer) as session:
        yield session
        session.rollback()


def found(session: Session, asked: str, memory: Memory | None = None, most: int = 40) -> list[str]:
    """What is found, as codes: of a State or network, of an authority; of a person the name."""
    return [name_of(thing) for thing in suggest(session, OFFICER, memory or Memory(), asked, most).things]


def name_of(thing: Thing) -> str:
    match thing:
        case State():
            return thing.iso2
        case SeenPractitioner():
            return thing.name
        case _:
            return thing.code


STATES = [
    ("Thailand", "TH"), ("thaïlande", "TH"), ("Таиланд", "TH"), ("Tailandia", "TH"), ("泰国", "TH"), ("تايلاند", "TH"),
    ("ประเทศไทย", "TH"), ("ไทย", "TH"), ("tha", "TH"), ("thailnad", "TH"), ("tailand", "TH"), ("Таїланд", "TH"),
    ("Österreich", "AT"), ("osterreich", "AT"), ("النمسا", "AT"), ("austira", "AT"), ("奥地利", "AT"), ("奥地", "AT"),
    ("Côte d'Ivoire", "CI"), ("cote divoire", "CI"), ("ivory coast", "CI"), ("Holy See", "VA"), ("UK", "GB"),
    ("Niger", "NE"), ("Guinea", "GN"), ("الاردن", "JO"), ("الأردن", "JO"), ("DRC", "CD"), ("日本", "JP"),
    ("european union", "EU"), ("union europeenne", "EU"),
]  # fmt: skip

AUTHORITIES = [
    ("สำนักงานอัยการสูงสุด", "th-a"), ("สำนักงาน", "th-b"), ("法務省", "jp-a"), ("司法部", "cn-a"),
    ("中华人民共和国司法部", "cn-a"), ("Bundesamt für Justiz", "de-a"), ("bundesamt justiz", "de-a"),
    ("النيابة العامة", "jo-b"), ("Генеральная прокуратура", "ru-a"), ("generalnaya prokuratura", "ru-a"),
    ("იუსტიციის", "ge-a"), ("법무부", "kr-a"), ("የፍትሕ", "et-a"), ("justice france", "fr-a"),
    ("attorney general thailand", "th-a"), ("atorney genral thailand", "th-a"),
]  # fmt: skip


def test_states_are_found_in_any_language_as_typed_or_mistyped(filled: Session) -> None:
    memory = Memory()
    first = {asked: found(filled, asked, memory)[:1] for asked, _ in STATES}
    assert first == {asked: [iso2] for asked, iso2 in STATES}


def test_authorities_are_found_by_their_names_in_any_script(filled: Session) -> None:
    memory = Memory()
    missed = [asked for asked, code in AUTHORITIES if code not in found(filled, asked, memory)[:4]]
    assert missed == []


@pytest.mark.parametrize(
    "asked", ["", "   ", "?!", '"', "'", "names:x", "a OR b)", "NEAR(", "*", "\x00", "-", "%s", "x" * 5000]
)
def test_nothing_typed_breaks_the_query(filled: Session, asked: str) -> None:
    assert isinstance(found(filled, asked), list)


def test_a_state_comes_before_its_authorities(filled: Session) -> None:
    assert found(filled, "Thailand")[:3] == ["TH", "th-a", "th-b"]


def test_some_word_is_enough_when_no_entry_has_all(filled: Session) -> None:
    assert found(filled, "thailand zzzzzz")[0] == "TH"


def test_functions_are_found(filled: Session) -> None:
    assert "at-a" in found(filled, "transfer of sentenced persons")


def test_a_changed_name_is_found_at_once_and_the_old_one_no_more(filled: Session) -> None:
    memory = Memory()
    assert found(filled, "Quetzalcoatl", memory) == []
    authority = filled.scalars(select(Authority).where(Authority.code == "at-a")).one()
    authority.name_en = "Quetzalcoatl Bureau"
    index_authority(filled, authority)
    raise_version(filled)
    assert found(filled, "Quetzalcoatl", memory) == ["at-a"]
    assert found(filled, "Quetzalcaotl", memory) == ["at-a"]
    assert found(filled, "central authority", memory)[0] != "at-a"


def test_the_contents_are_read_once_and_then_what_changed(filled: Session) -> None:
    memory = Memory()
    first = memory.contents(filled)
    assert memory.contents(filled) is first
    version, entries = first.version, dict(first.entries)
    state = filled.get_one(State, "TH")
    state.also = ["Ayutthaya"]
    index_state(filled, state)
    raise_version(filled)
    again = memory.contents(filled)
    assert again is first
    assert again.version == version + 1
    assert [one for one, entry in again.entries.items() if entry is not entries[one]] == [
        one for one, entry in entries.items() if entry.ref == "TH"
    ]
    assert found(filled, "ayuthaya", memory)[0] == "TH"


def test_misspelt_names_are_found_among_the_first_ten(filled: Session) -> None:
    memory = Memory()
    names = [name for state in filled.scalars(select(State)) if len(name := _english(state)) >= 6]
    misspelt = [name[:3] + name[4] + name[3] + name[5:] for name in names]
    wanted = [state.iso2 for state in filled.scalars(select(State)) if len(_english(state)) >= 6]
    hits = sum(iso2 in found(filled, asked, memory)[:10] for iso2, asked in zip(wanted, misspelt, strict=True))
    assert hits / len(names) >= 0.97


def _english(state: State) -> str:
    return state_name(state.iso2, "en")
