"""The whole story by keyboard alone: find, start, talk, meet, leave, sign out; the focus shows at every stop."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import OTHER, THAI_AUTHORITY, in_call, live, shows
from tests.support.keyboard import Keyboard
from tests.support.people import AUSTRIA, THAILAND

MOST_SUGGESTIONS = 20


def test_the_whole_story_by_keyboard_alone(window: OpenWindow) -> None:
    austria, thailand = Keyboard(window(AUSTRIA).page), Keyboard(window(THAILAND).page)
    _find(austria)
    subject = _start(austria)
    _talk(austria, thailand, subject)
    _enter(austria)
    _enter(thailand)
    _act_in_call(austria, thailand)
    _leave_and_return(austria)
    _sign_out(austria)


@pytest.mark.parametrize(
    "fault",
    ["main :focus-visible { outline: none }", "body::after { content: ''; position: fixed; inset: 0; z-index: 99 }"],
    ids=["no outline", "covered"],
)
def test_a_focus_that_does_not_show_is_noticed(window: OpenWindow, fault: str) -> None:
    page = window(AUSTRIA).page
    keys, link = Keyboard(page, patience=0.2), page.locator("main").get_by_role("link").first
    keys.tab_to(link)
    page.evaluate(
        "(rule) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rule); "
        "document.adoptedStyleSheets = [sheet]; }",
        fault,
    )
    keys.press("Shift+Tab")
    with pytest.raises(AssertionError, match="the focus does not show"):
        keys.tab_to(link)


def _find(keys: Keyboard) -> None:
    """Past the navigation by the skip link, and to the authority through the list under the search box."""
    page = keys.page
    keys.follow(page.get_by_role("link", name="Skip to the content"))
    expect(page.locator("main")).to_be_focused()
    keys.follow(page.locator("main").get_by_role("link", name="Find a counterpart").first)
    box = page.locator("main").get_by_role("combobox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Directory")
    keys.press("Control+k")
    expect(box).to_be_focused()
    keys.write("thailnd")
    expect(page.get_by_role("option").first).to_be_visible()
    _choose_suggestion(keys, box)
    expect(page.get_by_role("heading", level=1)).to_have_text(THAI_AUTHORITY)


def _choose_suggestion(keys: Keyboard, box: Locator) -> None:
    for _row in range(MOST_SUGGESTIONS):
        keys.press("ArrowDown")
        chosen = keys.page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        expect(chosen).to_have_attribute("aria-selected", "true")
        if THAI_AUTHORITY.search(chosen.inner_text()):
            keys.press("Enter")
            return
    raise AssertionError("no suggestion names the authority")


def _start(keys: Keyboard) -> str:
    """Fill the form in. Returns the subject."""
    page, subject = keys.page, f"By keyboard {uuid.uuid4().hex[:8]}"
    keys.follow(page.get_by_role("link", name="Start a consultation"))
    keys.tab_to(page.get_by_label("Subject"))
    keys.write(subject)
    keys.tab_to(page.locator("input[name=side]").first)
    keys.press("Space")
    keys.tab_to(page.locator("input[name=stage]:checked, input[name=stage]").first)
    keys.press("Space")
    for _choice in range(6):
        if page.get_by_label("Before submission").is_checked():
            break
        keys.press("ArrowDown")
    expect(page.get_by_label("Before submission")).to_be_checked()
    keys.tab_to(page.get_by_label("Kind of cooperation"))
    keys.press("ArrowDown")
    keys.tab_to(page.get_by_label("Your own reference"))
    keys.write("INT/91/26")
    keys.follow(page.get_by_role("button", name="Start the consultation"))
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    live(page)
    return subject


def _talk(austria: Keyboard, thailand: Keyboard, subject: str) -> None:
    box = "Message to both authorities"
    austria.tab_to(austria.page.get_by_label(box))
    austria.write("Which period do you need?")
    austria.press("Control+Enter")
    shows(austria.page, "Which period do you need?")
    thailand.page.reload()
    thailand.follow(thailand.page.get_by_role("link", name=subject).first)
    live(thailand.page)
    shows(thailand.page, "Which period do you need?")
    thailand.tab_to(thailand.page.get_by_label(box))
    thailand.write("The last two years.")
    thailand.follow(thailand.page.get_by_role("button", name="Send", exact=True))
    expect(thailand.page.get_by_label(box)).to_be_focused()
    shows(austria.page, "The last two years.")


def _enter(keys: Keyboard) -> None:
    """Through the green room, the camera turned off and on again by button and by key."""
    page = keys.page
    keys.follow(page.get_by_role("link", name="Join room"), back=True)
    for device in ("green-microphone", "green-camera"):
        expect(page.locator(f"#{device}")).to_have_attribute("aria-pressed", "true")
    keys.follow(page.locator("#green-camera"), "Space")
    expect(page.locator("#green-camera")).to_have_attribute("aria-pressed", "false")
    keys.press("v")
    expect(page.locator("#green-camera")).to_have_attribute("aria-pressed", "true")
    keys.follow(page.get_by_role("button", name="Enter the room"))
    in_call(page)
    expect(page.locator("#stage")).to_be_focused()


def _act_in_call(austria: Keyboard, thailand: Keyboard) -> None:
    page, tile = austria.page, thailand.page.locator(OTHER)
    expect(tile).to_have_attribute("data-muted", "false")
    austria.follow(page.get_by_role("button", name="Microphone", exact=True), "Space")
    expect(tile).to_have_attribute("data-muted", "true")
    austria.press("m")
    expect(tile).to_have_attribute("data-muted", "false")
    austria.press("v")
    expect(tile).to_have_attribute("data-camera", "off")
    austria.press("v")
    expect(tile).to_have_attribute("data-camera", "on")
    austria.press("g")
    expect(page.locator("#layout")).to_have_attribute("aria-pressed", "true")
    people = page.locator("#people-toggle").get_attribute("aria-pressed")
    austria.press("p")
    expect(page.locator("#people-toggle")).not_to_have_attribute("aria-pressed", people or "")
    settings = page.get_by_role("button", name="Devices and keys")
    austria.follow(settings)
    expect(page.get_by_role("dialog")).to_be_visible()
    austria.tab_to(page.get_by_role("dialog").get_by_label("Microphone"))
    austria.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(settings).to_be_focused()


def _leave_and_return(keys: Keyboard) -> None:
    page, leave = keys.page, keys.page.get_by_role("button", name="Leave the room")
    keys.follow(leave)
    expect(page.locator("#after-title")).to_be_focused()
    keys.follow(page.get_by_role("button", name="Return to the room"))
    in_call(page)
    keys.follow(leave)
    keys.follow(page.locator("#after").get_by_role("link", name="Back to the consultation"))
    live(page)


def _sign_out(keys: Keyboard) -> None:
    page = keys.page
    keys.follow(page.locator("summary", has_text=re.compile("Anton Muster")))
    keys.follow(page.get_by_role("button", name="Sign out"))
    expect(page).to_have_url(re.compile("/sign-in"))
