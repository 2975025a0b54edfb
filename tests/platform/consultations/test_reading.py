"""How far people have read: positions only rise, and nobody reads beyond the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from comity.consultations.services import consultation_for, mark_read, position_of, readers
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.errors import NotFound
from tests.platform.consultations.world import BEGAN, World, said

MINUTE = timedelta(minutes=1)


def read(database: Database, actor: Actor, public_id: str, position: int) -> int:
    with database.writing() as session:
        return mark_read(session, actor, BEGAN, public_id=public_id, position=position).position


def reached(database: Database, actor: Actor, public_id: str) -> int:
    with database.reading() as session:
        return position_of(session, actor.account_id, consultation_for(session, actor, public_id).id)


def test_positions_rise_and_never_fall(database: Database, world: World, larch: str) -> None:
    said(database, world.anton, larch, "One", MINUTE)
    said(database, world.anton, larch, "Two", 2 * MINUTE)
    assert [read(database, world.somsri, larch, position) for position in (2, 1, 3, 99, 0)] == [2, 2, 3, 3, 3]


def test_two_devices_at_once(database: Database, world: World, larch: str) -> None:
    for number in range(8):
        said(database, world.anton, larch, "x", number * MINUTE, f"message-{number}")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda position: read(database, world.somsri, larch, position), [9, 2, 7, 4, 9, 1, 3, 8]))
    assert reached(database, world.somsri, larch) == 9


def test_ones_own_message_is_read_unless_something_before_it_is_not(
    database: Database, world: World, larch: str
) -> None:
    said(database, world.anton, larch, "One", MINUTE)
    assert reached(database, world.anton, larch) == 2
    said(database, world.somsri, larch, "Two", 2 * MINUTE)
    said(database, world.anton, larch, "Three", 3 * MINUTE)
    assert reached(database, world.anton, larch) == 2
    assert reached(database, world.somsri, larch) == 0


def test_both_sides_see_who_has_read(database: Database, world: World, larch: str) -> None:
    read(database, world.somsri, larch, 1)
    with database.reading() as session:
        found = readers(session, consultation_for(session, world.clara, larch))
    assert [(reader.name, reader.authority, reader.position) for reader in found] == [
        ("Anton Muster", "Central Authority of AT", 1),
        ("Somsri Tuayang", "Central Authority of TH", 1),
    ]


def test_nobody_else_may_say_that_they_read(database: Database, world: World, larch: str) -> None:
    for other in (world.amina, world.noor):
        with pytest.raises(NotFound):
            read(database, other, larch, 1)
