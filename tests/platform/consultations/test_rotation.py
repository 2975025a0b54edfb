"""The master key changes while people read and write: nobody notices, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from comity.consultations.services import events_after, list_mine
from comity.core import sealing
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.keys import MasterKeys
from tests.platform.consultations.world import BEGAN, World, opened, said

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
THINKS = 0.02
"""Seconds between what one person does and does next."""

SUBJECT = "Bank records, operation Larch"


@contextmanager
def _opened_with(database: Database, *keys: bytes) -> Iterator[Database]:
    """The database as a process of its own opens it."""
    other = Database(database.url.render_as_string(hide_password=False), keys=MasterKeys(keys))
    try:
        yield other
    finally:
        other.dispose()


def test_four_read_and_write_through_four_rotations(database: Database, world: World) -> None:
    known = [opened(database, world, client_id=f"opening-{number:03d}") for number in range(6)]
    begun, done = threading.Barrier(5), threading.Event()
    written: list[list[str]] = [[] for _ in range(4)]

    def work(own: Database, number: int) -> int:
        """A person at a process that has both keys. Returns how often they wrote and read."""
        rounds, actor = 0, (world.anton, world.somsri)[number % 2]
        begun.wait(30)
        while not done.wait(THINKS) or rounds < 2:
            _round(own, world, actor, number, rounds, known[rounds % len(known)])
            written[number].append(_words(number, rounds))
            rounds += 1
        return rounds

    with (
        _opened_with(database, NEW, OLD) as forth, _opened_with(database, OLD, NEW) as back,
        _opened_with(database, NEW, OLD) as web,
    ):  # fmt: skip
        with forth.writing() as session:
            sealing.note_start(session, BEGAN)
        with ThreadPoolExecutor(4) as pool:
            workers = [pool.submit(work, web, number) for number in range(4)]
            begun.wait(30)
            try:
                turned = [sum(sealing.rotate(each.writing, batch=1)) for each in (forth, back, forth, back)]
            finally:
                done.set()
            rounds = [worker.result() for worker in workers]
        sum(sealing.rotate(forth.writing))
    assert min(turned[:2]) >= len(known)
    assert min(rounds) >= 2
    with _opened_with(database, NEW) as after:
        _nothing_is_lost(after, world, known, {words for each in written for words in each})


def _words(number: int, rounds: int) -> str:
    return f"<p>words {number}-{rounds}</p>"


def _round(own: Database, world: World, actor: Actor, number: int, rounds: int, public_id: str) -> None:
    moment = timedelta(seconds=rounds + 1)
    position = said(own, actor, public_id, f"words {number}-{rounds}", moment, f"client-{number}-{rounds}")
    if number == 0 and rounds < 3:
        opened(own, world, client_id=f"opened-while-{rounds}")
    with own.reading() as session:
        entries = events_after(session, actor, public_id, after=1).entries
        assert all(entry.kind == "message" for entry in entries)
        own_entry = events_after(session, actor, public_id, after=position - 1, limit=1).entries[0]
        assert own_entry.html.strip() == _words(number, rounds)
        assert {each.subject for each in list_mine(session, actor)} == {SUBJECT}


def _nothing_is_lost(database: Database, world: World, known: list[str], written: set[str]) -> None:
    with database.reading() as session:
        sealing.require_keys(session)
        found = set()
        for public_id in known:
            cursor, more = 1, True
            while more:
                page = events_after(session, world.anton, public_id, after=cursor)
                found |= {entry.html.strip() for entry in page.entries}
                cursor, more = page.entries[-1].position if page.entries else cursor, page.more
        assert found == written
        assert {each.subject for each in list_mine(session, world.anton)} == {SUBJECT}
        assert [state.wraps for state in sealing.status(session)][1:] == [0]
