"""One story for every provider: in by its word, a socket open, a group lost, out from its side and from ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select

from comity.core.clock import SystemClock
from comity.directory.acting import actor_for
from comity.directory.posts import Holding, Post
from comity.federation import registry
from comity.federation.registry import New
from comity.people.services import find_account, invite
from tests.realtime.live.officer import SOON, Officer
from tests.support.people import AUSTRIA
from tests.support.stack import wait_for
from tests.support.webprocess import Web

NOVA = "nova@justice.at.example"
GROUP = "mutual-assistance"
_CLOCK = SystemClock()


class There(Protocol):
    """A provider at which Nova has an account, a verified address, and one group. acr: of what she proves there.

    scopes: beside the usual ones."""

    issuer: str
    client_id: str
    client_secret: str
    acr: str
    scopes: tuple[str, ...]

    def sign_in(self, url: str) -> str:
        """Follow a request in a new browser, sign in, and return where it sends the browser back to."""

    def sign_out_there(self) -> None:
        """End that browser's session at the provider, from the provider's side."""

    def follow_sign_out(self, url: str) -> str:
        """Follow our request to sign out there, in that browser; where it sends the browser."""

    def groups(self, names: Sequence[str]) -> None:
        """Nova is in these groups from now on."""

    def verified(self, verified: bool) -> None:
        """Whether the provider has verified her address."""


def set_up(web: Web, there: There, code: str) -> int:
    """Add the provider and invite Nova. Returns the number of the post that the group gives."""
    now, key = _CLOCK.now(), web.config.secret_key
    with web.database.writing() as session:
        officer = find_account(session, AUSTRIA)
        assert officer is not None
        holding = session.scalars(select(Holding).where(Holding.account_id == officer.id)).first()
        assert holding is not None
        authority = holding.post.authority
        post = Post(authority=authority, title="Duty desk", created_at=now)
        session.add(post)
        session.flush()
        new = New(
            code, authority.code, "The ministry", there.issuer, there.client_id, there.client_secret,
            ("justice.at.example",), counts_factor=True, acr_values=(there.acr,), scopes=there.scopes,
        )  # fmt: skip
        registry.add(session, new, now, secret_key=key)
        registry.map_group(session, code, GROUP, post.id, now)
        invite(session, NOVA, "Nova Muster", "en", "Europe/Vienna", (), now)
        return post.id


def come_in(web: Web, there: There, code: str) -> tuple[Officer, int]:
    """There and back. Returns the browser, and the status of what it came back to."""
    nova = Officer(web, None)
    away = nova.http.get(f"/sign-in/with/{code}", params={"next": "/account"})
    assert away.status_code == 302, away.text
    answer = nova.http.get(there.sign_in(away.headers["location"]))
    if answer.status_code == 303:
        assert answer.headers["location"] == "/account"
        assert "Nova Muster" in nova.http.get("/account").text
    return nova, answer.status_code


def an_unverified_address_is_refused(web: Web, there: There, code: str) -> None:
    there.verified(False)
    assert come_in(web, there, code)[1] == 403
    there.verified(True)


def the_provider_signs_out_session_and_socket(web: Web, there: There, code: str) -> None:
    nova, status = come_in(web, there, code)
    assert status == 303
    nova.connect()
    assert nova.socket.connected
    there.sign_out_there()
    wait_for(lambda: not nova.socket.connected, SOON)
    assert nova.http.get("/account").status_code == 302
    nova.leave()


def a_group_that_is_lost_takes_its_post(web: Web, there: There, code: str, post: int) -> None:
    nova, _status = come_in(web, there, code)
    assert _posts(web) == {post}
    there.groups([])
    again, _status = come_in(web, there, code)
    assert _posts(web) == set()
    there.groups([GROUP])
    last, _status = come_in(web, there, code)
    assert _posts(web) == {post}
    for browser in (nova, again, last):
        browser.leave()


def signing_out_here_signs_out_there(web: Web, there: There, code: str) -> None:
    nova, _status = come_in(web, there, code)
    answer = nova.form("/sign-out", {}, "/account")
    assert answer.status_code == 200
    url = answer.headers["refresh"].removeprefix("0; url=")
    assert there.follow_sign_out(url) == f"{web.config.base_url}/sign-in"
    assert nova.http.get("/account").status_code == 302
    nova.leave()


def _posts(web: Web) -> set[int]:
    with web.database.reading() as session:
        account = find_account(session, NOVA)
        assert account is not None
        return set(actor_for(session, account, _CLOCK.now()).post_ids)
