"""The same story as with npm's provider, with Keycloak: `make test-keycloak`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.keycloak.server import Keycloak, running_keycloak
from tests.support.databases import Engines
from tests.support.openid import story
from tests.support.webprocess import Web, running_web


@pytest.fixture(scope="module")
def web(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with running_web(engines, tmp_path_factory.mktemp("web"), COMITY_OUTGOING_LOOPBACK="1") as running:
        yield running


@pytest.fixture(scope="module")
def keycloak(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keycloak]:
    with running_keycloak(tmp_path_factory.mktemp("keycloak"), web.config.base_url) as running:
        yield running


@pytest.fixture(scope="module")
def post(web: Web, keycloak: Keycloak) -> int:
    """The post that the group gives, once the provider is added and Nova invited."""
    return story.set_up(web, keycloak, "kc")


def test_an_unverified_address_is_refused(web: Web, keycloak: Keycloak, post: int) -> None:
    story.an_unverified_address_is_refused(web, keycloak, "kc")


def test_keycloak_signs_out_session_and_socket(web: Web, keycloak: Keycloak, post: int) -> None:
    story.the_provider_signs_out_session_and_socket(web, keycloak, "kc")


def test_a_group_that_is_lost_takes_its_post(web: Web, keycloak: Keycloak, post: int) -> None:
    story.a_group_that_is_lost_takes_its_post(web, keycloak, "kc", post)


def test_signing_out_here_signs_out_at_keycloak(web: Web, keycloak: Keycloak, post: int) -> None:
    story.signing_out_here_signs_out_there(web, keycloak, "kc")
