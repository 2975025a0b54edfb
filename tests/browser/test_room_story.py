"""Two officers meet in the room: pictures and sound both ways, what one turns off, a late joiner, and what may fail."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import OTHER, SCREEN, enter_room, in_call, live, open_consultation, start_consultation
from tests.support.browsers import Window, frames_shown
from tests.support.kills import kill_outright
from tests.support.network import Network, cuttable_network
from tests.support.people import ANTON, AUSTRIA, SOMSRI, THAILAND
from tests.support.stack import Stack, wait_for

BACK_WITHIN = 15.0
OUT_WITHIN = 8.0
PATIENCE = 25.0
A_SECOND_OF_SOUND = 48_000
STATE = "data-state"


def test_pictures_and_sound_go_both_ways(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    _receives(austria)
    _receives(thailand)
    expect(austria.page.locator(OTHER)).to_have_attribute("data-muted", "false")
    expect(austria.page.locator(f"{OTHER} .tile-name")).to_contain_text(SOMSRI)
    expect(thailand.page.locator(f"{OTHER} .tile-name")).to_contain_text(ANTON)
    for each in (austria, thailand):  # the camera that is made up beeps once a second
        expect(each.page.locator(f"{OTHER}.speaks")).to_have_count(1)
        expect(each.page.locator("#roster li")).to_have_count(2)


def test_a_mute_and_a_camera_that_is_off_show_on_the_other_side(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    _receives(thailand)
    tile, microphone, camera = (
        thailand.page.locator(OTHER),
        austria.page.get_by_role("button", name="Microphone", exact=True),
        austria.page.get_by_role("button", name="Camera", exact=True),
    )
    microphone.click()
    expect(microphone).to_have_attribute("aria-pressed", "false")
    expect(tile).to_have_attribute("data-muted", "true")
    expect(tile.locator(".muted-sign")).to_be_visible()
    microphone.click()
    expect(tile).to_have_attribute("data-muted", "false")
    expect(tile.locator(".muted-sign")).to_be_hidden()
    camera.click()
    expect(camera).to_have_attribute("aria-pressed", "false")
    expect(tile).to_have_attribute("data-camera", "off")
    expect(tile.locator("video")).to_be_hidden()
    camera.click()
    expect(tile).to_have_attribute("data-camera", "on")
    _receives(thailand)
    _plays(thailand, f"{OTHER} video")


def test_a_screen_is_seen_by_who_comes_late_too(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    share = austria.page.get_by_role("button", name="Share a screen")
    share.click()
    expect(share).to_have_attribute("aria-pressed", "true")
    _plays(thailand, f"{SCREEN} video")
    late = window(THAILAND)
    late.page.goto(thailand.page.url)
    late.page.get_by_role("button", name="Enter the room").click()
    in_call(late.page)
    expect(late.page.locator(OTHER)).to_have_count(2)
    _plays(late, f"{SCREEN} video")
    _receives(late)
    expect(austria.page.locator(OTHER)).to_have_count(2)
    share.click()
    expect(late.page.locator(SCREEN)).to_have_count(0)
    expect(thailand.page.locator(SCREEN)).to_have_count(0)
    late.page.get_by_role("button", name="Leave the room").click()
    expect(late.page.locator("main")).to_have_attribute(STATE, "left")
    expect(austria.page.locator(OTHER)).to_have_count(1)


def test_the_consultation_says_who_is_in_the_room(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA), window(THAILAND)
    subject = start_consultation(austria.page)
    open_consultation(thailand.page, subject)
    enter_room(austria.page)
    expect(thailand.page.locator("#in-room")).to_have_text(f"In the room now: {ANTON}")
    expect(thailand.page.locator("#thread .event").last).to_contain_text(ANTON)
    enter_room(thailand.page)
    austria.page.get_by_role("button", name="Leave the room").click()
    austria.page.get_by_role("link", name="Back to the consultation").last.click()
    live(austria.page)
    expect(austria.page.locator("#in-room")).to_have_text(f"In the room now: {SOMSRI}")


def test_a_cut_network_is_resumed_without_joining_anew(window: OpenWindow) -> None:
    with cuttable_network() as network:
        austria, thailand = _pair(window, network)
        _receives(austria)
        connections = austria.peers()
        network.cut()
        expect(austria.page.locator("main")).to_have_attribute(STATE, "reconnecting")
        network.mend()
        in_call(austria.page)
        _receives(austria)
        _receives(thailand)
        assert austria.peers() == connections


def test_the_media_process_is_killed_and_both_are_back(window: OpenWindow, stack: Stack) -> None:
    austria, thailand = _pair(window)
    _receives(austria)
    _receives(thailand)
    killed = time.monotonic()
    kill_outright(stack, "media")
    for each in (austria, thailand):
        expect(each.page.locator("main")).to_have_attribute(STATE, "reconnecting")
    for each in (austria, thailand):
        in_call(each.page)
        expect(each.page.locator(OTHER)).to_have_attribute("data-camera", "on")
        _receives(each, frames=1, samples=1)
    assert time.monotonic() - killed < BACK_WITHIN
    for each in (austria, thailand):
        _receives(each)
        expect(each.page.locator(OTHER)).to_have_count(1)


def test_the_tab_that_closes_by_accident_comes_back_in(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    austria.page.reload()
    in_call(austria.page)
    _receives(austria)
    _receives(thailand)
    expect(thailand.page.locator(OTHER)).to_have_count(1)


def test_whose_session_is_ended_elsewhere_is_out_and_the_other_stays(window: OpenWindow) -> None:
    austria, thailand = _pair(window)
    _receives(austria)
    elsewhere = window(THAILAND)
    elsewhere.page.goto("/account")
    elsewhere.page.get_by_role("button", name="Sign out everywhere else").click()
    ended = time.monotonic()
    expect(thailand.page.locator("main")).to_have_attribute(STATE, "left")
    assert time.monotonic() - ended < OUT_WITHIN
    expect(thailand.page.get_by_role("heading", name="You were taken out of the room")).to_be_visible()
    expect(thailand.page.locator("main")).to_contain_text("You may have been signed out")
    expect(austria.page.locator(OTHER)).to_have_count(0)
    expect(austria.page.locator("main")).to_have_attribute(STATE, "joined")
    # Nor does the way back in lead anywhere but to signing in.
    thailand.page.reload()
    expect(thailand.page.get_by_label("Password")).to_be_visible()


def _pair(window: OpenWindow, network: Network | None = None) -> tuple[Window, Window]:
    """Both officers in the room of a consultation of their own, the Austrian behind a network if there is one."""
    austria, thailand = window(AUSTRIA, **({"proxy": network.proxy} if network else {})), window(THAILAND)
    subject = start_consultation(austria.page)
    open_consultation(thailand.page, subject)
    enter_room(austria.page)
    enter_room(thailand.page)
    return austria, thailand


def _receives(window: Window, frames: int = 10, samples: int = A_SECOND_OF_SOUND) -> None:
    """Frames decoded and audio samples that were really received both go on rising, and the sound is not silence."""
    before = window.received()

    def risen() -> bool:
        now = window.received()
        # After a new connection the sums begin anew.
        gained = {name: now[name] - (before[name] if now[name] >= before[name] else 0) for name in now}
        return gained["frames"] >= frames and gained["samples"] >= samples and now["energy"] > 0

    wait_for(risen, PATIENCE)


def _plays(window: Window, selector: str) -> None:
    """A picture is shown and goes on."""
    video = window.page.locator(selector)
    expect(video).to_be_visible()
    before = frames_shown(video)
    wait_for(lambda: frames_shown(video) > before + 2, PATIENCE)
