"""There and back again with a real provider: who comes in, how far, and what that gives."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from comity.people.events import Kind
from comity.people.factors.codes import code_at
from comity.people.factors.sealing import seal
from comity.people.factors.services import add_authenticator
from tests.platform.federation.conftest import GROUP, Site
from tests.support.openid.server import Person

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def _counts(site: Site) -> None:
    """The provider's second factor counts from now on."""
    with site.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE identity_provider SET counts_factor = 1")


def _with_codes(site: Site) -> None:
    """Nova has set up one-time codes."""
    key, account = site.application.extensions["comity"].config.secret_key, site.account()
    with site.database.writing() as session:
        add_authenticator(
            session, account.id, sealed=seal(key, account.id, SECRET), name="Telephone", first=True, secret_key=key,
            code=code_at(SECRET, site.clock.now()), now=site.clock.now(),
        )  # fmt: skip


def test_the_sign_in_page_names_the_provider(site: Site) -> None:
    page = site.visitor().get("/sign-in?next=/directory").text
    assert 'href="/sign-in/with/at?next=/directory"' in page
    assert "Ministry of Justice" in page


def test_who_was_invited_comes_in_and_holds_what_the_group_gives(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        answer = visitor.get(back)
    assert (answer.status_code, answer.location) == (303, "/set-up?next=/account")
    assert visitor.get("/account").status_code == 302, "nothing opens before a second factor"
    assert site.posts() == {site.post}
    kinds = [kind for kind, _payload in site.journal()]
    assert kinds[-3:] == [Kind.PROVIDER_LINKED, Kind.POST_GIVEN, Kind.SIGNED_IN]
    entry = dict(site.journal())[Kind.SIGNED_IN]
    assert (entry["method"], entry["address"]) == ("provider", "127.0.0.1")
    code = back.split("code=")[1].split("&")[0]
    written = repr(site.journal()) + repr(site.journal("account:unknown")) + caplog.text
    assert code not in written
    assert "eyJ" not in written, "a token"


def test_our_own_second_factor_is_asked_for(site: Site) -> None:
    _with_codes(site)
    visitor = site.visitor()
    site.person(amr=["mfa"])
    assert site.come_in(visitor).location == "/sign-in/code?next=/account"
    site.clock.advance(timedelta(seconds=30))
    answer = visitor.post("/sign-in/code", {"code": code_at(SECRET, site.clock.now()), "next": "/account"})
    assert answer.location == "/account"
    assert visitor.get("/account").status_code == 200
    assert site.open_sessions()[0].vouched_by is not None


@pytest.mark.parametrize(("amr", "acr"), [(["pwd", "otp"], ""), (["hwk"], ""), (["pwd"], "urn:test:two")])
def test_the_provider_s_second_factor_counts_where_it_was_shown(site: Site, amr: list[str], acr: str) -> None:
    _counts(site)
    site.person(amr=amr, acr=acr)
    visitor = site.visitor()
    assert site.come_in(visitor).location == "/account"
    assert visitor.get("/account").status_code == 200


def test_a_password_there_is_no_second_factor_here(site: Site) -> None:
    _counts(site)
    site.person(amr=["pwd"])
    assert site.come_in(site.visitor()).location == "/set-up?next=/account"


def test_the_subject_counts_once_it_is_bound_whatever_the_address(site: Site) -> None:
    site.come_in(site.visitor())
    site.person(email="somebody.else@elsewhere.example", email_verified=False)
    assert site.come_in(site.visitor()).status_code == 303


def test_a_lost_group_takes_away_what_it_gave_and_nothing_else(site: Site) -> None:
    _counts(site)
    site.person(amr=["mfa"])
    first = site.visitor()
    site.come_in(first)
    assert site.posts() == {site.post}
    site.person(amr=["mfa"], groups=["canteen"])
    site.come_in(site.visitor())
    assert site.posts() == set()
    assert first.get("/account").status_code == 200, "the other browser stays, without the post"
    assert [kind for kind, _payload in site.journal()].count(Kind.POST_TAKEN) == 1
    site.person(amr=["mfa"], groups=[GROUP])
    site.come_in(site.visitor())
    assert site.posts() == {site.post}


def test_a_claim_of_groups_that_is_missing_gives_nothing(site: Site) -> None:
    site.person(groups=None)
    assert site.come_in(site.visitor()).status_code == 303
    assert site.posts() == set()


def test_a_new_key_of_the_provider_is_fetched(site: Site) -> None:
    site.come_in(site.visitor())
    site.openid.rotate()
    from_now = site.visitor()
    back = site.back(from_now)
    assert from_now.get(back).status_code == 502, "not more often than every ten seconds"
    site.clock.advance(timedelta(seconds=11))
    assert site.come_in(site.visitor()).status_code == 303


def test_signing_out_here_goes_on_to_the_provider(site: Site) -> None:
    _counts(site)
    site.person(amr=["mfa"])
    visitor, there = site.visitor(), Person(site.openid, "nova")
    site.come_in(visitor, there)
    answer = visitor.post("/sign-out", page="/account")
    assert answer.status_code == 200
    assert "Ministry of Justice" in answer.text
    url = answer.headers["Refresh"].removeprefix("0; url=")
    assert url.startswith(f"{site.openid.issuer}/session/end?")
    assert visitor.get("/account").status_code == 302
    assert site.open_sessions() == []
    assert there.sign_out(url) == f"{site.base_url}/sign-in"


def test_confirming_goes_there_and_asks_anew(site: Site) -> None:
    _counts(site)
    site.person(amr=["mfa"])
    visitor, there = site.visitor(), Person(site.openid, "nova")
    site.come_in(visitor, there)
    page = visitor.get("/confirm?next=/account").text
    assert 'href="/sign-in/with/at/confirm?next=/account"' in page
    away = visitor.get("/sign-in/with/at/confirm?next=/account")
    assert "prompt=login" in away.location
    back = there.sign_in(away.location).removeprefix(site.base_url)
    assert visitor.get(back).location == "/account"
    assert dict(site.journal())[Kind.FACTOR_CONFIRMED]["factor"] == "provider"


def test_nobody_else_can_confirm(site: Site) -> None:
    _counts(site)
    site.person(amr=["mfa"])
    visitor = site.visitor()
    site.come_in(visitor)
    site.person(sub="another", amr=["mfa"])
    away = visitor.get("/sign-in/with/at/confirm?next=/account")
    back = Person(site.openid, "nova").sign_in(away.location).removeprefix(site.base_url)
    assert visitor.get(back).status_code == 403
    assert Kind.FACTOR_CONFIRMED not in dict(site.journal())


def test_only_who_came_by_the_provider_may_confirm_with_it(site: Site) -> None:
    visitor = site.visitor()
    assert visitor.get("/sign-in/with/at/confirm").status_code == 302
    site.come_in(visitor)
    assert visitor.get("/sign-in/with/at/confirm").status_code == 404, "its factor does not count"
