"""Who is in a room, from what the media server lists."""

from __future__ import annotations

import pytest
from livekit.protocol.models import ParticipantInfo, ParticipantPermission

from comity.core.actor import PostRef
from comity.rooms.presence import Present, described, present

POST = PostRef(3, "Desk officer", 7, "Office of the Attorney General", "TH", "Asia/Bangkok")
TOLD = '{"authority_id": 7, "authority": "Office of the Attorney General"}'


def test_what_a_post_tells_the_others() -> None:
    assert described(POST) == {
        "post": "Desk officer",
        "authority_id": 7,
        "authority": "Office of the Attorney General",
        "state": "TH",
    }


def test_those_in_the_room_stand_by_authority_and_name() -> None:
    found = present(
        [
            ParticipantInfo(identity="c", name="Zoe", metadata=TOLD),
            ParticipantInfo(
                identity="a", name="Anna", metadata='{"authority_id": 2, "authority": "Central Authority"}'
            ),
            ParticipantInfo(identity="b", name="Adam", metadata=TOLD),
        ]
    )
    assert found == [
        Present("a", "Anna", 2, "Central Authority"),
        Present("b", "Adam", 7, "Office of the Attorney General"),
        Present("c", "Zoe", 7, "Office of the Attorney General"),
    ]


def test_who_is_hidden_or_gone_is_not_shown() -> None:
    hidden = ParticipantInfo(identity="h", permission=ParticipantPermission(hidden=True))
    gone = ParticipantInfo(identity="g", state=ParticipantInfo.DISCONNECTED)
    assert present([hidden, gone]) == []


@pytest.mark.parametrize("metadata", ["", "{", "[]", "7", '"x"', '{"authority_id": "7"}', '{"authority_id": null}'])
def test_metadata_of_somebody_else_does_no_harm(metadata: str) -> None:
    assert present([ParticipantInfo(identity="robot", metadata=metadata)]) == [Present("robot", "robot", 0, "")]
