"""Consultations, entries and counts as the API's callers read them, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.consultations import figures, listing
from comity.core.db import Database
from comity.core.errors import NotFound
from comity.directory.listing import Filter, authorities
from tests.platform.consultations.world import BEGAN, World, opened, said

MINUTE, MONTH = timedelta(minutes=1), timedelta(days=30)


def test_pages_of_consultations_are_in_order_without_gap_or_repeat(database: Database, world: World) -> None:
    made = [
        opened(database, world, BEGAN + (number // 2) * MINUTE, client_id=f"opening-{number}") for number in range(7)
    ]
    found: list[str] = []
    after = None
    with database.reading() as session:
        while page := listing.mine(session, world.somsri, after, 3):
            found += [each.public_id for each in page]
            after = (page[-1].last_message_at, page[-1].id)
        assert listing.mine(session, world.amina, None, 3) == []
    assert found == made[::-1]


def test_lines_lie_behind_a_position(database: Database, world: World, larch: str) -> None:
    for number in range(3):
        said(database, world.anton, larch, f"message {number}", (number + 1) * MINUTE)
    with database.reading() as session:
        first = listing.lines_after(session, world.somsri, larch, 0, 2)
        rest = listing.lines_after(session, world.somsri, larch, first.reached, 50)
        beyond = listing.lines_after(session, world.somsri, larch, 99, 50)
        with pytest.raises(NotFound):
            listing.lines_after(session, world.amina, larch, 0, 2)
    assert [(line.event, line.body) for line in first.items] == [("opened", None), ("", "message 0")]
    assert [line.body for line in rest.items] == ["message 1", "message 2"]
    assert [(page.reached, page.more) for page in (first, rest, beyond)] == [(2, True), (4, False), (4, False)]


def test_counts_by_month_and_side(database: Database, world: World) -> None:
    for number, at in enumerate((BEGAN, BEGAN, BEGAN + MONTH)):
        opened(database, world, at, client_id=f"opening-{number}")
    with database.reading() as session:
        by_us, by_them = figures.opened(session, world.anton), figures.opened(session, world.somsri)
        nothing = figures.opened(session, world.amina)
    assert [(each.month, each.opened_by_us, each.count) for each in by_us] == [
        ("2026-11", True, 2),
        ("2026-12", True, 1),
    ]
    assert [each.opened_by_us for each in by_them] == [False, False]
    assert nothing == []


def test_authorities_by_function(database: Database, world: World) -> None:
    with database.writing() as session:
        for authority in authorities(session, world.anton, Filter(), 0, 10):
            authority.functions = (
                ["extradition"] if authority.state_iso2 == "TH" else ["drugs_extradition", "confiscation"]
            )
    with database.reading() as session:
        found = {
            function: [each.state_iso2 for each in authorities(session, world.anton, Filter(function=function), 0, 10)]
            for function in ("extradition", "confiscation", "%")
        }
    assert found == {"extradition": ["TH"], "confiscation": ["AT", "KE"], "%": []}
