"""A newcomer is nominated, proves the address, is confirmed and let in, and takes over a post; the old holder is out.

And somebody who lost every way in comes back by two offices, a link and a code.
"""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.mails import mailed_link
from tests.browser.steps import live, say, start_consultation
from tests.support.people import KENYA, SECRETARIAT
from tests.support.stack import Stack

LEAVER, NOVA = "juma.mfano@statelaw.ke.example", "nova.mfano@statelaw.ke.example"
DESK = "Desk officer for mutual legal assistance"
PASSWORD = "copper rain over seven quiet roofs"
NOTE = "Call Bangkok before noon."


def _set_up(page: Page) -> None:
    """A password, one-time codes and recovery codes."""
    for name in ("password", "repeated"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.locator("input[name=sealed]")).to_have_count(1)
    secret = re.sub(r"\s", "", page.locator("#secret").inner_text())
    page.locator("input[name=code]").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Add the application").click()
    page.get_by_role("button", name="Show ten new codes").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)


def _nominate(page: Page) -> None:
    page.get_by_role("link", name="Our people", exact=True).click()
    page.get_by_role("link", name="Nominate a person").click()
    page.get_by_label("Name", exact=True).fill("Nova Mfano")
    page.get_by_label("Official e-mail address").fill(NOVA)
    page.get_by_label("Post", exact=True).select_option(label=f"{DESK} · Juma Mfano")
    page.get_by_label("What the person is").select_option(label="Prosecutor")
    page.get_by_label("English").check()
    page.get_by_role("button", name="Nominate").click()
    expect(page.get_by_text("Nova Mfano was written to.")).to_be_visible()


def _prove(page: Page, stack: Stack) -> None:
    page.goto(mailed_link(stack, NOVA, "/prove"))
    page.get_by_label("I have read this and agree.").check()
    page.get_by_role("button", name="It is me").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    page.goto("/consultations")
    expect(page).to_have_url(f"{stack.url}/sign-in?next=/consultations")


def test_a_post_passes_to_the_next_holder_and_a_lost_way_in_is_found_again(window: OpenWindow, stack: Stack) -> None:
    leaver, focal, newcomer = window(LEAVER).page, window(KENYA).page, window().page
    subject = start_consultation(leaver)
    say(leaver, "Which period do you need?")
    thread = leaver.url
    leaver.goto("/people")
    leaver.get_by_role("link", name="Hand-over").click()
    leaver.get_by_label("Note").fill(NOTE)
    leaver.get_by_role("button", name="Keep the note").click()
    expect(leaver.get_by_text("The note was kept with the post.")).to_be_visible()
    leaver.goto(thread)
    live(leaver)

    _nominate(focal)
    _prove(newcomer, stack)
    focal.reload()
    focal.get_by_label("How you made sure").fill("Sits next door")
    focal.get_by_role("button", name="Confirm the person").click()
    expect(focal.get_by_text("Confirmed. The secretariat was told.")).to_be_visible()
    secretariat = window(SECRETARIAT).page
    secretariat.get_by_role("link", name="Secretariat", exact=True).click()
    secretariat.get_by_role("link", name="Nova Mfano").click()
    expect(secretariat.get_by_text("Juma Mfano holds it no longer")).to_be_visible()
    secretariat.get_by_role("button", name="Let in").click()
    expect(secretariat.get_by_text("Let in. An invitation was sent.")).to_be_visible()

    leaver.goto("/consultations")
    expect(leaver).to_have_url(f"{stack.url}/sign-in?next=/consultations")
    newcomer.goto(mailed_link(stack, NOVA, "/invitations"))
    _set_up(newcomer)
    newcomer.goto("/")
    expect(newcomer.get_by_role("heading", name=f"Handed over to you: {DESK}")).to_be_visible()
    newcomer.get_by_role("link", name="Open the hand-over").click()
    expect(newcomer.get_by_text(NOTE).first).to_be_visible()
    expect(newcomer.get_by_role("link", name=subject)).to_be_visible()
    newcomer.get_by_role("button", name="I have read this").click()
    expect(newcomer.get_by_role("link", name="Open the hand-over")).to_have_count(0)
    newcomer.goto(thread)
    live(newcomer)

    _lose_and_find(stack, newcomer, focal, secretariat)


def _lose_and_find(stack: Stack, lost: Page, focal: Page, secretariat: Page) -> None:
    stranger = lost
    stranger.context.clear_cookies()
    stranger.goto("/sign-in")
    stranger.get_by_role("link", name="I can no longer sign in").click()
    stranger.get_by_label("E-mail address").fill(NOVA)
    stranger.get_by_role("button", name="Ask for a new way in").click()
    expect(stranger.get_by_text("If this address has an account")).to_be_visible()
    focal.goto("/people")
    focal.get_by_role("link", name="Nova Mfano").click()
    focal.get_by_label("By telephone").check()
    focal.get_by_role("button", name="Confirm the person").click()
    expect(focal.get_by_text("Confirmed. The secretariat was told.")).to_be_visible()
    secretariat.goto("/secretariat")
    secretariat.get_by_role("link", name="Nova Mfano").click()
    secretariat.get_by_role("button", name="Approve").click()
    expect(secretariat.get_by_text("Approved. The link was sent.")).to_be_visible()
    expect(secretariat.locator(".recovery-code")).to_have_count(0)
    focal.reload()
    code = focal.locator(".recovery-code").inner_text()
    stranger.goto(mailed_link(stack, NOVA, "/recovery"))
    stranger.get_by_label("Code").fill("AAAA-AAAA")
    stranger.get_by_role("button", name="Begin anew").click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    stranger.get_by_label("Code").fill(code)
    stranger.get_by_role("button", name="Begin anew").click()
    _set_up(stranger)
    stranger.goto("/people")
    expect(stranger.get_by_text("Your post")).to_be_visible()
