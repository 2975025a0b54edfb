"""What people type, checked and made ready to be stored. Pure. Each raises Invalid with the field it is about."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from comity.core.errors import Invalid
from comity.core.i18n import N_

MOST_SUBJECT, MOST_REFERENCE, MOST_BODY = 200, 100, 20_000
"""Longest subject, reference and message, in characters."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
Term = TypeVar("Term", bound=StrEnum)


def client_id(value: str) -> str:
    """A name that a browser gave to something it sends: 8 to 64 of A-Z a-z 0-9 _ -."""
    if not _CLIENT_ID.fullmatch(value):
        raise Invalid(field="client_id")
    return value


def body(value: str, *, with_files: bool = False) -> str:
    """The Markdown of a message: not too long, and not empty unless files speak for it."""
    text = _clean(value).strip()
    if not text and not with_files:
        raise Invalid(N_("Write something before you send."), field="body")
    if len(text) > MOST_BODY:
        raise Invalid(N_("A message has at most %(most)d characters."), field="body", most=MOST_BODY)
    return text


def draft(value: str) -> str:
    """What is being written, as it stands; cut where a message could not go on."""
    return _clean(value)[:MOST_BODY]


def line(value: str, field: str, most: int, missing: str | None = None) -> str:
    """A single line. most: characters. missing: what to say when it is empty; None where it may be."""
    text = " ".join(_clean(value).split())
    if missing and not text:
        raise Invalid(missing, field=field)
    if len(text) > most:
        raise Invalid(N_("This has at most %(most)d characters."), field=field, most=most)
    return text


def choice(kind: type[Term], value: str, field: str, missing: str) -> Term:
    """One of the terms of an enumeration, by its value. missing: what to say when it is none of them."""
    try:
        return kind(value)
    except ValueError:
        raise Invalid(missing, field=field) from None


def _clean(value: str) -> str:
    # PostgreSQL stores no NUL and no lone surrogate; browsers send CRLF from forms.
    text = value.replace("\r\n", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode()
