"""Every way into the media server has a row that says what it takes; what has none is refused."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc
from livekit.protocol import room as room_messages

from comity.media import access
from comity.media.access import ACCESS, Need
from comity.media.errors import AccessDenied
from comity.media.room_service import METHODS
from comity.media.rooms import Rooms
from comity.media.server import create_app
from comity.media.settings import MediaSettings
from comity.media.signal_handlers import HANDLERS
from comity.media.tokens import Claims, Grants

SIGNALS = [field.name for field in rtc.SignalRequest.DESCRIPTOR.oneofs_by_name["message"].fields]
TWIRP = list(room_messages.DESCRIPTOR.services_by_name["RoomService"].methods_by_name)


def routes(rooms: Rooms) -> list[str]:
    found = []
    for resource in create_app(rooms).router.resources():
        found.append(f"http:{resource.canonical}")
    return found


def test_every_route_signal_and_method_has_a_row(rooms: Rooms) -> None:
    reachable = routes(rooms) + [f"signal:{name}" for name in HANDLERS] + [f"twirp:{name}" for name in METHODS]
    assert set(reachable) <= set(ACCESS)
    assert {name for name in ACCESS if not name.startswith("data:")} == set(reachable)


def test_only_the_health_check_is_open() -> None:
    assert [name for name, row in ACCESS.items() if row is Need.NOTHING] == ["http:/healthz"]


@pytest.mark.parametrize("name", sorted(set(SIGNALS) - set(HANDLERS)))
def test_a_signal_without_a_row_is_refused(name: str) -> None:
    everything = models.ParticipantPermission(can_publish=True, can_subscribe=True, can_publish_data=True)
    with pytest.raises(AccessDenied):
        access.check_participant(f"signal:{name}", everything)


@pytest.mark.parametrize("name", sorted(set(TWIRP) - set(METHODS)))
def test_a_method_without_a_row_is_refused(name: str) -> None:
    with pytest.raises(AccessDenied):
        access.check_token(f"twirp:{name}", Claims("x", Grants(room="r", room_admin=True)), "r")


OTHERS = {
    Need.JOIN: Grants(room="r", room_admin=True, room_create=True, room_list=True),
    Need.ROOM_ADMIN: Grants(room="other", room_join=True, room_admin=True, room_create=True, room_list=True),
    Need.ROOM_CREATE: Grants(room="r", room_join=True, room_admin=True, room_list=True),
    Need.ROOM_LIST: Grants(room="r", room_join=True, room_admin=True, room_create=True),
}
ENOUGH = {
    Need.JOIN: Grants(room="r", room_join=True),
    Need.ROOM_ADMIN: Grants(room="r", room_admin=True),
    Need.ROOM_CREATE: Grants(room_create=True),
    Need.ROOM_LIST: Grants(room_list=True),
}


@pytest.mark.parametrize("handler", [name for name, row in ACCESS.items() if row in ENOUGH])
def test_a_token_needs_exactly_the_grant_of_its_row(handler: str) -> None:
    row = ACCESS[handler]
    access.check_token(handler, Claims("officer", ENOUGH[row]), "r")
    for claims in (None, Claims("officer", Grants(room="r")), Claims("officer", OTHERS[row])):
        with pytest.raises(AccessDenied):
            access.check_token(handler, claims, "r")


def test_an_administrator_of_one_room_is_none_of_no_room() -> None:
    with pytest.raises(AccessDenied):
        access.check_token("twirp:SendData", Claims("x", Grants(room="", room_admin=True)), "")


def test_a_join_needs_an_identity() -> None:
    with pytest.raises(AccessDenied):
        access.check_token("http:/rtc/v1", Claims("", Grants(room="r", room_join=True)))


@pytest.mark.parametrize(
    ("handler", "attribute"),
    [
        ("signal:add_track", "can_publish"),
        ("signal:subscription", "can_subscribe"),
        ("data:reliable", "can_publish_data"),
        ("data:lossy", "can_publish_data"),
    ],
)
def test_a_participant_needs_the_permission_of_the_row(handler: str, attribute: str) -> None:
    permission = models.ParticipantPermission(can_publish=True, can_subscribe=True, can_publish_data=True)
    access.check_participant(handler, permission)
    setattr(permission, attribute, False)
    with pytest.raises(AccessDenied):
        access.check_participant(handler, permission)


def test_sources_narrow_what_may_be_published() -> None:
    permission = models.ParticipantPermission(can_publish=True, can_publish_sources=[models.TrackSource.MICROPHONE])
    assert access.may_publish_source(permission, models.TrackSource.MICROPHONE)
    assert not access.may_publish_source(permission, models.TrackSource.CAMERA)
    permission.can_publish = False
    assert not access.may_publish_source(permission, models.TrackSource.MICROPHONE)


def test_settings_never_show_the_secret() -> None:
    assert "s" * 32 not in repr(MediaSettings("k", "s" * 32))
