"""For whom a page of the directory is made, as the request says."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import get_locale

from comity.core.web import actor, now
from comity.directory.facts import Reader


def reader() -> Reader:
    """The person who asks, in the language of the page. Raises SignInRequired."""
    return Reader(actor(), str(get_locale() or "en"), now())


def today() -> date:
    """The day it is where the person who asks is."""
    return now().astimezone(ZoneInfo(actor().zone)).date()
