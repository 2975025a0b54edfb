"""The join request in the address: packed or not, and never larger than it may be."""

from __future__ import annotations

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import rtc

from comity.media import join_request
from comity.media.errors import BadRequest


def wrap(content: bytes, compress: bool = True) -> str:
    kind = rtc.WrappedJoinRequest.Compression.GZIP if compress else rtc.WrappedJoinRequest.Compression.NONE
    wrapped = rtc.WrappedJoinRequest(compression=kind, join_request=gzip.compress(content) if compress else content)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")


@pytest.mark.parametrize("compress", [True, False])
def test_reads_what_clients_send(compress: bool) -> None:
    request = rtc.JoinRequest(participant_sid="PA_x", metadata="m" * 5000)
    assert join_request.decode(wrap(request.SerializeToString(), compress)) == request


def test_an_absent_one_is_empty() -> None:
    assert join_request.decode("") == rtc.JoinRequest()


@pytest.mark.parametrize(
    "text",
    [
        wrap(bytes(join_request.MAX_JOIN_REQUEST + 1)),
        wrap(bytes(100_000_000)),
        "A" * 200_000,
        wrap(b"\xff\xff\xff"),
        "!!!",
        wrap(rtc.JoinRequest(metadata="x").SerializeToString())[:-12],
        base64.urlsafe_b64encode(
            rtc.WrappedJoinRequest(compression="GZIP", join_request=b"no gzip").SerializeToString()
        ).decode(),
        base64.urlsafe_b64encode(
            rtc.WrappedJoinRequest(compression="GZIP", join_request=gzip.compress(b"x" * 99)[:-9]).SerializeToString()
        ).decode(),
    ],
    ids=["long", "bomb", "address", "nonsense", "alphabet", "cut", "plain", "truncated"],
)
def test_refuses(text: str) -> None:
    with pytest.raises(BadRequest):
        join_request.decode(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(data: bytes) -> None:
    try:
        read = join_request.decode(base64.urlsafe_b64encode(data).decode())
    except BadRequest:
        return
    assert isinstance(read, rtc.JoinRequest)
