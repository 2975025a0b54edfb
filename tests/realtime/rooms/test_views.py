"""The room page, its token and the media server's reports, through the web application."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import httpx
import pytest
from flask import Flask
from livekit.api import TokenVerifier
from livekit.protocol.models import ParticipantInfo
from livekit.protocol.room import ListParticipantsResponse
from sqlalchemy import select

from comity.core import journal
from comity.core.db import Database
from comity.people.models import Account
from comity.rooms import views
from comity.rooms.room_service import RoomService
from comity.rooms.tokens import MediaKey
from tests.realtime.rooms.conftest import Start, World
from tests.realtime.rooms.reports import authorization, body
from tests.support.application import Visitor
from tests.support.clock import SetClock

DEVICE = {"device": "a1b2c3d4e5f6"}
SignIn = Callable[[str], Visitor]


def data(application: Flask) -> Database:
    found: Database = application.extensions["comity"].db
    return found


def media_key(application: Flask) -> MediaKey:
    config = application.extensions["comity"].config
    return MediaKey(config.media_key, config.media_secret)


@pytest.fixture
def world(application: Flask, start: Start, clock: SetClock) -> World:
    with data(application).writing() as session:
        return start(session, clock.now())


@pytest.fixture
def room(world: World) -> str:
    """The address of the room page."""
    return f"/consultations/{world.consultation.public_id}/room"


@pytest.fixture
def as_(application: Flask, world: World) -> SignIn:
    """Signs in by the name of a field of `World`."""

    def sign_in(who: str) -> Visitor:
        with data(application).reading() as session:
            email = session.scalars(select(Account.email).where(Account.id == getattr(world, who).account_id)).one()
        return Visitor(application).sign_in(email)

    return sign_in


def enter(visitor: Visitor, room: str) -> dict[str, str]:
    answer = visitor.post_json(f"{room}/token", DEVICE, page=room)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.get_json()
    return found


@pytest.mark.parametrize("who", ["austria", "thailand"])
def test_a_party_sees_the_green_room_and_gets_a_token_for_it(
    application: Flask, as_: SignIn, room: str, world: World, who: str
) -> None:
    visitor = as_(who)
    page = visitor.get(room)
    assert page.status_code == 200
    assert world.subject in page.text
    assert 'data-state="green"' in page.text
    ticket = enter(visitor, room)
    media = media_key(application)
    claims = TokenVerifier(media.key, media.secret).verify(ticket["token"])
    assert claims.identity == ticket["identity"]
    assert claims.video is not None
    assert claims.video.room == ticket["room"]
    assert claims.name == getattr(world, who).display_name
    assert ticket["url"] == application.extensions["comity"].config.media_url


@pytest.mark.parametrize("who", ["third", "secretariat"])
def test_for_anybody_else_there_is_nothing_at_page_token_and_presence(as_: SignIn, room: str, who: str) -> None:
    visitor = as_(who)
    assert visitor.get(room).status_code == 404
    assert visitor.get(f"{room}/present.json").status_code == 404
    answer = visitor.post_json(f"{room}/token", DEVICE, page="/account")
    assert answer.status_code == 404
    assert "token" not in (answer.get_json() or {})


def test_who_is_not_signed_in_is_sent_to_sign_in(application: Flask, room: str) -> None:
    visitor = Visitor(application)
    assert visitor.get(room).status_code == 302
    answer = visitor.post_json(f"{room}/token", DEVICE, page="/sign-in")
    assert answer.status_code == 401


def test_a_token_needs_the_pages_csrf_token_and_a_device(as_: SignIn, room: str) -> None:
    visitor = as_("austria")
    assert visitor.client.post(f"{room}/token", json=DEVICE).status_code == 400
    for wrong in ({}, {"device": "x"}, ["device"], "device"):
        assert visitor.post_json(f"{room}/token", wrong, page=room).status_code == 422


def test_the_texts_of_the_page_are_in_it_as_json(as_: SignIn, room: str) -> None:
    text = as_("austria").get(room).text
    told = json.loads(text.split('id="room-config">')[1].split("</script>")[0])
    assert told["texts"]["left"] == "You left the room"
    assert [party["ours"] for party in told["parties"]] == [True, False]
    assert all(told["texts"].values())
    assert " style=" not in text


def test_who_is_in_the_room_is_told_to_parties(application: Flask, as_: SignIn, room: str, clock: SetClock) -> None:
    there = ParticipantInfo(identity="x", name="Somsri", metadata='{"authority_id": 2, "authority": "OAG"}')
    listed = ListParticipantsResponse(participants=[there]).SerializeToString()
    engine = httpx.MockTransport(lambda request: httpx.Response(200, content=listed))
    application.extensions[views.EXTENSION] = RoomService("ws://media.example", media_key(application), clock, engine)
    answer = as_("austria").get(f"{room}/present.json")
    assert answer.get_json() == {
        "present": [{"identity": "x", "name": "Somsri", "authority_id": 2, "authority": "OAG"}]
    }


def test_a_media_server_that_is_away_is_said_so(application: Flask, as_: SignIn, room: str, clock: SetClock) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    engine = httpx.MockTransport(away)
    application.extensions[views.EXTENSION] = RoomService("ws://media.example", media_key(application), clock, engine)
    answer = as_("austria").get(f"{room}/present.json")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "media-unavailable")


def report(application: Flask, content: bytes, header: str) -> int:
    headers = {"Authorization": header, "Content-Type": "application/webhook+json"}
    return application.test_client().post("/rooms/webhook", data=content, headers=headers).status_code


def kinds(application: Flask, world: World) -> list[str]:
    with data(application).reading() as session:
        return [entry.kind for entry in journal.read(session, world.consultation.topic)]


def test_a_report_shows_in_the_thread_of_both_sides_once(
    application: Flask, as_: SignIn, room: str, world: World, clock: SetClock
) -> None:
    ticket = enter(as_("thailand"), room)
    content = body("participant_joined", ticket["room"], identity=ticket["identity"], at=clock.now())
    header = authorization(media_key(application), content, clock.now())
    assert [report(application, content, header) for _ in range(2)] == [204, 204]
    assert kinds(application, world).count("room_joined") == 1
    thread = as_("austria").get(f"/consultations/{world.consultation.public_id}/events.json?after=0").get_json()
    assert f"{world.thailand.display_name} joined the room." in [entry["text"] for entry in thread["entries"]]


def test_a_report_with_a_wrong_signature_or_hash_is_refused(
    application: Flask, as_: SignIn, room: str, world: World, clock: SetClock
) -> None:
    ticket = enter(as_("austria"), room)
    media, now = media_key(application), clock.now()
    content = body("participant_joined", ticket["room"], identity=ticket["identity"])
    altered = content.replace(b"participant_joined", b"participant_left")
    forged = MediaKey(media.key, "x" * 40)
    assert report(application, content, authorization(forged, content, now)) == 403
    assert report(application, altered, authorization(media, content, now)) == 403
    assert report(application, content, ticket["token"]) == 403
    assert report(application, content, "") == 403
    assert "room_joined" not in kinds(application, world)


def test_a_report_that_is_too_large_is_not_read(application: Flask, clock: SetClock) -> None:
    content = b"x" * 70_000
    assert report(application, content, authorization(media_key(application), content, clock.now())) == 413


def test_nobody_reports_with_get(application: Flask) -> None:
    assert application.test_client().get("/rooms/webhook").status_code == 405


def test_the_moment_of_a_report_is_kept(
    application: Flask, as_: SignIn, room: str, world: World, clock: SetClock
) -> None:
    ticket = enter(as_("austria"), room)
    at: datetime = clock.now().replace(microsecond=0)
    content = body("participant_left", ticket["room"], identity=ticket["identity"], at=at)
    assert report(application, content, authorization(media_key(application), content, clock.now())) == 204
    with data(application).reading() as session:
        entry = journal.read(session, world.consultation.topic)[-1]
    assert datetime.fromisoformat(entry.payload["at"]) == at
