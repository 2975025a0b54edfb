"""Whom a provider vouches for, read from its claims. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_SECOND_FACTORS = frozenset({"mfa", "hwk", "otp"})
"""Authentication methods that are a second factor (RFC 8176, 2)."""

_MOST_GROUPS, _LONGEST_GROUP = 500, 300


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came. email: in lower case; empty where there is none, or none that the provider has verified.

    groups: as the provider names them. factor: whether its second factor was shown and counts here. proved_at: when the
    person proved who they are, where the provider says so. token: the id_token itself, for the way out.
    """

    subject: str
    email: str
    groups: frozenset[str]
    factor: bool
    proved_at: datetime | None
    sid: str | None
    token: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


def needs_more(claims: Mapping[str, Any], groups_claim: str) -> bool:
    """Whether the id_token leaves out what the userinfo endpoint may tell."""
    return "email" not in claims or "email_verified" not in claims or _at(claims, groups_claim) is None


def read(
    claims: Mapping[str, Any], token: str, *, groups_claim: str, counts_factor: bool, acr_values: Iterable[str]
) -> Identity:
    """The identity in the claims of an id_token, filled up with those of the userinfo endpoint."""
    at, sid = claims.get("auth_time"), claims.get("sid")
    return Identity(
        subject=claims["sub"],
        email=_verified_email(claims),
        groups=_groups(_at(claims, groups_claim)),
        factor=counts_factor and _showed_factor(claims, frozenset(acr_values)),
        proved_at=datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 2**33 else None,
        sid=sid if isinstance(sid, str) and 0 < len(sid) <= 255 else None,
        token=token,
    )


def _verified_email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return ""
    cleaned = email.strip().lower()
    return cleaned if cleaned.count("@") == 1 else ""


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by names with dots between them: `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _groups(value: Any) -> frozenset[str]:
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(
        group for group in listed[:_MOST_GROUPS] if isinstance(group, str) and 0 < len(group) <= _LONGEST_GROUP
    )


def _showed_factor(claims: Mapping[str, Any], acr_values: frozenset[str]) -> bool:
    """By a method that is one, or by a class of authentication that the provider was configured with."""
    methods = claims.get("amr")
    if isinstance(methods, list) and any(method in _SECOND_FACTORS for method in methods if isinstance(method, str)):
        return True
    acr = claims.get("acr")
    return isinstance(acr, str) and acr in acr_values
