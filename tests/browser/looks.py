"""The ways in which each page is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import ViewportSize, expect

from tests.support.browsers import Window

PHONE = ViewportSize(width=360, height=740)
WIDE = ViewportSize(width=1280, height=900)


@dataclass(frozen=True)
class Look:
    """scheme: light or dark. viewport: in CSS pixels."""

    name: str
    scheme: str
    viewport: ViewportSize
    language: str = "en"

    @property
    def context(self) -> dict[str, Any]:
        """For Playwright's `new_context`."""
        locale = {"en": "en-GB", "ar": "ar-EG"}[self.language]
        return {"color_scheme": self.scheme, "viewport": self.viewport, "locale": locale}


LOOKS = (
    Look("light", "light", WIDE),
    Look("dark", "dark", WIDE),
    Look("phone", "light", PHONE),
    Look("arabic", "light", WIDE, "ar"),
    Look("arabic-phone-dark", "dark", PHONE, "ar"),
)

CHECKED = tuple(look for look in LOOKS if look.name != "arabic")
"""What axe-core sees: the narrow Arabic look is the harder of the two, and the time is short."""


def speak(opened: Window, language: str) -> None:
    """Change the language of the account that is signed in, by the menu that stands on every page."""
    page = opened.page
    page.goto("/account")
    button = page.locator(f"button[name=language][value={language}]")
    if not button.is_visible():
        page.locator("details.menu", has=button).locator("summary").click()
    button.click()
    expect(page.locator("html")).to_have_attribute("lang", language)
