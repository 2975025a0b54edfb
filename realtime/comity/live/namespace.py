"""The events of consultations: one small method each. The wire contract stands in protocol.md."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from flask import request
from flask_socketio import ConnectionRefusedError as Refusal
from flask_socketio import Namespace, join_room, leave_room
from sqlalchemy.orm import Session

from comity.consultations import services as consultations
from comity.consultations.looks import Way
from comity.consultations.models import public_id_of
from comity.consultations.noting import note_look
from comity.core.errors import ComityError, NotFound, SignInRequired, TooMany
from comity.core.i18n import catalogue
from comity.core.web import now, optional_actor, reading, writing
from comity.live import payloads
from comity.live.access import Decision, Seat, access, connecting, decision_of, handles, joined, seated
from comity.live.hub import NAMESPACE, Hub
from comity.live.seats import within_limit
from comity.live.sweep import Sweep
from comity.live.watch import overdue
from comity.people import signin

log = logging.getLogger("comity.live")
Answer = dict[str, Any]


class ConsultationEvents(Namespace):  # type: ignore[misc]  # Flask-SocketIO has no types
    """A socket watches one consultation at a time."""

    def __init__(self, hub: Hub, sweep: Sweep) -> None:
        super().__init__(NAMESPACE)
        self.hub, self.sweep = hub, sweep

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Deny by default: an event without a handler that carries a decision is answered with an error."""
        handler = getattr(self, f"on_{event}", None) if isinstance(event, str) else None
        if decision_of(handler) is None or self._pretended(event, str(args[0])):
            return _failure("unknown-event", "")
        return super().trigger_event(event, *args)

    def _pretended(self, event: str, sid: str) -> bool:
        """A client may send events by the names that the library uses for connecting and disconnecting."""
        if event == "connect":
            return self.hub.seats.get(sid) is not None
        return event == "disconnect" and bool(self.socketio.server.manager.is_connected(sid, NAMESPACE))

    def answer(self, decision: Decision, work: Callable[[Seat], Answer | None]) -> Answer:
        """What an event is answered with; the one place where errors of events are translated."""
        seat = self.hub.seats.get(_sid())
        try:
            if seat is None or not decision(seat):
                raise NotFound if seat else SignInRequired
            if not within_limit(seat.recent, time.monotonic()):
                raise TooMany
            return {"ok": True, **(work(seat) or {})}
        except ComityError as error:
            texts = catalogue(seat.actor.locale if seat else "en")
            return _failure(error.code, texts.gettext(error.message) % error.parameters)
        except Exception:
            log.exception("an event failed")
            return _failure("internal", "")

    @access(connecting)
    def on_connect(self, auth: object = None) -> None:
        """Admit who is signed in, by the cookie of the request that opened the socket."""
        actor, sign_in = optional_actor(), signin.current_sign_in()
        if actor is None or sign_in is None:
            raise Refusal(SignInRequired.code)
        self.hub.seats.take(Seat(_sid(), actor, sign_in.id))
        self.sweep.awake()

    @access(connecting)
    def on_disconnect(self, reason: object = None) -> None:
        seat = self.hub.seats.leave(_sid())
        if seat is not None:
            self.hub.left(seat)

    @handles(seated, payloads.Join)
    def on_join(self, seat: Seat, wanted: payloads.Join) -> Answer:
        with reading() as session:
            _require_lasting(session, seat)
            topic = consultations.consultation_for(session, seat.actor, wanted.consultation).topic
        note_look(seat.actor, wanted.consultation, Way.LIVE)
        # In the room before reading: what is written in between is then either read or announced.
        if seat.topic != topic:
            self._leave(seat)
            join_room(topic)
        here = self.hub.entered(seat, topic)
        with reading() as session:
            consultation = consultations.consultation_for(session, seat.actor, wanted.consultation)
            found = consultations.slice_after(session, seat.actor, consultation, after=wanted.cursor)
            readers = consultations.readers(session, consultation)
        return {**found.as_json(), "readers": [reader.as_json() for reader in readers], "here": here}

    @handles(joined, payloads.ReadAfter)
    def on_read_after(self, seat: Seat, wanted: payloads.ReadAfter) -> Answer:
        note_look(seat.actor, _watched(seat), Way.LIVE)
        with reading() as session:
            return consultations.events_after(session, seat.actor, _watched(seat), after=wanted.cursor).as_json()

    @handles(joined, payloads.Post)
    def on_post(self, seat: Seat, said: payloads.Post) -> Answer:
        with writing() as session:
            _require_lasting(session, seat)
            posted = consultations.post_message(
                session, seat.actor, now(), public_id=_watched(seat), client_id=said.client_id, body=said.body,
                files=said.files,
            )  # fmt: skip
        return {"position": posted.position, "sent_at": posted.sent_at.isoformat()}

    @handles(joined, payloads.Read)
    def on_read(self, seat: Seat, read: payloads.Read) -> Answer:
        with writing() as session:
            reader = consultations.mark_read(
                session, seat.actor, now(), public_id=_watched(seat), position=read.position
            )
        return {"position": reader.position}

    @handles(joined, payloads.Typing)
    def on_typing(self, seat: Seat, typing: payloads.Typing) -> None:
        self.hub.typing(seat, on=typing.on)

    @handles(joined, payloads.Draft)
    def on_draft(self, seat: Seat, draft: payloads.Draft) -> None:
        with writing() as session:
            consultations.save_draft(session, seat.actor, now(), public_id=_watched(seat), body=draft.body)

    @handles(seated)
    def on_leave(self, seat: Seat) -> None:
        self._leave(seat)

    def _leave(self, seat: Seat) -> None:
        if seat.topic is not None:
            leave_room(seat.topic)
            self.hub.left(seat)


def _require_lasting(session: Session, seat: Seat) -> None:
    """Raises SignInRequired when the seat's session ended or its posts changed since the last look at all seats."""
    if overdue(session, [seat], now()):
        raise SignInRequired


def _watched(seat: Seat) -> str:
    return public_id_of(seat.topic or "") or ""


def _sid() -> str:
    return str(getattr(request, "sid", ""))


def _failure(code: str, message: str) -> Answer:
    return {"ok": False, "error": code, "message": message}
