"""Who may send which event: every handler carries a decision; one without is refused as if it did not exist.

A socket is admitted once, when it connects, and watched from then on (`watch.py`). What an event touches is decided by
the service it calls, as for a page. Decisions are pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from comity.core.actor import Actor

_ATTRIBUTE = "comity_access"
_PREFIX = "on_"


@dataclass(slots=True)
class Seat:
    """One open socket. sign_in: id of the session that it came with. topic: what it watches, once it has joined.

    recent: instants of its last events, for the limit.
    """

    sid: str
    actor: Actor
    sign_in: int
    topic: str | None = None
    recent: list[float] = field(default_factory=list)


Decision = Callable[[Seat | None], bool]
Handler = TypeVar("Handler", bound=Callable[..., Any])


T_co = TypeVar("T_co", covariant=True)


class Payload(Protocol[T_co]):
    """A type of `payloads.py`."""

    def of(self, payload: object) -> T_co:
        """The checked value. Raises Invalid."""


def connecting(seat: Seat | None) -> bool:
    """Anybody may knock; the handler itself admits the signed-in alone."""
    return True


def seated(seat: Seat | None) -> bool:
    """Whoever was admitted; the service decides about the consultation."""
    return seat is not None


def joined(seat: Seat | None) -> bool:
    """Whoever has joined a consultation, which only a party can."""
    return seat is not None and seat.topic is not None


def access(decision: Decision) -> Callable[[Handler], Handler]:
    """Say who may send an event."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, _ATTRIBUTE, decision)
        return handler

    return mark


def decision_of(handler: Callable[..., Any] | None) -> Decision | None:
    """The decision that a handler carries, for the namespace and for the test that walks the handlers."""
    return cast("Decision | None", getattr(handler, _ATTRIBUTE, None))


def handles(
    decision: Decision, payload: Payload[Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method the handler of an event: it gets the seat and the checked payload, and returns an answer.

    payload: what checks the event's one argument; the handler gets the seat alone when there is none. The namespace
    that holds the handler gives the seat and turns errors into answers (`answer`).
    """

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def handler(self: Any, *sent: object) -> Any:
            def work(seat: Seat) -> Any:
                return (
                    method(self, seat) if payload is None else method(self, seat, payload.of(sent[0] if sent else None))
                )

            return self.answer(decision, work)

        # For the test that sends every event.
        handler.comity_payload = payload  # type: ignore[attr-defined]
        return access(decision)(handler)

    return mark


def handlers(namespace: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every event of a namespace with its handler."""
    for name in dir(namespace):
        if name.startswith(_PREFIX):
            yield name.removeprefix(_PREFIX), getattr(namespace, name)
