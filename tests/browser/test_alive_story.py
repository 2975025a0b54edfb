"""The directory stays true: a mail's link confirms, a suggestion becomes a difference, the past can be read."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import find_thailand
from tests.support.browsers import PATIENCE_MS
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack, wait_for

_LINK = re.compile(r"https?://\S+/directory/confirm/\S+")
OLD, NEW = "Example Road, Bangkok 10000", "Ratchadaphisek Road, Bangkok 10900"


def test_a_focal_point_confirms_by_the_link_of_a_mail(window: OpenWindow, stack: Stack) -> None:
    found: list[str] = []

    def asked() -> bool:
        stack.comity("work")
        found[:] = _links(stack, THAILAND)
        return bool(found)

    wait_for(asked, PATIENCE_MS / 1000)
    page = window().page  # nobody is signed in here
    page.goto(found[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this still right?")
    page.reload()  # as a mail scanner would: looking changes nothing
    page.get_by_role("button", name="Still right").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(found[0])
    expect(page.get_by_text("This link is no longer good")).to_be_visible()
    somsri = window(THAILAND).page
    somsri.goto("/directory/confirmations")
    others = somsri.get_by_role("button", name="Still right")
    expect(others).to_have_count(1)  # of the two who were due
    others.click()
    expect(somsri.get_by_text("Nothing to confirm")).to_be_visible()


def test_a_suggestion_is_reviewed_as_a_difference_and_the_past_stays(window: OpenWindow) -> None:
    anton, somsri = window(AUSTRIA).page, window(THAILAND).page
    find_thailand(anton)
    anton.get_by_role("link", name="Suggest a change").click()
    anton.get_by_label("Telephone").fill("2 141 2400")
    anton.get_by_label("Postal address").fill(NEW)
    anton.get_by_label("Why, and from where you know").fill("It stands on their site.")
    anton.get_by_role("button", name="Send the proposal").click()
    expect(anton.locator("#telephone[aria-invalid=true]")).to_have_value("2 141 2400")
    expect(anton.get_by_label("Postal address")).to_have_value(NEW)
    anton.get_by_label("Telephone").fill("+66 2 141 2400")
    anton.get_by_role("button", name="Send the proposal").click()
    expect(anton.get_by_text("Waits for a decision", exact=True)).to_be_visible()
    _review(somsri)
    find_thailand(anton)
    expect(anton.get_by_text(NEW)).to_be_visible()
    expect(anton.get_by_text("+66 2 141 2400")).to_have_count(0)
    anton.get_by_role("link", name="History").click()
    newest = anton.locator("table.difference").first
    expect(newest.locator("del")).to_have_text(OLD)
    expect(newest.locator("ins")).to_have_text(NEW)
    anton.get_by_label("The record on a day").fill("2025-10-01")
    anton.get_by_role("button", name="Show").click()
    expect(anton.get_by_text("As it was on Wed 1 Oct 2025")).to_be_visible()
    expect(anton.get_by_text(OLD)).to_be_visible()
    expect(anton.get_by_text("+66 00 555 0100")).to_be_visible()


def _review(page: Page) -> None:
    """From home to the newest proposal: the address is accepted, the number is not."""
    page.goto("/")
    page.get_by_role("link", name="Proposed changes to decide on").click()
    page.locator("article").last.get_by_role("link").click()
    expect(page.locator("del").filter(has_text=OLD)).to_be_visible()
    expect(page.locator("ins").filter(has_text=NEW)).to_be_visible()
    page.get_by_label("Accept: Telephone").uncheck()
    page.get_by_role("button", name="Accept the chosen fields").click()
    expect(page.get_by_text("Accepted in part")).to_be_visible()


def _links(stack: Stack, address: str) -> list[str]:
    """The links of mails that ask somebody to confirm."""
    found = []
    for path in sorted((stack.config.maildir / "new").iterdir()):
        mail = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
        body = mail.get_body(("plain",))
        if address in str(mail["To"]) and body is not None:
            found += _LINK.findall(body.get_content())
    return found
