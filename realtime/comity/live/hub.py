"""What goes out to sockets: hints that a topic has grown, who is here, who types, who has read.

A hint carries no content. Whoever misses one reads on from their cursor when the next comes, or when they join again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_socketio import SocketIO
from sqlalchemy.orm import Session

from comity.consultations.models import public_id_of
from comity.consultations.reading import read_in
from comity.core import journal
from comity.core.actor import Actor
from comity.live.access import Seat
from comity.live.announced import Announced
from comity.live.presence import Presence, Who
from comity.live.seats import Seats
from comity.live.watch import account_of

log = logging.getLogger("comity.live")

NAMESPACE = "/consultations"


@dataclass(slots=True)
class Hub:
    """The sockets of one process and the way to all processes' sockets.

    socketio: carries to every process. recheck: ends those of the seats that may not go on.
    """

    socketio: SocketIO
    seats: Seats
    presence: Presence
    announced: Announced
    recheck: Callable[[list[Seat]], None]

    def committed(self, session: Session) -> None:
        """A unit of work was committed: announce what it wrote to the journal, and who has read on in it.

        A failure here must not look like one of the work, which is done; the sweep announces what was missed.
        """
        try:
            for topic, reader in read_in(session):
                self._emit("read", reader.as_json(), topic)
            for topic, position in {entry.topic: entry.position for entry in journal.appended_in(session)}.items():
                self.announce(topic, position)
                self._check(account_of(topic))
        except Exception:
            log.exception("an entry could not be announced")

    def announce(self, topic: str, position: int) -> None:
        """Tell who watches a topic that it has grown. position: of its last entry."""
        public_id = public_id_of(topic)
        if public_id is not None:
            self._emit("appended", {"consultation": public_id, "position": position}, topic)
            self.announced.note(topic, position)

    def entered(self, seat: Seat, topic: str) -> list[dict[str, Any]]:
        """A seat watches a topic now. Returns who is there, and tells the others."""
        seat.topic = topic
        self.presence.enter(topic, seat.sid, who(seat.actor))
        return self._tell_presence(topic)

    def left(self, seat: Seat) -> None:
        """A seat watches nothing more."""
        if seat.topic is not None:
            topic, seat.topic = seat.topic, None
            self.presence.leave(topic, seat.sid)
            self._tell_presence(topic)

    def typing(self, seat: Seat, *, on: bool) -> None:
        """Somebody writes, or has stopped."""
        if seat.topic is not None:
            payload = {"who": who(seat.actor).as_json(), "on": on}
            self.socketio.emit("typing", payload, namespace=NAMESPACE, to=seat.topic, skip_sid=seat.sid)

    def close(self, seat: Seat) -> None:
        """End a socket that may not go on. The browser connects again and is judged anew."""
        self.socketio.server.disconnect(seat.sid, namespace=NAMESPACE)

    def renew(self) -> None:
        """Say again who is here, for the store that forgets killed processes."""
        for seat in self.seats:
            if seat.topic is not None:
                self.presence.enter(seat.topic, seat.sid, who(seat.actor))

    def _check(self, account_id: int | None) -> None:
        seats = [] if account_id is None else self.seats.of_account(account_id)
        if seats:
            self.recheck(seats)

    def _tell_presence(self, topic: str) -> list[dict[str, Any]]:
        here = [person.as_json() for person in self.presence.here(topic)]
        self._emit("presence", {"here": here}, topic)
        return here

    def _emit(self, event: str, payload: object, topic: str) -> None:
        self.socketio.emit(event, payload, namespace=NAMESPACE, to=topic)


def who(actor: Actor) -> Who:
    """A person, as the others see them."""
    return Who(actor.account_id, actor.display_name, actor.authority_name)
