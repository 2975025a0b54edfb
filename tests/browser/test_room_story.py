"""Two officers meet in the room: pictures and sound both ways, mute, a late joiner, a media server that is killed."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import open_consultation, start_consultation
from tests.support.browsers import Window
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack, wait_for

BACK_WITHIN = 15.0
OTHER = '#tiles .tile[data-local="false"][data-source="camera"]'
SCREEN = '#tiles .tile[data-local="false"][data-source="screen"]'


def _enter(page: Page) -> None:
    """From the consultation through the green room into the call, camera and microphone on."""
    page.get_by_role("link", name="Join room").click()
    for device in ("green-microphone", "green-camera"):
        expect(page.locator(f"#{device}")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Enter the room").click()
    expect(page.locator("main")).to_have_attribute("data-state", "joined")


def _pair(window: OpenWindow) -> tuple[Window, Window]:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    open_consultation(thailand.page, subject)
    _enter(austria.page)
    _enter(thailand.page)
    return austria, thailand


def _rising(window: Window, seconds: float = 15) -> None:
    """Frames decoded and audio samples that were really received both go on rising."""
    before = window.received()

    def risen() -> bool:
        now = window.received()
        return now["frames"] > before["frames"] + 10 and now["samples"] > before["samples"] + 24_000

    wait_for(risen, seconds)


def test_pictures_and_sound_both_ways_and_a_mute_that_shows(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    _rising(austria)
    _rising(thailand)
    tile = thailand.page.locator(OTHER)
    expect(tile).to_have_attribute("data-muted", "false")
    expect(tile).to_have_class("tile camera speaks", timeout=20_000)
    austria.page.get_by_role("button", name="Microphone").click()
    expect(tile).to_have_attribute("data-muted", "true")
    austria.page.get_by_role("button", name="Microphone").click()
    expect(tile).to_have_attribute("data-muted", "false")
    austria.page.get_by_role("button", name="Camera").click()
    expect(tile).to_have_attribute("data-camera", "off")
    austria.page.get_by_role("button", name="Camera").click()
    expect(tile).to_have_attribute("data-camera", "on")
    _rising(thailand)
    austria.page.get_by_role("button", name="Share a screen").click()
    expect(thailand.page.locator(SCREEN)).to_be_visible()
    late = window(AUSTRIA)
    late.page.goto(austria.page.url)
    late.page.get_by_role("button", name="Enter the room").click()
    expect(late.page.locator(OTHER)).to_have_count(2)
    expect(late.page.locator(SCREEN)).to_have_count(1)
    _rising(late)
    late.page.get_by_role("button", name="Leave the room").click()
    expect(late.page.locator("main")).to_have_attribute("data-state", "left")
    expect(austria.page.locator(OTHER)).to_have_count(1)


def test_the_media_process_is_killed_and_both_are_back(window: OpenWindow, stack: Stack) -> None:
    austria, thailand = _pair(window)
    _rising(austria)
    _rising(thailand)
    killed = time.monotonic()
    stack.kill("media")
    for each in (austria, thailand):
        expect(each.page.locator("main")).not_to_have_attribute("data-state", "joined")
    for each in (austria, thailand):
        expect(each.page.locator("main")).to_have_attribute("data-state", "joined")
        expect(each.page.locator(OTHER)).to_have_attribute("data-camera", "on")
        _rising(each)
    assert time.monotonic() - killed < BACK_WITHIN


def test_the_tab_that_closes_by_accident_comes_back_in(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    austria.page.reload()
    expect(austria.page.locator("main")).to_have_attribute("data-state", "joined")
    expect(thailand.page.locator(OTHER)).to_have_count(1)
    _rising(austria)
    _rising(thailand)
