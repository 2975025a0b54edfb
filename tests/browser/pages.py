"""Every page of Comity, with the person who sees it: what axe-core checks and what `make screenshots` saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.steps import say, start_consultation
from tests.support.people import AUSTRIA, SECRETARIAT
from tests.support.stack import Stack


@dataclass(frozen=True)
class Visited:
    """A page to look at. who: the account that opens it, or nobody. prepare: what is done before looking."""

    name: str
    path: str
    who: str | None = AUSTRIA
    prepare: Callable[[Page], None] | None = None


@dataclass(frozen=True)
class Prepared:
    """What the pages show: made once for an installation."""

    consultation: str
    authority: str
    invitation: str


def prepare(page: Page, stack: Stack) -> Prepared:
    """Start a consultation with some messages and invite somebody. page: a window signed in as the Austrian officer."""
    start_consultation(page, "Bank records, operation Larch")
    consultation = page.url.removeprefix(stack.url)
    say(
        page,
        "We are preparing a request for records of **three accounts**.\n\nWould a statement in English do?",
    )
    expect(page.locator("#thread .msg")).to_have_count(1)
    authority = page.locator("a[href*='/directory/authorities/']").last.get_attribute("href") or ""
    link = stack.comity("user", "invite", f"new-{id(page)}@justice.at.example", "--name", "Nova Muster")
    return Prepared(consultation, authority, link.strip().removeprefix(stack.url))


def all_pages(made: Prepared) -> list[Visited]:
    """All pages, each in the state that most people see."""
    return [
        Visited("sign-in", "/sign-in", None),
        Visited("sign-in-refused", "/sign-in", None, _refused),
        Visited("invitation", made.invitation, None),
        Visited("home", "/"),
        Visited("home-secretariat", "/", SECRETARIAT),
        Visited("directory", "/directory"),
        Visited("directory-found", "/directory?q=thai"),
        Visited("directory-nothing", "/directory?q=qqqqxyz"),
        Visited("directory-as-you-type", "/directory", AUSTRIA, _typed),
        Visited("state", "/directory/states/TH"),
        Visited("authority", made.authority),
        Visited("consultations", "/consultations"),
        Visited("consultation-new", "/consultations/new?authority=" + made.authority.rpartition("/")[2]),
        Visited("consultation", made.consultation),
        Visited("room", made.consultation + "/room"),
        Visited("room-joined", made.consultation + "/room", AUSTRIA, _entered),
        Visited("account", "/account"),
        Visited("mail", "/mail", SECRETARIAT),
        Visited("not-found", "/nothing-here"),
    ]


def _refused(page: Page) -> None:
    page.locator("input[name=email]").fill("nobody@x.example")
    page.locator("input[name=password]").fill("not the password")
    page.locator("main form button:not([type=button])").first.click()
    expect(page.locator("input[name=email]")).to_have_value("nobody@x.example")


def _typed(page: Page) -> None:
    page.get_by_role("combobox").fill("aust")
    expect(page.get_by_role("option").first).to_be_visible()


def _entered(page: Page) -> None:
    page.locator("#enter").click()
    expect(page.locator("main")).to_have_attribute("data-state", "joined")
