"""Reports of the media server: what is believed, and what is not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import ComityError, Refused
from comity.rooms.tokens import MediaKey, admin_token, join_token
from comity.rooms.webhooks import Occurrence, Report, verify
from tests.realtime.rooms.reports import authorization, body

MEDIA = MediaKey("comity", "a secret of at least thirty-two characters")
OTHER = MediaKey("comity", "another secret of at least thirty-two letters")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WHO = "post-3.account-5.a1b2c3d4"
JOINED = body("participant_joined", "room-abc", identity=WHO, at=NOW)


@pytest.mark.parametrize(
    ("event", "occurrence"),
    [
        ("participant_joined", Occurrence.JOINED),
        ("participant_left", Occurrence.LEFT),
        ("room_finished", Occurrence.FINISHED),
    ],
)
def test_a_signed_report_is_read(event: str, occurrence: Occurrence) -> None:
    content = body(event, "room-abc", identity=WHO, event_id="EV_9", at=NOW)
    found = verify(MEDIA, content, authorization(MEDIA, content, NOW), NOW)
    assert found == Report("EV_9", occurrence, "room-abc", WHO, NOW)


@pytest.mark.parametrize("event", ["room_started", "track_published", "track_unpublished", "of_tomorrow"])
def test_other_kinds_are_taken_and_not_recorded(event: str) -> None:
    content = body(event, "room-abc")
    assert verify(MEDIA, content, authorization(MEDIA, content, NOW), NOW) is None


def test_the_word_bearer_may_stand_before_the_token() -> None:
    assert verify(MEDIA, JOINED, "Bearer " + authorization(MEDIA, JOINED, NOW), NOW) is not None


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param("Bearer", id="no token"),
        pytest.param("not.a.token", id="no JWT"),
        pytest.param(authorization(OTHER, JOINED, NOW), id="signed with another secret"),
        pytest.param(authorization(MEDIA, JOINED, NOW, iss="somebody"), id="another issuer"),
        pytest.param(authorization(MEDIA, b"{}", NOW), id="the hash of another body"),
        pytest.param(authorization(MEDIA, JOINED, NOW, sha256=""), id="an empty hash"),
        pytest.param(authorization(MEDIA, JOINED, NOW, sha256="%%%"), id="a hash that is no Base64"),
        pytest.param(authorization(MEDIA, JOINED, NOW, sha256=7), id="a hash that is no text"),
        pytest.param(authorization(MEDIA, JOINED, NOW - timedelta(hours=1)), id="expired"),
        pytest.param(authorization(MEDIA, JOINED, NOW + timedelta(hours=1)), id="of the future"),
        pytest.param(authorization(MEDIA, JOINED, NOW, exp="soon"), id="an end that is no time"),
        pytest.param(admin_token(MEDIA, room="room-abc", now=NOW), id="a token of another use"),
        pytest.param(
            join_token(MEDIA, room="room-abc", identity=WHO, name="A", metadata={}, now=NOW), id="an officer's token"
        ),
    ],
)
def test_what_is_not_signed_for_this_body_now_is_refused(header: str) -> None:
    with pytest.raises(Refused):
        verify(MEDIA, JOINED, header, NOW)


def test_a_token_without_end_or_without_signature_is_refused() -> None:
    claims = jwt.decode(authorization(MEDIA, JOINED, NOW), options={"verify_signature": False})
    unsigned = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none", "typ": "JWT"}, claims)
    )
    endless = {name: value for name, value in claims.items() if name != "exp"}
    for header in (unsigned + ".", jwt.encode(endless, MEDIA.secret, algorithm="HS256")):
        with pytest.raises(Refused):
            verify(MEDIA, JOINED, header, NOW)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"event": "participant_joined"}',
        b'{"event": "participant_joined", "id": "EV_1"}',
        b'{"event": "participant_joined", "room": {"name": "r"}}',
        json.dumps({"event": "room_finished", "id": "E" * 121, "room": {"name": "r"}}).encode(),
        b'{"event": 7, "id": "EV_1", "room": {"name": "r"}}',
    ],
)
def test_a_signed_body_that_is_no_report_is_an_error_and_no_crash(content: bytes) -> None:
    with pytest.raises(ComityError):
        verify(MEDIA, content, authorization(MEDIA, content, NOW), NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["event", "id", "room", "participant", "createdAt", "created_at", "track", "numDropped"])


@given(st.dictionaries(FIELDS, JSON | st.just({"name": "r"}), max_size=6))
def test_any_signed_json_is_read_or_refused(told: dict[str, Any]) -> None:
    content = json.dumps(told).encode()
    try:
        found = verify(MEDIA, content, authorization(MEDIA, content, NOW), NOW)
    except ComityError:
        return
    assert found is None or found.room
