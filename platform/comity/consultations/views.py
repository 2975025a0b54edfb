"""The pages of consultations, and the same calls as JSON for the island."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.consultations import forms, terms, texts
from comity.consultations import services as consultations
from comity.consultations.attachments import MOST_FILES
from comity.consultations.looks import Way
from comity.consultations.noting import note_look
from comity.consultations.pages import ThreadPage, thread_page
from comity.core.errors import ComityError, Invalid
from comity.core.web import access, actor, now, reading, services, signed_in, writing
from comity.directory.names import state_name

blueprint = Blueprint("consultations", __name__, url_prefix="/consultations", template_folder="templates")


@blueprint.get("")
@access(signed_in)
def index() -> str:
    with reading() as session:
        mine = consultations.list_mine(session, actor())
    return render_template("consultations/index.html", items=mine)


@blueprint.get("/new")
@access(signed_in)
def new() -> str:
    return _new_page(forms.blank_opening())


@blueprint.post("/new")
@access(signed_in)
def create() -> ResponseReturnValue:
    typed = forms.typed_opening()
    try:
        with writing() as session:
            opened = consultations.start(session, actor(), now(), forms.opening(forms.authority_id(), typed))
    except Invalid as problem:
        return _new_page(typed, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("consultations.page", public_id=opened.public_id))


@blueprint.get("/<public_id>")
@access(signed_in)
def page(public_id: str) -> str:
    return thread(public_id)


@blueprint.post("/<public_id>/read")
@access(signed_in)
def read(public_id: str) -> ResponseReturnValue:
    """Everything shown is read: the button for a browser without script."""
    position = request.form.get("position", "")
    with writing() as session:
        reached = int(position) if position.isdecimal() and len(position) < 10 else 0
        consultations.mark_read(session, actor(), now(), public_id=public_id, position=reached)
    return redirect(url_for("consultations.page", public_id=public_id))


@blueprint.get("/<public_id>/events.json")
@access(signed_in)
def events(public_id: str) -> Response:
    """`?after=N`: what lies behind a cursor, as in `protocol.md` of the live package."""
    note_look(actor(), public_id, Way.EVENTS)
    with reading() as session:
        found = consultations.events_after(session, actor(), public_id, after=forms.number("after") or 0)
    return jsonify(found.as_json())


@blueprint.post("/<public_id>/messages.json")
@access(signed_in)
def say_json(public_id: str) -> Response:
    """{client_id, body, files} answered by {position, sent_at}: for networks that let no WebSocket through."""
    body = forms.document()
    client_id, typed, files = forms.text(body, "client_id"), forms.text(body, "body"), forms.texts(body, "files")
    with writing() as session:
        said = consultations.post_message(
            session, actor(), now(), public_id=public_id, client_id=client_id, body=typed, files=files
        )
    return jsonify(position=said.position, sent_at=said.sent_at.isoformat())


@blueprint.post("/<public_id>/read.json")
@access(signed_in)
def read_json(public_id: str) -> Response:
    """{position} answered by {position}: how far the reader has read now."""
    position = forms.position(forms.document())
    with writing() as session:
        reader = consultations.mark_read(session, actor(), now(), public_id=public_id, position=position)
    return jsonify(position=reader.position)


@blueprint.post("/<public_id>/draft.json")
@access(signed_in)
def draft_json(public_id: str) -> ResponseReturnValue:
    """{body}: kept until it is sent; an empty one is discarded."""
    body = forms.text(forms.document(), "body")
    with writing() as session:
        consultations.save_draft(session, actor(), now(), public_id=public_id, body=body)
    return Response(status=HTTPStatus.NO_CONTENT)


def _new_page(typed: dict[str, str], problem: Invalid | None = None) -> str:
    with reading() as session:
        other = consultations.counterpart_for(session, actor(), forms.authority_id())
        return render_template(
            "consultations/new.html",
            other=other,
            other_state=state_name(other.state_iso2, actor().locale),
            typed=typed,
            problems=_problems(problem),
            stages=[
                (s.value, _(words), _article(terms.STAGE_ARTICLES.get(s))) for s, words in terms.STAGE_LABELS.items()
            ],
            kinds=[
                (k.value, f"{_(words)} · {_article(terms.KIND_ARTICLES[k])}") for k, words in terms.KIND_LABELS.items()
            ],
            sides=[
                (terms.Side.REQUESTING.value, _("We make the request, or prepare it"), ""),
                (terms.Side.REQUESTED.value, _("We have received the request, or are to receive it"), ""),
            ],
        )


def thread(public_id: str, typed: str | None = None, problem: ComityError | None = None) -> str:
    """The page of a consultation. typed: what stands in the field, where it came back with a problem."""
    note_look(actor(), public_id, Way.PAGE)
    with reading() as session:
        shown = thread_page(session, actor(), public_id, now(), forms.number("before"))
    return render_template(
        "consultations/page.html",
        thread=shown,
        typed=shown.draft if typed is None else typed,
        problems=_problems(problem),
        client_id=forms.new_client_id(),
        room_url=_room(public_id),
        data=_island_data(shown),
        texts=texts.island(),
    )


def _room(public_id: str) -> str | None:
    known = "rooms.page" in current_app.view_functions
    return url_for("rooms.page", public_id=public_id) if known else None


def _island_data(thread: ThreadPage) -> dict[str, Any]:
    here = url_for("consultations.page", public_id=thread.public_id)
    return {
        "publicId": thread.public_id,
        "account": actor().account_id,
        "position": thread.position,
        "read": thread.read,
        "newest": thread.newest,
        "readers": [reader.as_json() for reader in thread.readers],
        "urls": {name: f"{here}/{name}.json" for name in ("events", "messages", "read", "draft", "files")},
        "files": f"{here}/files",
        "waiting": [file.as_json() for file in thread.waiting],
        "mostFiles": MOST_FILES,
        "mostBytes": services().config.max_file,
        "present": f"{_room(thread.public_id)}/present.json" if _room(thread.public_id) else None,
    }


def _article(number: str | None) -> str:
    return _("UNTOC %(article)s", article=number) if number else ""


def _problems(problem: ComityError | None) -> dict[str, str]:
    return {problem.field or "form": _(problem.message, **problem.parameters)} if problem else {}
