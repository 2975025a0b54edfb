"""axe-core finds nothing on any page: light and dark, on a phone, and in Arabic from right to left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenWindow
from tests.browser.pages import Prepared, all_pages, prepare
from tests.support.browsers import Window, axe_faults
from tests.support.people import AUSTRIA
from tests.support.stack import Stack

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def made(stack: Stack, browser: Browser) -> Prepared:
    opened = Window(browser, stack.url)
    opened.page.goto(stack.link(AUSTRIA))
    found = prepare(opened.page, stack)
    opened.close()
    return found


@pytest.mark.parametrize(
    ("scheme", "viewport", "language"),
    [("light", WIDE, "en"), ("dark", WIDE, "en"), ("light", PHONE, "en"), ("dark", PHONE, "ar")],
    ids=["light", "dark", "phone", "arabic-phone-dark"],
)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    window: OpenWindow, made: Prepared, scheme: str, viewport: dict[str, int], language: str
) -> None:
    faults: list[str] = []
    windows: dict[str | None, Window] = {}
    for visited in all_pages(made):
        if visited.who not in windows:
            windows[visited.who] = window(
                visited.who, color_scheme=scheme, viewport=viewport, locale="ar-EG" if language == "ar" else "en-GB"
            )
            if language == "ar" and visited.who:
                speak(windows[visited.who], "ar")
        page = windows[visited.who].page
        page.goto(visited.path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        if visited.prepare:
            visited.prepare(page)
        faults += [f"{visited.name}: {fault}" for fault in axe_faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{visited.name}: wider than its window")
    for opened in windows.values():
        if language == "ar" and opened is not windows.get(None):
            speak(opened, "en")
    assert faults == []


def speak(opened: Window, language: str) -> None:
    """Change the language of the account that is signed in, by the picker that stands on every page."""
    opened.page.goto("/account")
    token = opened.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    opened.page.request.post(
        "/preferences/language", form={"language": language, "csrf_token": token}, headers={"Referer": opened.page.url}
    )
    opened.page.reload()
    expect(opened.page.locator("html")).to_have_attribute("lang", language)
