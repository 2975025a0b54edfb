"""A real SMTP server that refuses whom it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.stack import free_ports


class Relay:
    """taken: what it took. replies: what it says to a RCPT instead of 250, by address."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.replies: dict[str, str] = {}

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if to in self.replies:
            return self.replies[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 OK"


@contextmanager
def running_relay() -> Iterator[tuple[Relay, str]]:
    """A relay, and its URL."""
    handler, port = Relay(), free_ports(1)[0]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
