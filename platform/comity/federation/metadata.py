"""A provider's description of itself (OpenID Connect Discovery 1.0, 3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.discovery import get_well_known_url

from comity.core.addresses import checked_url

SECRET_METHODS = ("client_secret_basic", "client_secret_post")
"""How we show the client's secret, what we prefer first (OpenID Connect Core 1.0, 9)."""


class BadMetadata(ValueError):
    """What the provider says of itself cannot be used. The text says why."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where to go for what. names_issuer: whether each answer must name the issuer (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    secret_method: str
    names_issuer: bool


def well_known(issuer: str) -> str:
    """Where the description stands (Discovery 1.0, 4)."""
    return str(get_well_known_url(issuer, external=True))


def parse(issuer: str, document: Mapping[str, Any], *, loopback: bool) -> Metadata:
    """Read a description. issuer: as configured; the document must say the same. Raises BadMetadata, RefusedAddress.

    loopback: see `addresses.checked_url`.
    """
    if document.get("issuer") != issuer:
        raise BadMetadata("the provider names another issuer")
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    method = next((each for each in SECRET_METHODS if isinstance(methods, list) and each in methods), None)
    if method is None:
        raise BadMetadata("the provider takes no client secret")
    challenges = document.get("code_challenge_methods_supported")
    if isinstance(challenges, list) and "S256" not in challenges:
        raise BadMetadata("the provider does not support PKCE with S256")

    def endpoint(name: str) -> str | None:
        value = document.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise BadMetadata(f"{name} is no URL")
        checked_url(value, loopback=loopback)
        return value

    def required(name: str) -> str:
        found = endpoint(name)
        if found is None:
            raise BadMetadata(f"{name} is missing")
        return found

    return Metadata(
        issuer=issuer,
        authorization_endpoint=required("authorization_endpoint"),
        token_endpoint=required("token_endpoint"),
        jwks_uri=required("jwks_uri"),
        userinfo_endpoint=endpoint("userinfo_endpoint"),
        end_session_endpoint=endpoint("end_session_endpoint"),
        secret_method=method,
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )
