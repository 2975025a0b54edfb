"""Ways in that a domain above adds: buttons on the pages of sign-in and confirmation, and a last step on the way out.

The pages are here, what vouches for people from elsewhere is not: it registers itself with `init_app`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from flask import Flask, current_app

from comity.people.sessions import Found

_EXTENSION = "comity.ways"


@dataclass(frozen=True, slots=True)
class Way:
    """A button. name: what it leads to, as its owner writes it. url: a page of ours, followed by a link."""

    name: str
    url: str


class Ways(Protocol):
    """What the pages of people ask."""

    def to_sign_in(self, onward: str) -> list[Way]:
        """Ways in for anybody. onward: the local path to go to afterwards."""

    def to_confirm(self, found: Found, onward: str) -> list[Way]:
        """Ways in which a signed-in person can prove anew that it is they."""

    def out(self, found: Found) -> Way | None:
        """Where a browser that is being signed out goes next; None where it stays here."""


class NoWays:
    """Nothing beyond what people have of their own."""

    def to_sign_in(self, onward: str) -> list[Way]:
        return []

    def to_confirm(self, found: Found, onward: str) -> list[Way]:
        return []

    def out(self, found: Found) -> Way | None:
        return None


def init_app(app: Flask, found: Ways) -> None:
    """Have the pages ask these."""
    app.extensions[_EXTENSION] = found


def ways() -> Ways:
    """Those of this application."""
    return cast("Ways", current_app.extensions.get(_EXTENSION) or NoWays())
