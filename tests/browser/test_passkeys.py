"""Passkeys in a real browser, with Chromium's virtual authenticator: an invitation, a sign-in, a confirmation.

Browsers have no passkeys at a bare IP address, so this installation is reached as `localhost`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.support.browsers import Window, axe_faults
from tests.support.stack import Stack, free_ports, running_stack


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation whose address has a name."""
    port = free_ports(1)[0]
    settings = {"COMITY_BASE_URL": f"http://localhost:{port}", "COMITY_BIND": f"127.0.0.1:{port}"}
    with running_stack(tmp_path_factory.mktemp("named"), **settings) as running:
        yield running


@pytest.fixture
def window(named: Stack, browser: Browser) -> Iterator[Window]:
    opened = Window(browser, named.url)
    yield opened
    assert opened.faults == []
    opened.close()


def _authenticator(page: Page) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and asks its owner, who always says yes (WebAuthn Level 3, 11)."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return protocol, protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_lets_in_and_confirms(named: Stack, window: Window) -> None:
    page = window.page
    protocol, device = _authenticator(page)
    link = named.comity("user", "invite", "nova@justice.at.example", "--name", "Nova Muster").strip()
    page.goto(link)
    expect(page.get_by_role("button", name="Accept with a passkey")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_role("button", name="Accept with a passkey").click()
    page.get_by_role("button", name="Show ten new codes").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    assert axe_faults(page) == []
    kept = protocol.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [(each["rpId"], each["isResidentCredential"]) for each in kept] == [("localhost", True)]

    page.goto("/account/factors")
    expect(page.get_by_role("heading", name="Chrome on Linux")).to_be_visible()
    assert axe_faults(page) == []
    page.goto("/confirm?next=/account")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page).to_have_url(f"{named.url}/account")

    page.context.clear_cookies()
    page.goto("/consultations")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{named.url}/consultations")


def test_an_owner_who_says_no_is_told_so_and_may_try_again(named: Stack, window: Window) -> None:
    page = window.page
    protocol, device = _authenticator(page)
    protocol.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/sign-in")
    button = page.get_by_role("button", name="Sign in with a passkey")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("the passkey was not used")
    expect(button).to_be_enabled()


def test_without_script_the_pages_offer_password_and_code(named: Stack, browser: Browser) -> None:
    opened = Window(browser, named.url, java_script_enabled=False)
    opened.page.goto("/sign-in")
    expect(opened.page.locator("input[name=password]")).to_be_visible()
    expect(opened.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    opened.close()
