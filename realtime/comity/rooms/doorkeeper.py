"""The doorkeeper asks the media server, ours or LiveKit, to put out whose seat is over. It runs in the jobs process."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass

from comity.core.clock import Clock
from comity.core.db import Database
from comity.rooms import seats
from comity.rooms.room_service import MediaRefused, MediaUnavailable, RoomService
from comity.rooms.seats import Removal

log = logging.getLogger("comity.rooms")

EVERY = 1.0
"""Seconds between two looks: each is one query."""


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Asks first and notes it afterwards: killed in between, it asks once more, which does no harm."""

    database: Database
    media: RoomService
    clock: Clock

    def once(self) -> int:
        """Put everybody out who is due. Returns for how many the media server was asked.

        Where it is away, they stay due.
        """
        with self.database.reading() as session:
            due = seats.due(session, self.clock.now())
        asked: list[Removal] = []
        with contextlib.suppress(MediaUnavailable):
            for removal in due:
                self._put_out(removal)
                asked.append(removal)
        if asked:
            with self.database.writing() as session:
                seats.note_removed(session, asked, self.clock.now())
        return len(asked)

    def run(self, until: threading.Event) -> None:
        """Look every second until the event is set. A failure is logged, and the next look makes up for it."""
        while not until.wait(EVERY):
            try:
                self.once()
            except Exception:
                log.exception("the doorkeeper failed")

    def _put_out(self, removal: Removal) -> None:
        try:
            self.media.remove(removal.room, removal.identity, tokens_before=removal.since)
        except MediaRefused as error:
            # Not in the room: as it should be. Any other answer would be the same the next time.
            if error.reason != "not_found":
                log.error("the media server did not put somebody out: %s", error.reason)
