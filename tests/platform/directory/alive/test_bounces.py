"""Addresses that mail comes back from, through a real SMTP server that refuses them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.app import mail
from comity.core import outbox
from comity.directory.alive import bounces
from comity.directory.alive.letters import Mailer
from comity.directory.record import Practitioner
from tests.platform.directory.alive.world import FOCAL, MAILER, NOW, OFFICER, SECRETARIAT, World
from tests.support.clock import SetClock
from tests.support.relay import Relay, running_relay

MAILBOX = "mla@attorney.th.example"


def send(world: World, to: str, reply: str | None, days: int = 0, mailer: Mailer | None = MAILER) -> None:
    """One mail to an address, and the relay's answer to it; every other mail is taken."""
    now = NOW + timedelta(days=days)
    with world.database.writing() as session:
        outbox.enqueue(session, to=to, name="A", subject="S", body="B", language="en", domain="x.example", now=now)
    with running_relay() as (relay, url):
        _answer(relay, to, reply)
        mail.deliver_due(world.database, mail.SmtpTransport(url), SetClock(now), "c@x.example", mailer)


def _answer(relay: Relay, to: str, reply: str | None) -> None:
    if reply is not None:
        relay.replies[to] = reply


@pytest.mark.parametrize(
    ("reply", "marked"),
    [("550 no such user", True), ("550 5.1.1 unknown", True), ("552 5.2.2 full", True),
     ("550 5.7.1 relaying denied", False), ("451 4.2.0 later", False), (None, False)],
)  # fmt: skip
def test_a_refused_address_is_marked_and_a_policy_is_not(world: World, reply: str | None, marked: bool) -> None:
    send(world, MAILBOX.upper() if marked else MAILBOX, reply)
    with world.database.reading() as session:
        assert (world.authority(session).mailbox_bounced_at is not None) == marked
    told = [row.recipient for row in world.mails() if "comes back" in row.subject]
    assert told == ([FOCAL] if marked else [])


def test_it_is_told_once_and_cleared_when_mail_arrives(world: World) -> None:
    send(world, MAILBOX, "550 no such user")
    send(world, MAILBOX, "550 no such user", days=1)
    assert len([row for row in world.mails() if "comes back" in row.subject]) == 1
    send(world, MAILBOX, None, days=2)
    with world.database.reading() as session:
        assert world.authority(session).mailbox_bounced_at is None


def test_a_person_s_address_is_marked_and_nobody_is_written_to_at_it(world: World) -> None:
    send(world, OFFICER, "550 no such user")
    with world.database.reading() as session:
        assert session.query(Practitioner).one().details[0].bounced_at == NOW
    assert [row.recipient for row in world.mails()] == [OFFICER, SECRETARIAT]


def test_the_focal_point_s_own_address_is_told_to_the_secretariat(world: World) -> None:
    with world.database.writing() as session:
        world.authority(session).mailbox = FOCAL
        assert bounces.mark(session, FOCAL, NOW, MAILER) == 1
    assert [row.recipient for row in world.mails()] == [SECRETARIAT]
