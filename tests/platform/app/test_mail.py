"""The mail process: into a Maildir without a relay, over real SMTP with one."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from comity.app import mail
from comity.core import outbox
from comity.core.db import Database
from tests.support.clock import SetClock
from tests.support.relay import Relay, running_relay
from tests.support.stack import free_ports, wait_for

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SENDER = "Comity <comity@x.example>"


@pytest.fixture
def relay() -> Iterator[tuple[Relay, str]]:
    with running_relay() as running:
        yield running


def _enqueue(database: Database, to: str) -> None:
    with database.writing() as session:
        outbox.enqueue(
            session, to=to, name="Somchai", subject="หัวข้อ", body="Words\n", language="en", domain="x.example", now=NOW
        )


def _unsent(database: Database, now: datetime = NOW + timedelta(days=2)) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        return [(row.recipient, row.last_error) for row in outbox.due(session, now)]


def test_the_maildir_keeps_one_file_a_mail_even_when_a_kill_came_between(sqlite: Database, tmp_path: Path) -> None:
    _enqueue(sqlite, "a@x.example")
    transport = mail.MaildirTransport(tmp_path / "mail")
    with sqlite.reading() as session:
        row = outbox.due(session, NOW)[0]
    transport.deliver(outbox.compose(row, sender=SENDER), row.id)  # and killed before it could be recorded
    assert mail.deliver_due(sqlite, transport, SetClock(NOW), SENDER) == 1
    kept = list((tmp_path / "mail" / "new").iterdir())
    assert [message_from_bytes(f.read_bytes(), policy=policy.default)["Subject"] for f in kept] == ["หัวข้อ"]
    assert _unsent(sqlite) == []


def test_a_relay_gets_each_mail_once(sqlite: Database, relay: tuple[Relay, str]) -> None:
    handler, url = relay
    _enqueue(sqlite, "a@x.example")
    _enqueue(sqlite, "b@x.example")
    for _ in range(2):
        mail.deliver_due(sqlite, mail.SmtpTransport(url), SetClock(NOW), SENDER)
    assert [envelope.rcpt_tos for envelope in handler.taken] == [["a@x.example"], ["b@x.example"]]


@pytest.mark.parametrize(("reply", "again"), [("451 try later", True), ("550 no such user", False)])
def test_a_refusal_is_kept_in_the_relays_words(
    sqlite: Database, relay: tuple[Relay, str], reply: str, again: bool
) -> None:
    handler, url = relay
    handler.replies["bad@x.example"] = reply
    _enqueue(sqlite, "bad@x.example")
    _enqueue(sqlite, "good@x.example")
    mail.deliver_due(sqlite, mail.SmtpTransport(url), SetClock(NOW), SENDER)
    assert [envelope.rcpt_tos for envelope in handler.taken] == [["good@x.example"]]
    assert _unsent(sqlite) == ([("bad@x.example", reply)] if again else [])


def test_a_relay_that_is_down_loses_nothing(sqlite: Database) -> None:
    _enqueue(sqlite, "a@x.example")
    closed = f"smtp://127.0.0.1:{free_ports(1)[0]}"
    mail.deliver_due(sqlite, mail.SmtpTransport(closed), SetClock(NOW), SENDER)
    assert [recipient for recipient, _ in _unsent(sqlite)] == ["a@x.example"]


def test_the_process_delivers_until_it_is_told_to_stop(application: object, sqlite: Database, tmp_path: Path) -> None:
    config = application.extensions["comity"].config  # type: ignore[attr-defined]
    stop = threading.Event()
    thread = threading.Thread(target=mail.run, args=(config, sqlite, SetClock(NOW), stop))
    thread.start()
    with contextlib.ExitStack() as ending:
        ending.callback(thread.join)
        ending.callback(stop.set)
        _enqueue(sqlite, "a@x.example")
        wait_for(lambda: _unsent(sqlite) == [], 10)
    assert len(list((config.maildir / "new").iterdir())) == 1
