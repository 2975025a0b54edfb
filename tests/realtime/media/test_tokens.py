"""Access tokens: what is accepted, what is refused, and that a reason never holds the token."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest
from livekit import api
from livekit.protocol import models

from comity.media import tokens
from comity.media.errors import TokenRefused
from comity.media.tokens import Claims, Grants

KEY, SECRET, NOW = "comity", "an-hmac-secret-of-forty-characters-indeed", 1_800_000_000.0
GRANTS = Grants(room="r", room_join=True, publish_sources=frozenset({models.TrackSource.MICROPHONE}))
CLAIMS = Claims("officer", GRANTS, name="An Officer", attributes={"state": "FR"})


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    payload = {"iss": KEY, "sub": "officer", "exp": NOW + 60, "video": {"room": "r", "roomJoin": True}} | changes
    return jwt.encode({k: v for k, v in payload.items() if v is not None}, secret, algorithm=algorithm)


def test_reads_back_what_it_mints() -> None:
    token = tokens.mint(CLAIMS, KEY, SECRET, NOW, 600)
    assert tokens.verify(token, KEY, SECRET, NOW + 500) == replace(CLAIMS, issued_at=NOW)


def test_reads_the_tokens_of_livekits_own_library() -> None:
    grants = api.VideoGrants(room_join=True, room="r", can_publish=False, can_publish_sources=["camera"])
    token = api.AccessToken(KEY, SECRET).with_identity("officer").with_name("N").with_grants(grants).to_jwt()
    claims = tokens.verify(token, KEY, SECRET, time.time())
    assert (claims.identity, claims.name, claims.grants.room, claims.grants.can_publish) == ("officer", "N", "r", False)
    assert claims.grants.publish_sources == {models.TrackSource.CAMERA}


def test_livekits_own_library_reads_ours() -> None:
    claims = api.TokenVerifier(KEY, SECRET).verify(tokens.mint(CLAIMS, KEY, SECRET, time.time(), 60))
    assert claims.identity == "officer"
    assert claims.video is not None
    assert claims.video.can_publish_sources == ["microphone"]


def test_what_is_not_said_is_allowed_for_media_and_denied_for_administration() -> None:
    grants = tokens.verify(signed(), KEY, SECRET, NOW).grants
    assert (grants.can_publish, grants.can_subscribe, grants.can_publish_data) == (True, True, True)
    assert [grants.room_admin, grants.room_create, grants.room_list, grants.can_update_own_metadata] == [False] * 4


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x" * 20_000,
        "no.token.atall",
        signed(secret="another-secret-that-is-long-enough-too!!"),
        signed(iss="someone-else"),
        signed(iss=None),
        signed(exp=None),
        signed(exp=NOW - 10),
        signed(nbf=NOW + 10),
        signed(exp="soon"),
        signed(exp=True),
        signed(sub=7),
        signed(sub="x" * 300),
        signed(video=[]),
        signed(video={"room": "r", "roomJoin": "yes"}),
        signed(video={"room": 7}),
        signed(video={"canPublishSources": ["kitchen"]}),
        signed(attributes={"a": 1}),
        signed(algorithm="HS512", secret=SECRET * 2),
        jwt.encode({"iss": KEY, "sub": "officer", "exp": NOW + 60}, "", algorithm="none"),
    ],
)
def test_refuses(token: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        tokens.verify(token, KEY, SECRET, NOW)
    assert not token or token not in str(refused.value)


def test_allows_clocks_to_differ_by_seconds() -> None:
    assert tokens.verify(signed(exp=NOW - 4, nbf=NOW - 100), KEY, SECRET, NOW).identity == "officer"
    assert tokens.verify(signed(nbf=NOW + 4), KEY, SECRET, NOW).identity == "officer"


def test_a_refreshed_token_carries_the_present_permission() -> None:
    permission = models.ParticipantPermission(can_subscribe=True, can_publish=False)
    grants = tokens.refreshed(CLAIMS, permission).grants
    assert grants == Grants(room="r", room_join=True, can_publish=False, can_publish_data=False)


def test_a_webhook_is_vouched_for_by_the_digest_of_its_body() -> None:
    payload = jwt.decode(tokens.sign_body(b"{}", KEY, SECRET, time.time()), SECRET, algorithms=["HS256"], issuer=KEY)
    assert payload["sha256"] == base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
