"""Access tokens as LiveKit clients carry them: JSON Web Tokens with HS256 (RFC 7519; RFC 7518, section 3.2). Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import jwt
from livekit.protocol import models

from .errors import TokenRefused

LEEWAY = 5.0  # seconds two clocks may differ
MAX_TOKEN = 16_384
MAX_IDENTITY = 256
WEBHOOK_LIFETIME = 300

SOURCES = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
_SOURCE_NAMES: dict[int, str] = {number: name for name, number in SOURCES.items()}


@dataclass(frozen=True, slots=True)
class Grants:
    """What a token allows (the `video` claim). An empty `publish_sources` allows every source."""

    room: str = ""
    room_join: bool = False
    room_create: bool = False
    room_list: bool = False
    room_admin: bool = False
    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    can_update_own_metadata: bool = False
    publish_sources: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Claims:
    """A verified token. issued_at: when it became valid, seconds since 1970 (0 when it does not say)."""

    identity: str
    grants: Grants
    name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    issued_at: float = 0.0


def verify(token: str, key: str, secret: str, now: float) -> Claims:
    """Check a token and read its claims.

    key: the issuer it must name. now: seconds since 1970.
    Raises TokenRefused, with a reason that never holds the token. The signature is compared in constant time.
    """
    if not token or len(token) > MAX_TOKEN:
        raise TokenRefused("no access token" if not token else "access token too long")
    # times are checked below against the clock we are given
    options = {"require": ["exp", "iss"], "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        payload = jwt.decode(token, secret, algorithms=["HS256"], issuer=key, options=cast(Any, options))
    except jwt.InvalidTokenError as error:
        raise TokenRefused(f"invalid access token ({type(error).__name__})") from None
    expires, valid_from = _time(payload, "exp"), _time(payload, "nbf")
    if now > expires + LEEWAY:
        raise TokenRefused("access token has expired")
    if now < valid_from - LEEWAY:
        raise TokenRefused("access token is not valid yet")
    return Claims(
        identity=_text(payload, "sub", MAX_IDENTITY),
        grants=_grants(payload.get("video")),
        name=_text(payload, "name", MAX_IDENTITY),
        metadata=_text(payload, "metadata", MAX_TOKEN),
        attributes=_attributes(payload.get("attributes")),
        issued_at=max(_time(payload, "iat"), valid_from),
    )


def mint(claims: Claims, key: str, secret: str, now: float, lifetime: int) -> str:
    """Write a token that `verify` reads back as `claims`, valid for `lifetime` seconds from `now`."""
    grants = claims.grants
    video: dict[str, Any] = {
        "room": grants.room,
        "roomJoin": grants.room_join,
        "canPublish": grants.can_publish,
        "canSubscribe": grants.can_subscribe,
        "canPublishData": grants.can_publish_data,
        "canUpdateOwnMetadata": grants.can_update_own_metadata,
    }
    if grants.publish_sources:
        video["canPublishSources"] = sorted(_SOURCE_NAMES[source] for source in grants.publish_sources)
    for name, granted in (
        ("roomAdmin", grants.room_admin),
        ("roomCreate", grants.room_create),
        ("roomList", grants.room_list),
    ):
        if granted:
            video[name] = True
    payload = {
        "iss": key,
        "sub": claims.identity,
        "name": claims.name,
        "metadata": claims.metadata,
        "attributes": dict(claims.attributes),
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now) + lifetime,
        "video": video,
    }
    return jwt.encode(payload, secret, algorithm="HS256")


def refreshed(claims: Claims, permission: models.ParticipantPermission) -> Claims:
    """The claims a participant may come back with: those of its token under its present permission."""
    return replace(
        claims,
        grants=replace(
            claims.grants,
            can_publish=permission.can_publish,
            can_subscribe=permission.can_subscribe,
            can_publish_data=permission.can_publish_data,
            can_update_own_metadata=permission.can_update_metadata,
            publish_sources=frozenset(permission.can_publish_sources),
        ),
    )


def sign_body(body: bytes, key: str, secret: str, now: float) -> str:
    """A token that vouches for a webhook's body by its SHA-256."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    payload = {"iss": key, "nbf": int(now), "exp": int(now) + WEBHOOK_LIFETIME, "sha256": digest}
    return jwt.encode(payload, secret, algorithm="HS256")


def _time(payload: Mapping[str, Any], name: str) -> float:
    value = payload.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(f"claim {name} is no time")
    return float(value)


def _text(payload: Mapping[str, Any], name: str, limit: int) -> str:
    value = payload.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise TokenRefused(f"claim {name} is no text of at most {limit} characters")
    return value


def _attributes(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for pair in value.items() for item in pair):
        raise TokenRefused("claim attributes is no object of texts")
    return dict(value)


def _grants(video: object) -> Grants:
    if video is None:
        return Grants()
    if not isinstance(video, dict):
        raise TokenRefused("claim video is no object")

    def allowed(name: str, default: bool = False) -> bool:
        value = video.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise TokenRefused(f"grant {name} is no boolean")
        return value

    names = video.get("canPublishSources") or []
    if not isinstance(names, list) or not all(isinstance(name, str) and name.lower() in SOURCES for name in names):
        raise TokenRefused("grant canPublishSources names an unknown source")
    return Grants(
        room=_text(video, "room", MAX_IDENTITY),
        room_join=allowed("roomJoin"),
        room_create=allowed("roomCreate"),
        room_list=allowed("roomList"),
        room_admin=allowed("roomAdmin"),
        can_publish=allowed("canPublish", True),
        can_subscribe=allowed("canSubscribe", True),
        can_publish_data=allowed("canPublishData", True),
        can_update_own_metadata=allowed("canUpdateOwnMetadata"),
        publish_sources=frozenset(SOURCES[name.lower()] for name in names),
    )
