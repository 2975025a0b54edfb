"""What a User-Agent header says about a browser, in two words that its owner recognises. RFC 9110, 10.1.5."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BROWSERS = (  # the first that fits: most browsers name the ones they descend from as well
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Version/[\d.]+ .*Safari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """name and system: as their makers write them, empty when not recognised."""

    name: str
    system: str


def browser_of(user_agent: str) -> Browser:
    """The browser that sent a header."""
    return Browser(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in patterns if re.search(pattern, text)), "")
