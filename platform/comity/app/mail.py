"""The mail process: what is due in the outbox goes to the relay, or into a Maildir while none is configured."""

from __future__ import annotations

import logging
import re
import signal
import smtplib
import ssl
import threading
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from comity.core import config as configuration
from comity.core import outbox
from comity.core.clock import Clock, SystemClock
from comity.core.config import Config
from comity.core.db import Database
from comity.directory.alive import bounces
from comity.directory.alive.letters import Mailer, mailer

log = logging.getLogger("comity.mail")
_PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 30.0
_ENHANCED = re.compile(r"5\.(\d{1,3})\.\d")


class DeliveryFailed(Exception):
    """The next hop did not take a mail. permanent: it never will (RFC 5321, 4.2.1).

    of_address: it refused this recipient for good (a 5yz reply to RCPT), so that the address is at fault.
    """

    def __init__(self, reason: str, *, permanent: bool, of_address: bool = False) -> None:
        super().__init__(reason)
        self.permanent, self.of_address = permanent, of_address


def is_about_address(reply: str) -> bool:
    """Whether a reply to RCPT says that the address is at fault, and not a policy (RFC 3463, 3.2, 3.3 and 3.8).

    reply: code and words. An enhanced code of another subject than other (0), addressing (1) or mailbox (2) says no.
    """
    code, _, words = reply.partition(" ")
    enhanced = _ENHANCED.match(words)
    return code.startswith("5") and (enhanced is None or enhanced[1] in {"0", "1", "2"})


class Transport(Protocol):
    """Where mail goes. reaches_people: what is delivered is on its way to its recipient, not kept here."""

    reaches_people: bool

    def deliver(self, message: EmailMessage, key: int) -> None:
        """Hand over one message. key: its row in the outbox. Raises DeliveryFailed."""


class MaildirTransport:
    """Keeps mail in a Maildir. One file for one row: a second delivery after a kill replaces the first."""

    reaches_people = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def deliver(self, message: EmailMessage, key: int) -> None:
        name = f"{key:09d}.comity"
        draft = self._folder / "tmp" / name
        draft.write_bytes(message.as_bytes(policy=default))
        draft.replace(self._folder / "new" / name)


class SmtpTransport:
    """Speaks to a relay. url: smtp://[user:password@]host[:port] (STARTTLS where offered) or smtps://."""

    reaches_people = True

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def deliver(self, message: EmailMessage, key: int) -> None:
        try:
            with self._connect() as client:
                client.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            reason, refused = f"{code} {words.decode(errors='replace')}", code >= 500
            raise DeliveryFailed(reason, permanent=refused, of_address=is_about_address(reason)) from error
        except smtplib.SMTPResponseException as error:
            text = error.smtp_error
            reason = f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
            raise DeliveryFailed(reason, permanent=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryFailed(str(error) or type(error).__name__, permanent=False) from error

    def _connect(self) -> smtplib.SMTP:
        host, url = self._url.hostname or "", self._url
        context = ssl.create_default_context()
        client: smtplib.SMTP
        if url.scheme == "smtps":
            client = smtplib.SMTP_SSL(host, url.port or 465, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            client = smtplib.SMTP(host, url.port or 25, timeout=_TIMEOUT_SECONDS)
            client.ehlo()
            if client.has_extn("starttls"):
                client.starttls(context=context)
        if url.username:
            client.login(unquote(url.username), unquote(url.password or ""))
        return client


def transport_for(config: Config) -> Transport:
    """The relay where one is configured, else the Maildir."""
    return SmtpTransport(config.smtp_relay) if config.smtp_relay else MaildirTransport(config.maildir)


def deliver_due(
    database: Database, transport: Transport, clock: Clock, sender: str, mailer: Mailer | None = None
) -> int:
    """Deliver what is due, each mail recorded by itself, no transaction open meanwhile. Returns how many.

    mailer: from where people are told that an address of the directory does not work; nobody is told without one.
    """
    with database.reading() as session:
        mails = outbox.due(session, clock.now())
    for mail in mails:
        try:
            transport.deliver(outbox.compose(mail, sender=sender), mail.id)
        except DeliveryFailed as failure:
            log.warning("mail %s not taken: %s", mail.message_id, failure)
            with database.writing() as session:
                outbox.record_failure(session, mail.id, clock.now(), str(failure), permanent=failure.permanent)
                if failure.of_address and mailer is not None:
                    bounces.mark(session, mail.recipient, clock.now(), mailer)
        else:
            with database.writing() as session:
                outbox.record_sent(session, mail.id, clock.now())
                if transport.reaches_people:
                    bounces.clear(session, mail.recipient)
    return len(mails)


def run(config: Config, database: Database, clock: Clock, stop: threading.Event) -> None:
    """Deliver until `stop` is set. A failing database is met again after a pause."""
    transport = transport_for(config)
    while not stop.is_set():
        try:
            tried = deliver_due(database, transport, clock, config.mail_from, mailer(config))
        except Exception:
            log.exception("outbox")
            tried = 0
        if not tried:
            stop.wait(_PAUSE_SECONDS)


def main() -> None:
    """The mail process: `python -m comity.app.mail`."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    config = configuration.load()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(config, Database(config.database_url, synchronous=config.sqlite_synchronous), SystemClock(), stop)


if __name__ == "__main__":
    main()
