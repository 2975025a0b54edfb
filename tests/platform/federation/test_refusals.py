"""Everything that must not open: answers that do not hold, strangers, other people's accounts. With a real provider."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from comity.core.actor import Role
from comity.directory.posts import Post, appoint
from comity.federation import registry
from comity.federation.models import ProviderSubject
from comity.federation.registry import New
from comity.people.events import Kind
from comity.people.models import Account, SignInSession
from comity.people.services import invite
from tests.platform.federation.conftest import DOMAIN, NOVA, Site
from tests.support.openid.server import Person
from tests.support.people import THAILAND
from tests.support.stack import free_ports

_PAST = int(time.time()) - 3600
UNTRUSTED: dict[str, dict[str, Any]] = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "alg none": {"header": {"alg": "none"}},
    "signed with the client's secret": {"header": {"alg": "HS256"}, "secret": "known to both sides, and so to neither"},
    "wrong audience": {"claims": {"aud": "another-client"}},
    "several audiences without azp": {"claims": {"aud": ["another-client"], "azp": None}},
    "another azp": {"claims": {"azp": "another-client"}},
    "expired": {"claims": {"exp": _PAST, "iat": _PAST - 600}},
    "from the future": {"claims": {"iat": _PAST + 90_000, "exp": _PAST + 95_000}},
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "another subject than userinfo": {"claims": {"sub": "somebody-else"}},
    "an unknown key": {"header": {"kid": "nobody-s"}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "no expiry": {"claims": {"exp": None}},
}


def _nothing_happened(site: Site) -> bool:
    """No session, no binding, no post."""
    with site.database.reading() as session:
        bound = session.scalar(select(func.count()).select_from(ProviderSubject))
        opened = session.scalar(select(func.count()).select_from(SignInSession))
    return (bound, opened) == (0, 0) and site.posts() == set()


@pytest.mark.parametrize("wrong", UNTRUSTED.values(), ids=UNTRUSTED.keys())
def test_an_answer_that_does_not_hold_opens_nothing(site: Site, wrong: dict[str, Any]) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    site.openid.spoil(**wrong)
    answer = visitor.get(back)
    assert answer.status_code == 502
    assert "could not be trusted" in answer.text
    assert _nothing_happened(site)
    kind, payload = site.journal("account:unknown")[-1]
    assert kind == Kind.PROVIDER_REFUSED
    assert payload["provider"] == "at"
    assert payload["address"] == "127.0.0.1"


def test_a_wrong_state_opens_nothing_and_leaves_the_way_open(site: Site) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    state = back.split("state=")[1].split("&")[0]
    assert visitor.get(back.replace(state, "x" * len(state))).status_code == 409
    assert visitor.get(back.replace(f"state={state}", "")).status_code == 409
    assert _nothing_happened(site)
    assert visitor.get(back).status_code == 303


def test_an_answer_is_good_once(site: Site) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 409


def test_another_browser_cannot_use_an_answer(site: Site) -> None:
    back = site.back(site.visitor())
    other = site.visitor()
    assert other.get(back).status_code == 409
    site.back(other)
    assert other.get(back).status_code == 409, "not even on a way of its own"
    assert _nothing_happened(site)


def test_a_code_that_was_used_is_refused(site: Site) -> None:
    first, second = site.visitor(), site.visitor()
    back = site.back(first)
    assert first.get(back).status_code == 303
    code, state = back.split("code=")[1].split("&")[0], "state="
    own = site.back(second)
    stolen = own.replace(own.split("code=")[1].split("&")[0], code)
    assert state in stolen
    assert second.get(stolen).status_code == 502
    assert len(site.open_sessions()) == 1


def test_an_answer_that_comes_too_late_opens_nothing(site: Site) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    site.clock.advance(timedelta(minutes=15))
    assert visitor.get(back).status_code == 409


def test_an_answer_that_names_another_issuer_opens_nothing(site: Site) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    assert visitor.get(back.partition("&iss=")[0] + "&iss=https://elsewhere.example").status_code == 502
    visitor = site.visitor()
    assert visitor.get(site.back(visitor).partition("&iss=")[0]).status_code == 502, "it promised to name itself"


def test_whom_the_provider_denies_is_told_so(site: Site) -> None:
    answer = site.come_in(site.visitor(), Person(site.openid, "nobody"))
    assert answer.status_code == 403
    assert "did not let you in" in answer.text
    assert 'href="/sign-in/with/at"' in answer.text


def test_a_stranger_gets_no_account(bare: Site) -> None:
    with bare.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Account))
    answer = bare.come_in(bare.visitor())
    assert answer.status_code == 403
    assert "by invitation" in answer.text
    with bare.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == before
    assert bare.journal("account:unknown")[-1][1]["reason"] == "no-account"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_unverified_address_links_to_nothing(site: Site, verified: object) -> None:
    site.person(email_verified=verified)
    answer = site.come_in(site.visitor())
    assert answer.status_code == 403
    assert "has not verified your e-mail address" in answer.text
    assert _nothing_happened(site)


def test_a_changed_subject_is_refused(site: Site) -> None:
    assert site.come_in(site.visitor()).status_code == 303
    site.person(sub="another-person-with-the-same-address")
    answer = site.come_in(site.visitor())
    assert answer.status_code == 403
    assert "known here as somebody else" in answer.text
    assert dict(site.journal())[Kind.PROVIDER_REFUSED]["reason"] == "other-subject"


def test_another_authority_s_person_is_not_opened(site: Site) -> None:
    site.person(email=THAILAND)
    assert site.come_in(site.visitor()).status_code == 403, "an address outside the provider's domains"
    with site.database.writing() as session:
        post = session.scalars(select(Post).where(Post.authority_id != session.get_one(Post, site.post).authority_id))
        appoint(session, post.first() or Post(), session.get_one(Account, site.account().id), site.clock.now())
    site.person()
    answer = site.come_in(site.visitor())
    assert answer.status_code == 403, "holds a post elsewhere"
    assert "by invitation" in answer.text
    assert dict(site.journal())[Kind.PROVIDER_REFUSED]["reason"] == "holds-elsewhere"
    assert site.open_sessions() == []


def test_no_provider_opens_an_account_with_a_role(bare: Site) -> None:
    with bare.database.writing() as session:
        invite(session, NOVA, "Nova Muster", "en", "Europe/Vienna", (Role.SECRETARIAT,), bare.clock.now())
    assert bare.come_in(bare.visitor()).status_code == 403
    assert dict(bare.journal())[Kind.PROVIDER_REFUSED]["reason"] == "has-role"


def test_a_closed_account_stays_closed(site: Site) -> None:
    site.come_in(site.visitor())
    with site.database.writing() as session:
        session.get_one(Account, site.account().id).closed_at = site.clock.now()
    assert site.come_in(site.visitor()).status_code == 403


def test_a_provider_that_is_down_is_named(site: Site) -> None:
    key = site.application.extensions["comity"].config.secret_key
    port = free_ports(1)[0]
    with site.database.writing() as session:
        authority = session.get_one(Post, site.post).authority.code
        new = New("down", authority, "The ministry next door", f"http://127.0.0.1:{port}", "c", "s", (DOMAIN,))
        registry.add(session, new, site.clock.now(), secret_key=key)
    answer = site.visitor().get("/sign-in/with/down")
    assert answer.status_code == 502
    assert "The ministry next door did not answer" in answer.text
    assert str(port) not in answer.text


def test_a_provider_that_breaks_at_the_token_endpoint_opens_nothing(site: Site) -> None:
    visitor = site.visitor()
    back = site.back(visitor)
    site.openid.spoil(status=500)
    assert visitor.get(back).status_code == 502
    assert _nothing_happened(site)


@pytest.mark.parametrize("path", ["", "/back?code=x&state=y", "/confirm"])
def test_a_provider_that_there_is_not_is_nothing(site: Site, path: str) -> None:
    visitor = site.visitor()
    site.come_in(visitor)
    assert visitor.get(f"/sign-in/with/nobody{path}").status_code == 404
