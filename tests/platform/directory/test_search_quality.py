"""The fixed set of queries over the demonstration directory, each with what must come among the first three."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from comity.core.actor import Actor
from comity.core.db import Database
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import State
from comity.directory.search.memory import Memory
from comity.directory.searching import Thing, suggest
from comity.directory.visibility import SeenPractitioner
from tests.platform.directory.moments import NOW
from tests.support.databases import Engines

QUERIES = Path(__file__).parents[2] / "data" / "search" / "queries.tsv"
OFFICER = Actor(1, "Anton Muster", "en", "Europe/Vienna")
ENOUGH, FIRST = 0.95, 3


@dataclass(frozen=True)
class Query:
    """What is typed, what any of must be found, and of which kind the query is."""

    asked: str
    expected: frozenset[str]
    kind: str


def load_queries() -> list[Query]:
    lines = [line for line in QUERIES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = (line.split("\t") for line in lines)
    return [Query(asked, frozenset(expected.split("|")), kind) for asked, expected, kind in rows]


@pytest.fixture(scope="module")
def databases(engines: Engines) -> Iterator[dict[str, Database]]:
    with ExitStack() as stack:
        made = {kind: stack.enter_context(getattr(engines, kind)()) for kind in ("sqlite", "postgres")}
        for database in made.values():
            with database.writing() as session:
                load_reference(session)
                load_demonstration(session, NOW)
        yield made


@pytest.fixture(scope="module")
def answers(databases: dict[str, Database]) -> dict[str, dict[str, list[str]]]:
    """The first three of each query on each engine."""
    return {kind: _answers(database) for kind, database in databases.items()}


def _answers(database: Database) -> dict[str, list[str]]:
    memory = Memory()
    found = {}
    with database.reading() as session:
        for query in load_queries():
            things = suggest(session, OFFICER, memory, query.asked, FIRST).things
            found[query.asked] = [name_of(thing) for thing in things]
    return found


def name_of(thing: Thing) -> str:
    """A State or network or authority by its code, a person by name."""
    if isinstance(thing, State):
        return thing.iso2
    return thing.name if isinstance(thing, SeenPractitioner) else thing.code


def test_there_are_enough_queries_of_every_kind() -> None:
    queries = load_queries()
    assert len({query.asked for query in queries}) == len(queries) >= 120
    kinds = [query.kind for query in queries]
    assert min(kinds.count(kind) for kind in set(kinds)) >= 10
    assert len(set(kinds)) >= 8


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_is_asked_for_is_among_the_first_three(answers: dict[str, dict[str, list[str]]], kind: str) -> None:
    queries = load_queries()
    found = answers[kind]
    missed = {one.asked: found[one.asked] for one in queries if one.expected.isdisjoint(found[one.asked])}
    share = 1 - len(missed) / len(queries)
    print(f"{kind}: {share:.1%} of {len(queries)} queries find theirs in the first three; missed: {missed}")
    assert share >= ENOUGH, missed


def test_both_engines_give_the_same_first_three(answers: dict[str, dict[str, list[str]]]) -> None:
    differ = {asked: (found, answers["postgres"][asked]) for asked, found in answers["sqlite"].items()
              if found != answers["postgres"][asked]}  # fmt: skip
    share = 1 - len(differ) / len(answers["sqlite"])
    print(f"same first three on both engines: {share:.1%}; different: {differ}")
    assert share >= ENOUGH, differ
