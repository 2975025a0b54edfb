"""axe-core finds nothing on any page, none is wider than its window: light and dark, on a phone, and in Arabic."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.looks import CHECKED, Look, speak
from tests.browser.pages import Prepared, Visited, all_pages, prepare
from tests.support.browsers import Window, axe_faults, wider_than_its_window
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def made(stack: Stack, browser: Browser) -> Prepared:
    officers = [Window(browser, stack.url) for _ in range(2)]
    for opened, email in zip(officers, (AUSTRIA, THAILAND), strict=True):
        opened.page.goto(stack.link(email))
    found = prepare(officers[0], officers[1], stack)
    for opened in officers:
        opened.close()
    return found


@pytest.mark.parametrize("look", CHECKED, ids=[look.name for look in CHECKED])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(window: OpenWindow, made: Prepared, look: Look) -> None:
    faults: list[str] = []
    windows: dict[str | None, Window] = {}
    try:
        for visited in all_pages(made, look.language):
            if visited.who not in windows:
                windows[visited.who] = window(visited.who, **look.context)
                if visited.who:
                    speak(windows[visited.who], look.language)
            faults += [f"{visited.name}: {fault}" for fault in _look_at(windows[visited.who].page, visited, look)]
    finally:
        for email, opened in windows.items():
            if email:  # the language is the account's, and other tests read English
                speak(opened, "en")
    assert faults == []


def _look_at(page: Page, visited: Visited, look: Look) -> list[str]:
    page.goto(visited.path)
    if visited.prepare:
        visited.prepare(page)
    expect(page.locator("html")).to_have_attribute("lang", look.language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if look.language == "ar" else "ltr")
    return axe_faults(page) + (["wider than its window"] if wider_than_its_window(page) else [])


@pytest.mark.parametrize(
    ("act", "heard"),
    [
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        (
            "document.head.append(Object.assign(document.createElement('script'), { textContent: '1' }))",
            "Security Policy",
        ),
        ("setTimeout(() => { throw new Error('of a test') })", "of a test"),
    ],
    ids=["style", "script", "error"],
)
def test_a_fault_of_a_page_is_noticed(stack: Stack, browser: Browser, act: str, heard: str) -> None:
    opened = Window(browser, stack.url)
    opened.page.goto("/sign-in")
    assert opened.faults == []
    opened.page.evaluate(act)
    opened.page.wait_for_load_state("networkidle")
    opened.close()
    assert len(opened.faults) == 1
    assert heard in opened.faults[0]


def test_axe_and_the_ruler_notice_what_is_wrong(window: OpenWindow) -> None:
    page = window().page
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label[for=email]').remove()")
    page.evaluate("document.querySelector('main').style.inlineSize = '200vw'")
    assert [fault.partition(":")[0] for fault in axe_faults(page)] == ["label"]
    assert wider_than_its_window(page)
