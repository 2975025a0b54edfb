"""Two officers, two windows: find, start, talk; a network or a web process that fails loses and repeats nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import cut_off, live, messages, open_consultation, say, shows, start_consultation
from tests.support.kills import kill_outright
from tests.support.network import Network, cuttable_network
from tests.support.people import AUSTRIA, SOMSRI, THAILAND
from tests.support.stack import Stack, wait_for

BOX = "Message to both authorities"


def test_a_message_appears_on_the_other_side_without_a_reload(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    expect(austria.page.locator("#presence")).to_have_text("Nobody else is here now")
    open_consultation(thailand.page, subject)
    expect(austria.page.locator("#presence")).to_have_text(f"Here now: {SOMSRI}")
    thailand.page.get_by_label(BOX).press_sequentially("We will")
    expect(austria.page.locator("#typing")).to_have_text(f"{SOMSRI} is writing")
    say(thailand.page, "We will look at an **English** draft.")
    shows(austria.page, "We will look at an English draft.")
    expect(austria.page.locator("#thread .msg .body strong")).to_have_text("English")
    expect(austria.page.locator("#typing")).to_be_empty()
    expect(austria.page.locator("#thread .msg .by").first).to_have_text(SOMSRI)
    expect(austria.page.locator("#thread .msg time").last).to_contain_text(re.compile(r"Vienna \(.*Bangkok"))
    say(austria.page, "Which period do you need?")
    shows(thailand.page, "Which period do you need?")
    thailand.page.close()
    expect(austria.page.locator("#presence")).to_have_text("Nobody else is here now")


def test_who_has_read_shows_once_it_was_seen(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    say(austria.page, "Have you received the annex?")
    expect(austria.page.locator(".msg-foot").last).to_have_text("Sent, not read yet")
    thailand.page.goto("/consultations")
    row = thailand.page.locator(".row", has=thailand.page.get_by_role("link", name=subject))
    expect(row).to_contain_text("1 unread")
    expect(austria.page.locator(".msg-foot").last).to_have_text("Sent, not read yet")
    open_consultation(thailand.page, subject)
    expect(austria.page.locator(".msg-foot").last).to_have_text(f"Read by {SOMSRI}")
    thailand.page.goto("/consultations")
    expect(row).to_be_visible()
    expect(row).not_to_contain_text("unread")


def test_a_cut_network_loses_nothing_and_repeats_nothing(window: OpenWindow) -> None:
    with cuttable_network() as network:
        austria, thailand = _both(window, network)
        say(austria, "before")
        shows(thailand, "before")
        network.cut()
        cut_off(austria)
        away = _write_meanwhile(austria, thailand)
        network.mend()
        _all_there_once(austria, thailand, ["before", *away])
        assert network.carried > 10_000


def test_a_network_that_fails_in_silence_delivers_late_and_once(window: OpenWindow) -> None:
    """What was under way arrives after all, and has been sent a second time by then."""
    with cuttable_network() as network:
        austria, thailand = _both(window, network)
        say(austria, "before")
        shows(thailand, "before")
        network.hush()
        away = _write_meanwhile(austria, thailand)
        cut_off(austria)
        assert messages(thailand) == ["before", *away[:-1]]
        network.mend()
        _all_there_once(austria, thailand, ["before", *away])


def test_a_draft_survives_a_reload_and_is_nobody_elses(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    austria.page.get_by_label(BOX).press_sequentially("A draft that is not")
    expect(austria.page.locator("#draft-state")).to_have_text("Draft kept")
    austria.page.reload()
    expect(austria.page.get_by_label(BOX)).to_have_value("A draft that is not")
    elsewhere = window(AUSTRIA)
    open_consultation(elsewhere.page, subject)
    expect(elsewhere.page.get_by_label(BOX)).to_have_value("A draft that is not")
    open_consultation(thailand.page, subject)
    expect(thailand.page.get_by_label(BOX)).to_have_value("")


def test_what_is_typed_at_the_last_moment_survives_without_the_server(window: OpenWindow) -> None:
    with cuttable_network() as network:
        austria = window(AUSTRIA, proxy=network.proxy)
        start_consultation(austria.page)
        network.cut()
        cut_off(austria.page)
        austria.page.get_by_label(BOX).press_sequentially("Typed in the dark")
        expect(austria.page.locator("#draft-state")).to_have_text("Draft kept in this browser")
        network.mend()
        austria.page.reload()
        expect(austria.page.get_by_label(BOX)).to_have_value("Typed in the dark")


def test_a_killed_web_process_loses_nothing_and_repeats_nothing(window: OpenWindow, stack: Stack) -> None:
    austria, thailand = _both(window)
    say(austria, "before")
    shows(thailand, "before")
    kill_outright(stack, "web")
    cut_off(austria)
    cut_off(thailand)
    say(austria, "while it was away")
    live(austria)
    live(thailand)
    say(thailand, "and back")
    _all_there_once(austria, thailand, ["before", "while it was away", "and back"])


def _both(window: OpenWindow, network: Network | None = None) -> tuple[Page, Page]:
    """Both officers in one consultation, the Austrian behind a network if there is one."""
    austria = window(AUSTRIA, **({"proxy": network.proxy} if network else {})).page
    thailand = window(THAILAND).page
    open_consultation(thailand, start_consultation(austria))
    return austria, thailand


def _write_meanwhile(cut: Page, other: Page) -> list[str]:
    """Both write while one of them is cut off. Returns the words in the order in which they must stand at the end."""
    said = [f"while you were away {number}" for number in range(5)]
    for words in said:
        say(other, words)
        shows(other, words)
    say(cut, "written in the dark")
    expect(cut.locator("#thread")).to_contain_text("written in the dark")
    return [*said, "written in the dark"]


def _all_there_once(one: Page, other: Page, expected: list[str]) -> None:
    for page in (one, other):
        live(page)
        wait_for(lambda page=page: messages(page) == expected, 30)  # type: ignore[misc]
        expect(page.locator("#thread li[data-client-id]")).to_have_count(0)
    for page in (one, other):
        page.reload()
        assert messages(page) == expected
