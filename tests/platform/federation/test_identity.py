"""What is read from a provider's claims, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.addresses import RefusedAddress
from comity.federation import identity
from comity.federation.flows import Secrets
from comity.federation.identity import Identity
from comity.federation.metadata import BadMetadata, parse, well_known

ISSUER = "https://idp.example/realms/x"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://idp.example/auth",
    "token_endpoint": "https://idp.example/token",
    "jwks_uri": "https://keys.example/jwks",
    "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"],
}


def _read(claims: dict[str, Any], *, counts: bool = True, path: str = "groups") -> Identity:
    return identity.read(
        {"sub": "s", **claims}, "token", groups_claim=path, counts_factor=counts, acr_values=["urn:two"]
    )


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email": " Nova@Justice.AT ", "email_verified": True}, "nova@justice.at"),
        ({"email": "a@b@c", "email_verified": True}, ""),
        ({"email": "nova@justice.at", "email_verified": "true"}, ""),
        ({"email": "nova@justice.at", "email_verified": 1}, ""),
        ({"email": "nova@justice.at"}, ""),
        ({"email": ["nova@justice.at"], "email_verified": True}, ""),
    ],
)
def test_an_address_counts_only_if_it_is_verified(claims: dict[str, Any], email: str) -> None:
    assert _read(claims).email == email


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": ["otp"]}, True),
        ({"amr": ["hwk"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"acr": "urn:two"}, True),
        ({"acr": "urn:one"}, False),
        ({"acr": ["urn:two"]}, False),
        ({}, False),
    ],
)
def test_a_second_factor_counts_only_if_it_was_shown(claims: dict[str, Any], shown: bool) -> None:
    assert _read(claims).factor is shown
    assert _read(claims, counts=False).factor is False


def test_groups_are_found_by_name_or_path() -> None:
    assert _read({"groups": ["a", 7, "", "b"]}).groups == {"a", "b"}
    assert _read({"groups": "a"}).groups == {"a"}
    assert _read({"realm_access": {"roles": ["r"]}}, path="realm_access.roles").groups == {"r"}
    assert _read({"https://x.example/groups": ["n"]}, path="https://x.example/groups").groups == {"n"}
    assert _read({"groups": {"a": 1}}).groups == frozenset()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_whatever_a_provider_claims_is_read(value: Any) -> None:
    claims = dict.fromkeys(("email", "email_verified", "groups", "amr", "acr", "auth_time", "sid"), value)
    found = _read(claims)
    assert found.email == "" or found.email.count("@") == 1
    assert all(isinstance(group, str) for group in found.groups)


def test_a_description_is_read() -> None:
    found = parse(ISSUER, DOCUMENT, loopback=False)
    assert (found.token_endpoint, found.secret_method) == ("https://idp.example/token", "client_secret_post")
    assert (found.userinfo_endpoint, found.end_session_endpoint, found.names_issuer) == (None, None, False)
    assert well_known(ISSUER + "/") == f"{ISSUER}/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"issuer": "https://idp.example/realms/y"}, BadMetadata),
        ({"issuer": None}, BadMetadata),
        ({"token_endpoint": None}, BadMetadata),
        ({"jwks_uri": 7}, BadMetadata),
        ({"token_endpoint": "http://idp.example/token"}, RefusedAddress),
        ({"jwks_uri": "https://169.254.169.254/latest"}, RefusedAddress),
        ({"end_session_endpoint": "javascript:alert(1)"}, RefusedAddress),
        ({"authorization_endpoint": "https://user@idp.example/"}, RefusedAddress),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, BadMetadata),
        ({"code_challenge_methods_supported": ["plain"]}, BadMetadata),
    ],
)
def test_a_description_that_leads_astray_is_refused(changed: dict[str, Any], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        parse(ISSUER, {**DOCUMENT, **changed}, loopback=False)


def test_what_binds_request_and_answer_comes_from_one_token_and_differs() -> None:
    one, other = Secrets("one"), Secrets("other")
    derived = {one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}
    assert len(derived) == 6
    assert {len(each) for each in derived} == {43}, "RFC 7636, 4.1: at least 43 characters"
    assert Secrets("one").verifier == one.verifier
