"""The room page, its calls, and the place where the media server reports."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from comity.consultations.looks import Way
from comity.consultations.noting import note_look
from comity.core.web import access, actor, now, own_token, reading, services, signed_in, writing
from comity.people.signin import current_sign_in
from comity.rooms import page as room_page
from comity.rooms import services as rooms
from comity.rooms import webhooks
from comity.rooms.presence import present
from comity.rooms.room_service import RoomService
from comity.rooms.tokens import MediaKey, join_token

EXTENSION = "comity.rooms"
blueprint = Blueprint("rooms", __name__, template_folder="templates")


@blueprint.get("/consultations/<public_id>/room")
@access(signed_in)
def page(public_id: str) -> ResponseReturnValue:
    """The green room, and the call itself."""
    note_look(actor(), public_id, Way.ROOM)
    with reading() as session:
        found = rooms.door(session, actor(), public_id, secret_key=services().config.secret_key)
        view = room_page.described(found, actor())
    return render_template("rooms/page.html", room=view, texts=room_page.texts())


@blueprint.post("/consultations/<public_id>/room/token")
@access(signed_in)
def token(public_id: str) -> ResponseReturnValue:
    """A token for one seat. Body: {"device": …}, answered by {"url", "token", "identity", "room"}."""
    body = request.get_json()
    device = body.get("device") if isinstance(body, dict) else None
    config, moment, sign_in = services().config, now(), current_sign_in()
    with writing() as session:
        seat = rooms.take_seat(
            session, actor(), public_id, device, moment,
            secret_key=config.secret_key, sign_in=sign_in.id if sign_in else None,
        )  # fmt: skip
    note_look(actor(), public_id, Way.ROOM_TOKEN)
    signed = join_token(
        _media_key(), room=seat.room, identity=seat.identity, name=seat.name, metadata=seat.metadata, now=moment
    )
    return jsonify(url=config.media_url, token=signed, identity=seat.identity, room=seat.room)


@blueprint.get("/consultations/<public_id>/room/present.json")
@access(signed_in)
def present_now(public_id: str) -> ResponseReturnValue:
    """Who is in the room now: {"present": [{"identity", "name", "authority_id", "authority"}]}."""
    note_look(actor(), public_id, Way.ROOM_PEOPLE)
    with reading() as session:
        found = rooms.door(session, actor(), public_id, secret_key=services().config.secret_key)
    return jsonify(present=[asdict(who) for who in present(_room_service().participants(found.room))])


@blueprint.post("/rooms/webhook")
@access(own_token)
def webhook() -> ResponseReturnValue:
    """What the media server reports, signed with the secret that it shares with us."""
    request.max_content_length = webhooks.MOST_BYTES
    body, moment = request.get_data(), now()
    report = webhooks.verify(_media_key(), body, request.headers.get("Authorization", ""), moment)
    if report is not None:
        # Not as a request of the person it is about: the address is the media server's.
        with services().db.writing() as session:
            rooms.record(session, report, moment)
    return Response(status=HTTPStatus.NO_CONTENT)


def _media_key() -> MediaKey:
    config = services().config
    return MediaKey(config.media_key, config.media_secret)


def _room_service() -> RoomService:
    return cast("RoomService", current_app.extensions[EXTENSION])
