"""Sign-in by a provider, with a running web process: what the provider ends is over at once, open sockets included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.support.databases import Engines
from tests.support.openid import story
from tests.support.openid.server import OpenIdProvider, Person, openid_provider
from tests.support.webprocess import Web, running_web


@pytest.fixture(scope="module")
def federated(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A web process that reaches providers on this machine."""
    folder = tmp_path_factory.mktemp("federated")
    with running_web(engines, folder, COMITY_OUTGOING_LOOPBACK="1") as running:
        yield running


class Ministry:
    """npm's oidc-provider, as the story wants it."""

    acr = "urn:test:two"
    scopes: tuple[str, ...] = ("groups",)

    def __init__(self, openid: OpenIdProvider, base_url: str) -> None:
        self.openid, self.issuer = openid, openid.issuer
        self.client_id, self.client_secret = openid.register(base_url, "at")
        self.browser = Person(openid, "nova")
        self._is(groups=[story.GROUP])

    def sign_in(self, url: str) -> str:
        self.browser = Person(self.openid, "nova")
        return self.browser.sign_in(url)

    def sign_out_there(self) -> None:
        self.browser.sign_out(f"{self.issuer}/session/end")

    def follow_sign_out(self, url: str) -> str:
        return self.browser.sign_out(url)

    def groups(self, names: Sequence[str]) -> None:
        self._is(groups=list(names))

    def verified(self, verified: bool) -> None:
        self._is(groups=[story.GROUP], email_verified=verified)

    def _is(self, **claims: Any) -> None:
        usual: dict[str, Any] = {"email": story.NOVA, "email_verified": True}
        self.openid.person("nova", "nova-1", acr=self.acr, **{**usual, **claims})


def test_the_whole_story(federated: Web) -> None:
    with openid_provider() as openid:
        there = Ministry(openid, federated.config.base_url)
        post = story.set_up(federated, there, "at")
        story.an_unverified_address_is_refused(federated, there, "at")
        story.the_provider_signs_out_session_and_socket(federated, there, "at")
        story.a_group_that_is_lost_takes_its_post(federated, there, "at", post)
        story.signing_out_here_signs_out_there(federated, there, "at")
