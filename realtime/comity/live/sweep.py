"""Once a second, while anybody is connected: announce what no commit in this process announced.

So entries written by other processes, or by a worker that was killed between commit and announcement, reach who is
waiting. Now and then the sweep also ends sockets that may not go on, and renews who is here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity.core.clock import Clock
from comity.core.db import Database
from comity.core.journal import JournalEntry, Topic
from comity.live.access import Seat
from comity.live.announced import Announced, MemoryAnnounced
from comity.live.hub import Hub
from comity.live.watch import account_of, overdue

log = logging.getLogger("comity.live")

LOOK_BACK = timedelta(seconds=30)
"""Longer than any transaction lasts between taking its time and its commit."""

EVERY, RECHECK_EVERY = 1.0, 10
"""Seconds between sweeps; sweeps between two looks at all sockets."""


def recent_heads(session: Session, now: datetime) -> list[tuple[str, int]]:
    """The topics that grew lately, with the position of their last entry: one query on the index of instants."""
    query = (
        select(Topic.name, func.max(JournalEntry.position))
        .join(Topic, JournalEntry.topic_id == Topic.id)
        .where(JournalEntry.at >= now - LOOK_BACK)
        .group_by(Topic.name)
    )
    return [(topic, position) for topic, position in session.execute(query)]


@dataclass(slots=True)
class Sweep:
    """The sweep of one process. checked: changes to accounts that this process has seen."""

    hub: Hub
    database: Database
    clock: Clock
    checked: Announced
    running: bool = False
    rounds: int = 0

    def awake(self) -> None:
        """Begin, if it does not run. It ends by itself when nobody is connected."""
        if not self.running:
            self.running = True
            self.hub.socketio.start_background_task(self._run)

    def once(self) -> None:
        """One sweep. Every database call comes before, and none within, what goes out to sockets."""
        now = self.clock.now()
        with self.database.reading() as session:
            heads = recent_heads(session, now)
        for topic, position in self.hub.announced.missing([head for head in heads if account_of(head[0]) is None]):
            self.hub.announce(topic, position)
        self._check_changed(heads)
        self.rounds += 1
        if self.rounds % RECHECK_EVERY == 0:
            self.recheck(list(self.hub.seats))
            self.hub.renew()

    def recheck(self, seats: list[Seat]) -> None:
        """End those of the seats that may not go on."""
        with self.database.reading() as session:
            ended = overdue(session, seats, self.clock.now())
        for seat in ended:
            self.hub.close(seat)

    def _check_changed(self, heads: list[tuple[str, int]]) -> None:
        changed: list[Seat] = []
        for topic, position in self.checked.missing([head for head in heads if account_of(head[0]) is not None]):
            changed += self.hub.seats.of_account(account_of(topic) or 0)
            self.checked.note(topic, position)
        if changed:
            self.recheck(changed)

    def _run(self) -> None:
        try:
            while len(self.hub.seats):
                self.hub.socketio.sleep(EVERY)
                try:
                    self.once()
                except Exception:
                    # A database that is away for a moment must not end the sweep: the next one looks back far enough.
                    log.exception("a sweep failed")
        finally:
            self.running = False


def checked_accounts(clock: Clock) -> Announced:
    """What a process remembers of accounts is its own: each ends its own sockets."""
    return MemoryAnnounced(lambda: clock.now().timestamp())
