"""The mail process: what is due in the outbox goes to the relay, or into a Maildir while none is configured."""

from __future__ import annotations

import logging
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

log = logging.getLogger("comity.mail")
_PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 30.0


class DeliveryFailed(Exception):
    """The next hop did not take a mail. permanent: it never will (RFC 5321, 4.2.1)."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Transport(Protocol):
    """Where mail goes."""

    def deliver(self, message: EmailMessage, key: int) -> None:
        """Hand over one message. key: its row in the outbox. Raises DeliveryFailed."""


class MaildirTransport:
    """Keeps mail in a Maildir. One file for one row: a second delivery after a kill replaces the first."""

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

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def deliver(self, message: EmailMessage, key: int) -> None:
        try:
            with self._connect() as client:
                client.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise DeliveryFailed(f"{code} {words.decode(errors='replace')}", permanent=code >= 500) from error
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


def deliver_due(database: Database, transport: Transport, clock: Clock, sender: str) -> int:
    """Deliver what is due, each mail recorded by itself, no transaction open meanwhile. Returns how many."""
    with database.reading() as session:
        mails = outbox.due(session, clock.now())
    for mail in mails:
        try:
            transport.deliver(outbox.compose(mail, sender=sender), mail.id)
        except DeliveryFailed as failure:
            log.warning("mail %s not taken: %s", mail.message_id, failure)
            with database.writing() as session:
                outbox.record_failure(session, mail.id, clock.now(), str(failure), permanent=failure.permanent)
        else:
            with database.writing() as session:
                outbox.record_sent(session, mail.id, clock.now())
    return len(mails)


def run(config: Config, database: Database, clock: Clock, stop: threading.Event) -> None:
    """Deliver until `stop` is set. A failing database is met again after a pause."""
    transport = transport_for(config)
    while not stop.is_set():
        try:
            tried = deliver_due(database, transport, clock, config.mail_from)
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
