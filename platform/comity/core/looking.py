"""Noting at the edge that somebody looks at a thing, before anything of it is shown. What cannot be noted is not shown.

Each process remembers for a quarter of an hour what it has noted, so that a repeated look costs neither a query nor a
transaction. The trail itself is `audit.py`; it holds one entry also where many processes look at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from comity.core import audit
from comity.core.audit import EACH, Look
from comity.core.web import now, reading, writing

_EXTENSION = "comity.looks"
_MOST = 50_000


class Memo:
    """What was noted lately in this process, and when. most: entries; beyond that everything is forgotten."""

    def __init__(self, most: int = _MOST) -> None:
        self._noted: dict[Hashable, datetime] = {}
        self._most = most

    def holds(self, key: Hashable, moment: datetime) -> bool:
        """Whether it was noted less than `EACH` ago."""
        at = self._noted.get(key)
        return at is not None and at <= moment < at + EACH

    def keep(self, key: Hashable, at: datetime) -> None:
        if len(self._noted) >= self._most:
            self._noted.clear()
        self._noted[key] = at


def note(key: Hashable, find: Callable[[Session], Iterable[Look]]) -> None:
    """Write looks into the trails, unless that was done a short while ago.

    key: who looks at what, how and from where. find: the looks, asked for only where this process does not remember
    them; what it raises is raised, and then nothing is written. Whether the person may look at all is for the page to
    decide: a remembered look decides nothing.
    """
    memo = cast("Memo", current_app.extensions.setdefault(_EXTENSION, Memo()))
    moment = now()
    if memo.holds(key, moment):
        return
    with reading() as session:
        noted = {look: audit.noted(session, look, moment) for look in find(session)}
    # In one order everywhere, for each locks its topic.
    missing = sorted((look for look, at in noted.items() if at is None), key=lambda look: look.trail)
    if missing:
        with writing() as session:
            for look in missing:
                audit.record(session, look, moment)
    memo.keep(key, min((at for at in noted.values() if at is not None), default=moment))
