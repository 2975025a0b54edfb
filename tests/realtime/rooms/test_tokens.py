"""Access tokens, read with the verifier of LiveKit's own server library."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from livekit.api import TokenVerifier

from comity.rooms import tokens
from comity.rooms.tokens import MediaKey, admin_token, join_token

MEDIA = MediaKey("comity", "a secret of at least thirty-two characters")
METADATA = {"post": "Desk officer", "authority": "مكتب", "authority_id": 7, "state": "JO"}


def join(now: datetime | None = None) -> str:
    return join_token(
        MEDIA,
        room="room-abc",
        identity="post-3.account-5.a1b2c3d4",
        name="Anna Muster",
        metadata=METADATA,
        now=now or datetime.now(UTC),
    )


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def test_livekits_verifier_reads_name_room_and_rights() -> None:
    found = TokenVerifier(MEDIA.key, MEDIA.secret).verify(join())
    assert (found.identity, found.name) == ("post-3.account-5.a1b2c3d4", "Anna Muster")
    assert json.loads(found.metadata) == METADATA
    video = found.video
    assert video is not None
    assert (video.room, video.room_join) == ("room-abc", True)
    assert (video.can_publish, video.can_subscribe, video.can_publish_data) == (True, True, True)
    assert video.can_publish_sources == ["camera", "microphone", "screen_share", "screen_share_audio"]
    assert video.can_update_own_metadata is False


@pytest.mark.parametrize("right", ["room_admin", "room_create", "room_list", "room_record", "hidden", "ingress_admin"])
def test_an_officers_token_gives_no_right_of_an_administrator(right: str) -> None:
    video = TokenVerifier(MEDIA.key, MEDIA.secret).verify(join()).video
    assert video is not None
    assert not getattr(video, right)


def test_it_lives_ten_minutes_and_no_longer() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    found = claims(join(now))
    assert found["exp"] == int((now + timedelta(minutes=10)).timestamp())
    assert int(now.timestamp()) - 60 <= found["nbf"] <= int(now.timestamp())
    with pytest.raises(jwt.ExpiredSignatureError):
        TokenVerifier(MEDIA.key, MEDIA.secret).verify(join(datetime.now(UTC) - timedelta(minutes=12)))


@pytest.mark.parametrize(
    ("key", "secret"),
    [("comity", "another secret of at least thirty-two letters"), ("somebody-else", MEDIA.secret)],
)
def test_another_key_or_issuer_does_not_open(key: str, secret: str) -> None:
    with pytest.raises(jwt.InvalidTokenError):
        TokenVerifier(key, secret).verify(join())


def test_an_administrators_token_names_one_room_and_lives_a_minute() -> None:
    now = datetime.now(UTC)
    found = TokenVerifier(MEDIA.key, MEDIA.secret).verify(admin_token(MEDIA, room="room-abc", now=now))
    assert found.video is not None
    assert (found.video.room, found.video.room_admin, found.video.room_join) == ("room-abc", True, None)
    assert claims(admin_token(MEDIA, room="r", now=now))["exp"] <= now.timestamp() + 60


def test_the_secret_is_not_printed() -> None:
    assert MEDIA.secret not in repr(MEDIA)
    assert timedelta(minutes=10) >= tokens.LIFETIME
