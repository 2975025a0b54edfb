"""Every signal message with any content: handled or refused, never an unforeseen error."""

from __future__ import annotations

import asyncio
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st
from livekit.protocol import models, rtc

from comity.media.errors import BadRequest
from comity.media.icelite import IceMux
from comity.media.rooms import Rooms
from comity.media.signal_handlers import HANDLERS, MAX_TRACKS
from comity.media.tokens import Claims, Grants

from .harness import SETTINGS
from .packets import offer

TEXTS = ["", "TR_1", "cam", "mic", "offer", "x" * 300, "\0", "ü" * 40, "b"]
OFFERS = ["", "v=0\r\n", *map(offer, ("chromium_join", "native_publish", "firefox"))]


class Socket:
    """A signalling socket that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[rtc.SignalResponse] = []

    def send(self, response: rtc.SignalResponse) -> None:
        self.sent.append(rtc.SignalResponse.FromString(response.SerializeToString()))

    def close(self) -> None:
        self.sent.append(rtc.SignalResponse())


def value(draw: st.DrawFn, field: FieldDescriptor, depth: int) -> Any:
    if field.message_type is not None:
        return filled(draw, field.message_type, depth + 1)
    if field.type == FieldDescriptor.TYPE_STRING:
        return draw(st.sampled_from(OFFERS if field.name == "sdp" else TEXTS))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return draw(st.binary(max_size=9))
    if field.type == FieldDescriptor.TYPE_BOOL:
        return draw(st.booleans())
    if field.type in (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE):
        return draw(st.floats(allow_nan=True, width=32))
    return draw(st.sampled_from([0, 1, 2, 3, 99, 2**31 - 1]))


def filled(draw: st.DrawFn, descriptor: Any, depth: int = 0) -> dict[str, Any]:
    """Field values for one message; maps and deep nesting are left out."""
    chosen: dict[str, Any] = {}
    for field in descriptor.fields:
        repeated = field.is_repeated
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if field.containing_oneof is not None or is_map or (depth > 2 and field.message_type) or draw(st.booleans()):
            continue
        chosen[field.name] = [value(draw, field, depth)] if repeated else value(draw, field, depth)
    return chosen


@st.composite
def messages(draw: st.DrawFn) -> rtc.SignalRequest:
    name = draw(st.sampled_from(sorted(HANDLERS)))
    field = rtc.SignalRequest.DESCRIPTOR.fields_by_name[name]
    content: Any = filled(draw, field.message_type) if field.message_type is not None else draw(st.integers(0, 2**40))
    fields: dict[str, Any] = {name: content}
    request = rtc.SignalRequest(**fields)
    if field.message_type is not None:
        getattr(request, name).SetInParent()
    return request


async def converse(requests: list[rtc.SignalRequest]) -> None:
    mux = IceMux(SETTINGS)
    mux.start()
    rooms = Rooms(SETTINGS, mux, lambda event, **details: None)
    grants = Grants(room="r", room_join=True, can_update_own_metadata=True)
    try:
        room, other = await rooms.join(Claims("b", grants), Socket(), True)
        room, participant = await rooms.join(Claims("a", grants), Socket(), True)
        for request in requests:
            name = request.WhichOneof("message")
            assert name is not None
            try:
                HANDLERS[name](rooms, room, participant, getattr(request, name))
            except BadRequest:
                continue
            await rooms.tick()
            assert len(participant.tracks) + len(participant.pending) <= MAX_TRACKS
            participant.info().SerializeToString()
        assert other.state != models.ParticipantInfo.DISCONNECTED
    finally:
        await rooms.shut_down()
        mux.close()


@settings(max_examples=150, deadline=None)
@given(st.lists(messages(), max_size=12))
def test_any_message_is_handled_or_refused(requests: list[rtc.SignalRequest]) -> None:
    asyncio.run(converse(requests))
