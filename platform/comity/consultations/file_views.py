"""Sending messages with files, and giving files out. Both ways of sending check their token themselves."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Generator
from http import HTTPStatus
from urllib.parse import unquote

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from comity.consultations import attached, views
from comity.consultations import services as consultations
from comity.consultations.arriving import arrive, discard, intake, pieces
from comity.consultations.attached import Content
from comity.consultations.attachments import MOST_FILES
from comity.consultations.looks import Way
from comity.consultations.noting import note_look
from comity.consultations.submission import Submission, require_token
from comity.core.errors import ComityError, Invalid
from comity.core.files import names, stream
from comity.core.files.intake import MEGABYTE, TooLarge
from comity.core.files.scanning import ScannerDown
from comity.core.i18n import N_
from comity.core.keys import Unreadable
from comity.core.web import access, actor, now, reading, signed_in, writing

log = logging.getLogger("comity.files")
blueprint = Blueprint("files", __name__, url_prefix="/consultations")

_OF_A_FORM = 2 * MEGABYTE
"""Bytes of a form beyond its files."""


class AllTooLarge(Invalid):
    """A form whose length alone tells that its files are too large."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = N_("The files are too large: one has at most %(most)d MB. Nothing was sent; your text is kept.")


@blueprint.post("/<public_id>/messages")
@access(signed_in)
def say(public_id: str) -> ResponseReturnValue:
    """A message from the form, for a browser without script: its files come with it."""
    with reading() as session:
        consultations.consultation_for(session, actor(), public_id)
    form = Submission()
    require_token(form.field("csrf_token"))
    typed, files, problem = form.field("body"), form.fields("file"), None
    try:
        files += _arrived(form, public_id)
        with writing() as session:
            said = consultations.post_message(
                session, actor(), now(), public_id=public_id, client_id=form.field("client_id"), body=typed, files=files
            )
    except (Invalid, ScannerDown) as refused:
        problem = refused
    if problem is not None:
        return views.thread(public_id, typed, problem), problem.status
    discard(public_id, [each for each in form.fields("shown") if each not in files])
    return redirect(url_for("consultations.page", public_id=public_id, _anchor=f"e{said.position}"))


def _arrived(form: Submission, public_id: str) -> list[str]:
    """The ids of a form's files. Those that can be taken are, and wait, even if others cannot: the first problem is
    raised."""
    found: list[str] = []
    problem: ComityError | None = None
    most = intake().most
    if (request.content_length or 0) > MOST_FILES * most + _OF_A_FORM:
        raise AllTooLarge(field="files", most=most // MEGABYTE)
    for number, (name, content) in enumerate(form.files()):
        try:
            found.append(arrive(public_id, f"{form.field('client_id')}-{number}", name, content).id)
        except (Invalid, ScannerDown) as refused:
            problem = problem or refused
    if problem is not None:
        raise problem
    return found


@blueprint.post("/<public_id>/files.json")
@access(signed_in)
def add(public_id: str) -> Response:
    """A file, as the body; `X-File-Name` in percent-encoded UTF-8, for names belong into no log; `X-Client-Id`."""
    require_token(request.headers.get("X-CSRFToken", ""))
    name, most = unquote(request.headers.get("X-File-Name", "")), intake().most
    if (request.content_length or 0) > most:
        raise TooLarge(names.clean(name), most)
    request.max_content_length = most  # the application's own limit is for forms without files
    content = pieces(request.stream, request.content_length)
    return jsonify(arrive(public_id, request.headers.get("X-Client-Id", ""), name, content).as_json())


@blueprint.post("/<public_id>/files/<file_id>/remove.json")
@access(signed_in)
def remove(public_id: str, file_id: str) -> ResponseReturnValue:
    """Take back a file that was not sent. One that is gone already is no error."""
    discard(public_id, [file_id])
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.get("/<public_id>/files/<file_id>")
@access(signed_in)
def download(public_id: str, file_id: str) -> Response:
    """A file, to be saved and never to be shown by our origin. Its name stands in no address, for it tells the case."""
    with reading() as session:
        content = attached.content_of(session, actor(), public_id, file_id)
    note_look(actor(), public_id, Way.FILE, of=file_id)
    size, tag = content.about.size, content.digest[:32]
    part = _part(size, tag)
    if part is None:
        return Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    start, stop = part
    found = _pieces(content, start, stop)
    # The first piece is opened before anything is promised: what was damaged is told by a page.
    response = Response(itertools.chain([next(found, b"")], found), direct_passthrough=True)
    response.call_on_close(found.close)
    response.headers["Content-Length"] = str(stop - start)
    if stop - start != size:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return _guarded(response, content, tag)


def _guarded(response: Response, content: Content, tag: str) -> Response:
    """The headers under which no browser runs or shows what it gets, and nothing keeps it."""
    response.headers["Content-Type"] = content.about.media_type
    response.headers["Content-Disposition"] = names.content_disposition(content.about.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(tag)
    return response


def _part(size: int, tag: str) -> tuple[int, int] | None:
    """What of the file is asked for (RFC 9110, 14.2), half-open; the whole where that is unclear, None for nothing."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return 0, size
    known = request.if_range
    if (known.etag or known.date) and known.etag != tag:
        return 0, size
    return wanted.range_for_length(size)


def _pieces(content: Content, start: int, stop: int) -> Generator[bytes]:
    try:
        with intake().store.reading(content.file_id) as source:
            yield from stream.unseal(content.cipher, content.place, source, content.about.size, start=start, stop=stop)
    except FileNotFoundError:
        log.error("a file of %s is not in the store", content.place[0])
        raise Unreadable from None
    except Unreadable:
        log.error("a file of %s does not open", content.place[0])
        raise
