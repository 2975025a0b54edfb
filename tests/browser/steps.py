"""Steps that several stories share, as an officer would take them."""

from __future__ import annotations

import re
import uuid

from playwright.sync_api import Page, expect

THAI_AUTHORITY = re.compile("Office of the Attorney General")
TILE = '#tiles .tile[data-local="false"]'
OTHER = f'{TILE}[data-source="camera"]'
SCREEN = f'{TILE}[data-source="screen"]'


def find_thailand(page: Page) -> None:
    """From the directory to the authority's page, by search, with a typing error."""
    page.goto("/directory")
    page.get_by_role("combobox").fill("thailnd")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=THAI_AUTHORITY).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(THAI_AUTHORITY)


def start_consultation(page: Page, subject: str | None = None) -> str:
    """Start a consultation with Thailand's central authority. Returns the subject; the page shows its thread, live."""
    subject = subject or f"Bank records {uuid.uuid4().hex[:8]}"
    find_thailand(page)
    page.get_by_role("link", name="Start a consultation").click()
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Before submission").check()
    page.get_by_label("Kind of cooperation").select_option(index=1)
    page.get_by_label("Your own reference").fill("INT/88/26")
    page.get_by_role("button", name="Start the consultation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    live(page)
    return subject


def open_consultation(page: Page, subject: str) -> None:
    """From the list of consultations to the thread, live."""
    page.goto("/consultations")
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    live(page)


def live(page: Page) -> None:
    """Wait until the thread's socket has joined."""
    expect(page.locator("#connection")).to_have_attribute("data-state", "connected")


def cut_off(page: Page) -> None:
    """Wait until the page says that it is cut off."""
    expect(page.locator("#connection")).to_have_attribute("data-state", "reconnecting")


def say(page: Page, words: str) -> None:
    """Write a message and send it."""
    page.get_by_label("Message to both authorities").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def messages(page: Page) -> list[str]:
    """The words of all messages on the page, in the order they stand."""
    return [words.strip() for words in page.locator("#thread .msg .body").all_inner_texts()]


def shows(page: Page, *words: str) -> None:
    """Wait until each of some messages stands in the thread, once."""
    for each in words:
        expect(page.locator("#thread .msg .body").filter(has_text=each)).to_have_count(1)


def enter_room(page: Page) -> None:
    """From the consultation through the green room into the call, camera and microphone on."""
    page.get_by_role("link", name="Join room").click()
    for device in ("green-microphone", "green-camera"):
        expect(page.locator(f"#{device}")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Enter the room").click()
    in_call(page)


def in_call(page: Page) -> None:
    """Wait until the page is in the call."""
    expect(page.locator("main")).to_have_attribute("data-state", "joined")
