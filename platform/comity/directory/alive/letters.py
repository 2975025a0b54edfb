"""Mail about records, each in the reader's language: names of records, and links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from comity.core import outbox
from comity.core.config import Config
from comity.core.i18n import catalogue
from comity.people.models import Account

_EMPTY = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Mailer:
    """From where mail goes out. base_url: of links. domain: right side of the Message-ID."""

    base_url: str
    domain: str


def mailer(config: Config) -> Mailer:
    """From where an installation's mail goes out."""
    return Mailer(config.base_url, urlsplit(config.base_url).hostname or "localhost")


def send(
    session: Session, mailer: Mailer, people: Iterable[Account], now: datetime, subject: str, body: str, **values: str
) -> None:
    """Put a mail into the outbox for each of some people.

    subject, body: msgids with named parameters. values: theirs; the name is added.
    """
    for account in (one for one in people if one.closed_at is None):
        texts = catalogue(account.locale)
        filled = values | {"name": account.display_name}
        text = _EMPTY.sub("\n\n", texts.gettext(body) % filled)
        outbox.enqueue(
            session, to=account.email, name=account.display_name, subject=texts.gettext(subject) % filled,
            body=text, language=account.locale, domain=mailer.domain, now=now,
        )  # fmt: skip
