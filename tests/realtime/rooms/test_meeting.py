"""A meeting from end to end: token from the web application, media server, native client, report, journal."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from livekit import rtc
from sqlalchemy import select
from werkzeug.serving import make_server

from comity.core import journal
from comity.core.clock import SystemClock
from comity.core.journal import JournalEntry
from comity.people.models import Account
from comity.rooms.tokens import MediaKey
from tests.realtime.rooms.conftest import Start, World
from tests.realtime.rooms.media_process import media_server
from tests.support.application import Visitor
from tests.support.clock import SetClock

WAIT = 15  # seconds


@pytest.fixture
def clock() -> SystemClock:
    """The real time: a real media server signs with it."""
    return SystemClock()


@contextmanager
def served(application: Flask) -> Iterator[str]:
    """The application on a port of its own. Yields where the media server reports."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="web")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/rooms/webhook"
    finally:
        server.shutdown()
        thread.join(WAIT)
        server.server_close()


async def meet(url: str, token: str) -> None:
    """Come, and go again."""
    room = rtc.Room()
    await asyncio.wait_for(room.connect(url, token), WAIT)
    await asyncio.wait_for(room.disconnect(), WAIT)


def happened(application: Flask, world: World) -> list[JournalEntry]:
    with application.extensions["comity"].db.reading() as session:
        found = journal.read(session, world.consultation.topic)
    return [entry for entry in found if entry.kind.startswith("room_")]


def test_who_met_and_when_stands_in_the_consultations_journal(
    application: Flask, start: Start, clock: SetClock
) -> None:
    found = application.extensions["comity"]
    with found.db.writing() as session:
        world = start(session, clock.now())
        email = session.scalars(select(Account.email).where(Account.id == world.thailand.account_id)).one()
    room = f"/consultations/{world.consultation.public_id}/room"
    visitor = Visitor(application).sign_in(email)
    ticket = visitor.post_json(f"{room}/token", {"device": "a1b2c3d4e5f6"}, page=room).get_json()
    key = MediaKey(found.config.media_key, found.config.media_secret)
    with served(application) as webhook_url, media_server(key, webhook_url) as running:
        asyncio.run(meet(running.url, ticket["token"]))
    # The media server delivers what it still has to report before it stops.
    entries = happened(application, world)
    assert [entry.kind for entry in entries][:2] == ["room_joined", "room_left"]
    for entry in entries[:2]:
        assert (entry.account_id, entry.post_id) == (world.thailand.account_id, world.thailand.posts[0].id)
