"""Tokens that a provider signed: the id_token (OpenID Connect Core 1.0, 3.1.3.7) and the logout token (Back-Channel
Logout 1.0, 2.6). Pure: keys and the instant are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, RSAKey, import_key
from joserfc.jws import JWSRegistry

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a key pair alone: neither `none` nor what anybody who knows the client's secret could make."""

LEEWAY = 60
"""Seconds that the provider's clock may be off."""

LOGOUT_LASTS = timedelta(minutes=10)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST, _LONGEST_SUBJECT, _FEWEST_RSA_BITS = 16_384, 255, 2048
_KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}


class BadToken(ValueError):
    """The token does not hold. The text says why, without anything of its content."""


class UnknownKey(BadToken):
    """The token was signed with a key that is not among those given: the provider may have a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must be about. nonce: of the sign-in. access_token: that came along."""

    issuer: str
    client_id: str
    nonce: str = ""
    access_token: str = ""


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Who signed out at the provider: at least one of sub and sid is there. jti: of the token. expires_at: of it."""

    subject: str | None
    sid: str | None
    jti: str
    expires_at: datetime


def read_id_token(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, now: datetime) -> dict[str, Any]:
    """The claims of an id_token that holds. keys: JSON Web Keys (RFC 7517). Raises BadToken, UnknownKey."""
    header, claims = _verified(token, keys)
    options = _about(expected)
    params = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
    if not expected.nonce:
        raise BadToken("no nonce was expected")
    _validate(CodeIDToken(claims, header, options, params), now)
    _require_text(claims, "sub")
    return claims


def read_logout_token(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, now: datetime) -> LoggedOut:
    """Who signed out, by a logout token that holds. Raises BadToken, UnknownKey."""
    header, claims = _verified(token, keys)
    if str(header.get("typ", "logout+jwt")).lower() not in {"logout+jwt", "jwt"}:
        raise BadToken("it is of another type")
    options = {**_about(expected), **{name: {"essential": True} for name in ("iat", "exp", "jti")}}
    _validate(JWTClaims(claims, header, options), now)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise BadToken("it is about no logout")
    if "nonce" in claims:
        raise BadToken("it has a nonce, which no logout token has")
    if claims["exp"] - claims["iat"] > LOGOUT_LASTS.total_seconds():
        raise BadToken("it is good for too long")
    _require_text(claims, "jti")
    for name in ("sub", "sid"):
        if name in claims:
            _require_text(claims, name)
    if "sub" not in claims and "sid" not in claims:
        raise BadToken("it names nobody")
    end = datetime.fromtimestamp(claims["exp"], tz=now.tzinfo) + timedelta(seconds=LEEWAY)
    return LoggedOut(claims.get("sub"), claims.get("sid"), claims["jti"], end)


def _verified(token: str, keys: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose signature fits one of the keys."""
    if len(token) > _LONGEST or token.count(".") != 2:
        raise BadToken("it is no signed token")
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        found = jwt.decode(token, lambda signed: _key(signed.headers(), keys), list(ALGORITHMS), registry)
    except UnknownKey:
        raise
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadToken(f"its signature does not hold ({type(problem).__name__})") from None
    return dict(found.header), dict(found.claims)


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Key:
    """The key that a header names; without a name, the only one there is."""
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise BadToken("its algorithm is not allowed")
    kind = _KEY_TYPES[str(algorithm)[:2]]
    usable = [key for key in keys if key.get("kty") == kind and key.get("use", "sig") == "sig"]
    if (kid := header.get("kid")) is not None:
        usable = [key for key in usable if key.get("kid") == kid]
    if len(usable) != 1:
        raise UnknownKey("its key is not known")
    key = import_key({name: value for name, value in usable[0].items() if isinstance(value, str)})
    if isinstance(key, RSAKey) and key.public_key.key_size < _FEWEST_RSA_BITS:
        raise BadToken("its key is too short")
    return key


def _about(expected: Expected) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
    }


def _validate(claims: JWTClaims, now: datetime) -> None:
    instant = int(now.timestamp())
    for name in ("iat", "exp"):
        if isinstance(claims.get(name), bool) or not isinstance(claims.get(name), int | float):
            raise BadToken(f"{name} is no instant")
    try:
        claims.validate(instant, LEEWAY)
    except (JoseError, ValueError, TypeError) as problem:
        raise BadToken(f"a claim does not hold ({_named(problem)})") from None
    if claims["exp"] <= instant - LEEWAY:
        raise BadToken("it has expired")
    if claims["iat"] > instant + LEEWAY:
        raise BadToken("it is from the future")


def _named(problem: Exception) -> str:
    """The claim that a problem is about, as joserfc names it: never the claim's value."""
    return str(getattr(problem, "claim", "") or type(problem).__name__)


def _require_text(claims: Mapping[str, Any], name: str) -> None:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_SUBJECT:
        raise BadToken(f"{name} is no text that fits")
