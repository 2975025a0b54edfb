"""Signing in by an authority's own provider, in a real browser: npm's oidc-provider on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browsers import Window, axe_faults
from tests.support.openid.server import OpenIdProvider, openid_provider
from tests.support.people import SECRETARIAT
from tests.support.stack import Stack, running_stack

NOVA = "nova@justice.at.example"


@pytest.fixture(scope="module")
def openid() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture(scope="module")
def federated(openid: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation whose Austrian authority signs in by that provider, set up on the command line alone."""
    folder = tmp_path_factory.mktemp("federated")
    with running_stack(folder, COMITY_OUTGOING_LOOPBACK="1") as running:
        client, secret = openid.register(running.url, "at")
        (folder / "secret").write_text(secret)
        printed = running.comity(
            "provider", "add", "at", "--authority", "at-a", "--name", "Ministry of Justice", "--client-id", client,
            "--issuer", openid.issuer, "--secret-file", str(folder / "secret"), "--domain", "justice.at.example",
            "--scope", "groups", "--counts-factor", "--acr", "urn:test:two",
        )  # fmt: skip
        assert f"{running.url}/sign-in/with/at/back" in printed
        post = re.search(r"post (\d+):", running.comity("provider", "list"))
        assert post
        running.comity("provider", "group", "at", "mutual-assistance", "--post", post[1])
        assert "group mutual-assistance holds post" in running.comity("provider", "list")
        running.comity("user", "invite", NOVA, "--name", "Nova Muster")
        yield running


def test_in_by_the_provider_and_out_of_both(federated: Stack, openid: OpenIdProvider, browser: Browser) -> None:
    openid.person("nova", "nova-1", acr="urn:test:two", email=NOVA, email_verified=True, groups=["mutual-assistance"])
    window = Window(browser, federated.url)
    page = window.page
    page.goto("/consultations")
    assert axe_faults(page) == []
    page.get_by_role("link", name="Sign in with Ministry of Justice").click()
    page.get_by_label("Name").fill("nova")
    page.get_by_role("button", name="Sign in here").click()
    expect(page).to_have_url(f"{federated.url}/consultations")
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out there").click()
    expect(page).to_have_url(f"{federated.url}/sign-in")
    assert window.faults == []
    window.close()


def test_whom_the_provider_turns_away_is_told_so(federated: Stack, browser: Browser) -> None:
    window = Window(browser, federated.url)
    page = window.page
    page.goto("/sign-in/with/at")
    page.get_by_label("Name").fill("nobody")
    page.get_by_role("button", name="Sign in here").click()
    expect(page.get_by_role("alert")).to_contain_text("did not let you in")
    assert axe_faults(page) == []
    window.close()


def test_the_secretariat_sees_the_providers(federated: Stack, browser: Browser) -> None:
    window = Window(browser, federated.url)
    window.page.goto(federated.link(SECRETARIAT))
    window.page.goto("/providers")
    expect(window.page.get_by_role("rowheader")).to_contain_text("Ministry of Justice")
    expect(window.page.get_by_role("table")).to_contain_text("mutual-assistance")
    assert axe_faults(window.page) == []
    window.close()
