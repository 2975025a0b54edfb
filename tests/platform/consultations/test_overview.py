"""Lists, what is unread, and who waits for whom."""

from __future__ import annotations

from datetime import timedelta

from comity.consultations.overview import QUIET_AFTER
from comity.consultations.services import list_mine, mark_read, unread_count, waiting_on_me, waiting_on_them
from comity.core.actor import Actor
from comity.core.db import Database
from tests.platform.consultations.world import BEGAN, World, opened, said

MINUTE = timedelta(minutes=1)


def unread(database: Database, actor: Actor) -> tuple[int, list[int]]:
    with database.reading() as session:
        return unread_count(session, actor), [summary.unread for summary in list_mine(session, actor)]


def waiting(database: Database, actor: Actor, after: timedelta = MINUTE) -> tuple[list[str], list[str]]:
    with database.reading() as session:
        mine = waiting_on_me(session, actor, BEGAN + after)
        theirs = waiting_on_them(session, actor, BEGAN + after)
        return [s.public_id for s in mine], [s.public_id for s in theirs]


def test_unread_is_what_others_wrote_and_one_has_not_read(database: Database, world: World, larch: str) -> None:
    assert unread(database, world.anton) == (0, [0])
    assert unread(database, world.somsri) == (1, [0])
    said(database, world.anton, larch, "One", MINUTE)
    position = said(database, world.anton, larch, "Two", 2 * MINUTE)
    assert unread(database, world.anton) == (0, [0])
    assert unread(database, world.clara) == (1, [2])
    assert unread(database, world.somsri) == (1, [2])
    with database.writing() as session:
        mark_read(session, world.somsri, BEGAN, public_id=larch, position=position)
    assert unread(database, world.somsri) == (0, [0])
    said(database, world.somsri, larch, "Three", 3 * MINUTE)
    assert unread(database, world.somsri) == (0, [0])
    assert unread(database, world.anton) == (1, [1])


def test_who_spoke_last_waits_for_the_other(database: Database, world: World, larch: str) -> None:
    assert waiting(database, world.somsri) == ([larch], [])
    assert waiting(database, world.anton) == ([], [larch])
    said(database, world.somsri, larch, "Yes", MINUTE)
    assert waiting(database, world.somsri) == ([], [larch])
    assert waiting(database, world.clara) == ([larch], [])
    assert waiting(database, world.clara, QUIET_AFTER + timedelta(days=1)) == ([], [])


def test_the_longest_waiting_comes_first_and_the_latest_heads_the_list(
    database: Database, world: World, larch: str
) -> None:
    birch = opened(database, world, BEGAN + MINUTE, client_id="opening-2", subject="Birch")
    assert waiting(database, world.somsri) == ([larch, birch], [])
    with database.reading() as session:
        listed = list_mine(session, world.somsri)
    assert [summary.public_id for summary in listed] == [birch, larch]
    first = listed[0]
    assert (first.subject, first.other_authority, first.other_zone) == (
        "Birch", "Central Authority of AT, Austria", "Europe/Vienna",
    )  # fmt: skip
    assert (first.new, first.own_reference, first.stage_label) == (True, "", "Before submission")


def test_nobody_else_sees_anything(database: Database, world: World, larch: str) -> None:
    said(database, world.anton, larch, "One", MINUTE)
    for other in (world.amina, world.noor):
        assert unread(database, other) == (0, [])
        assert waiting(database, other) == ([], [])
