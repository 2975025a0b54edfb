"""Browsers by the headers they send."""

from __future__ import annotations

import pytest

from comity.people.browsers import Browser, browser_of

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name", "system"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox", "Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/156.0 Safari/537.36", "Chrome", "Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/156.0 Safari/537.36 Edg/156.0", "Edge", "Windows"),
        (f"Mozilla/5.0 (Linux; Android 16) {_WEBKIT} Chrome/156.0 Mobile Safari/537.36", "Chrome", "Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/19.0 Safari/605", "Safari", "macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 CriOS/156 Safari/604", "Chrome", "iPhone"),
        ("curl/8.9", "", ""),
        ("", "", ""),
    ],
)
def test_the_owner_recognises_it(user_agent: str, name: str, system: str) -> None:
    assert browser_of(user_agent) == Browser(name, system)
