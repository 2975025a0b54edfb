"""Two officers, two windows: find, start, talk, lose the network and nothing else; a third officer sees nothing."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import messages, open_consultation, say, start_consultation
from tests.support.network import cuttable_network
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack, wait_for


def _shows(page: Page, *words: str) -> None:
    for each in words:
        expect(page.locator("#thread .msg .body").filter(has_text=each)).to_have_count(1)


def test_a_message_appears_on_the_other_side_without_a_reload(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    open_consultation(thailand.page, subject)
    expect(austria.page.locator("#presence")).to_be_visible()
    thailand.page.get_by_label("Message to both authorities").press_sequentially("We will")
    expect(austria.page.locator("#typing")).to_contain_text("Somsri Tuayang")
    say(thailand.page, "We will look at an **English** draft.")
    _shows(austria.page, "We will look at an English draft.")
    expect(austria.page.locator("#thread .msg time").last).to_contain_text(re.compile(r"Vienna \(.*Bangkok"))
    say(austria.page, "Which period do you need?")
    _shows(thailand.page, "Which period do you need?")
    expect(austria.page.locator(".msg-foot").last).to_contain_text("Somsri Tuayang")


def test_a_cut_network_loses_nothing_and_repeats_nothing(window: OpenWindow) -> None:
    with cuttable_network() as network:
        austria, thailand = window(AUSTRIA, proxy=network.proxy), window(THAILAND)
        subject = start_consultation(austria.page)
        open_consultation(thailand.page, subject)
        say(austria.page, "before")
        _shows(thailand.page, "before")
        network.cut()
        expect(austria.page.locator("#connection")).not_to_have_text("connected", ignore_case=True)
        for number in range(5):
            say(thailand.page, f"while you were away {number}")
            _shows(thailand.page, f"while you were away {number}")
        say(austria.page, "written in the dark")
        expect(austria.page.locator("#thread")).to_contain_text("written in the dark")
        network.mend()
        expected = ["before", *(f"while you were away {n}" for n in range(5)), "written in the dark"]
        wait_for(lambda: messages(austria.page) == expected, 30)
        wait_for(lambda: messages(thailand.page) == expected, 30)
        austria.page.reload()
        assert messages(austria.page) == expected


def test_a_draft_survives_a_reload(window: OpenWindow) -> None:
    austria = window(AUSTRIA)
    start_consultation(austria.page)
    box = austria.page.get_by_label("Message to both authorities")
    box.press_sequentially("A draft that is not")
    expect(austria.page.locator("#draft-state")).not_to_be_empty()
    austria.page.reload()
    expect(box).to_have_value("A draft that is not")


def test_a_killed_web_process_still_delivers_mail_and_messages(window: OpenWindow, stack: Stack) -> None:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    open_consultation(thailand.page, subject)
    expect(thailand.page.locator("#connection")).to_have_text("connected", ignore_case=True)
    thailand.page.goto("/directory")
    say(austria.page, "kept through a kill")
    _shows(austria.page, "kept through a kill")
    expect(austria.page.locator(".msg-foot").last).to_contain_text("not read")
    started = time.monotonic()
    stack.kill("web")
    wait_for(lambda: _answers(thailand.page), 30)
    open_consultation(thailand.page, subject)
    _shows(thailand.page, "kept through a kill")
    say(thailand.page, "and back")
    _shows(austria.page, "and back")
    assert time.monotonic() - started < 60


def _answers(page: Page) -> bool:
    try:
        return page.request.get("/healthz", timeout=1000).ok
    except Exception:
        return False
