"""The pages of the exchange: what to take out, what to bring in, how far it is, what it would change."""

from __future__ import annotations

import io
from http import HTTPStatus

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core.errors import Invalid
from comity.core.i18n import LANGUAGES, own_name
from comity.core.web import access, actor, now, optional_actor, reading, services, writing
from comity.directory import choosing, networks
from comity.directory.access import may_export, may_import, may_use_exchange
from comity.directory.exchange import shown, tasks
from comity.directory.exchange.files import MOST_BYTES
from comity.directory.exchange.gather import Choice
from comity.directory.exchange.sheets import BY_NAME
from comity.directory.exchange.tasks import Safe, Stage
from comity.directory.exchange.writing import MEDIA_TYPES, Form
from comity.directory.people_views import problems
from comity.directory.readers import reader
from comity.people.stepup import require_fresh_factor

blueprint = Blueprint("exchange", __name__, url_prefix="/exchange", template_folder="../templates")
_UPLOAD = "directory.exchange.upload"
_ENVELOPE = 64 * 1024
_LOOK_AGAIN = "2"
"""Seconds after which a page of something in progress loads anew."""


def allow_uploads(app: Flask) -> None:
    """Let whoever may import send more than other forms take. Before everything else, for the token is read first."""

    def larger() -> None:
        if request.endpoint == _UPLOAD and may_import(optional_actor()):
            request.max_content_length = MOST_BYTES + _ENVELOPE

    app.before_request_funcs.setdefault(None, []).insert(0, larger)


@blueprint.get("")
@access(may_use_exchange)
def index() -> str:
    """What can be taken out and brought in, and what was asked for."""
    with reading() as session:
        return _page(session)


@blueprint.post("/export")
@access(may_export)
def export() -> ResponseReturnValue:
    require_fresh_factor(url_for("directory.exchange.index"))
    form = request.form
    choice = Choice(
        tuple(name for name in BY_NAME if name in form.getlist("sheets")),
        form.get("state", ""),
        form.get("network", ""),
    )
    try:
        with writing() as session:
            made = tasks.ask_export(session, actor(), now(), choice, form.get("form", "")).public_id
    except Invalid as problem:
        return _again(problem)
    return _to(made)


@blueprint.post("/book")
@access(may_export)
def book() -> ResponseReturnValue:
    try:
        with writing() as session:
            made = tasks.ask_book(session, actor(), now(), request.form.get("language", "")).public_id
    except Invalid as problem:
        return _again(problem)
    return _to(made)


@blueprint.post("/import")
@access(may_import)
def upload() -> ResponseReturnValue:
    sent = request.files.get("file")
    content = sent.stream.read(MOST_BYTES + 1) if sent else b""
    try:
        with writing() as session:
            name = (sent.filename if sent else "") or ""
            made = tasks.ask_import(session, actor(), now(), _safe(), name, content).public_id
    except Invalid as problem:
        return _again(problem)
    return _to(made)


@blueprint.get("/<public_id>")
@access(may_use_exchange)
def task(public_id: str) -> Response:
    """How far it is; what an import would change; the file. While something is done the page loads itself anew."""
    with reading() as session:
        found = tasks.task(session, actor(), public_id)
        answer = make_response(
            render_template(
                "directory/exchange_task.html",
                task=found,
                row=shown.task_row(found, reader()),
                outcome=shown.outcome(_safe().outcome(found)),
                trouble=shown.trouble(found),
                counted=shown.counted(found),
                waits=found.stage is Stage.SHOWN,
                can_stop=found.stage in (Stage.WAITING, Stage.RUNNING, Stage.SHOWN),
            )
        )
        if found.stage.is_busy:
            answer.headers["Refresh"] = _LOOK_AGAIN
    return answer


@blueprint.post("/<public_id>/apply")
@access(may_import)
def apply(public_id: str) -> ResponseReturnValue:
    require_fresh_factor(url_for("directory.exchange.task", public_id=public_id))
    with writing() as session:
        tasks.confirm(session, actor(), now(), public_id, request.form.get("digest", ""))
    return _to(public_id)


@blueprint.post("/<public_id>/cancel")
@access(may_use_exchange)
def cancel(public_id: str) -> ResponseReturnValue:
    with writing() as session:
        tasks.cancel(session, actor(), now(), public_id)
    flash(_("Cancelled. Nothing was changed."), "success")
    return redirect(url_for("directory.exchange.index"), HTTPStatus.SEE_OTHER)


@blueprint.get("/<public_id>/file")
@access(may_export)
def download(public_id: str) -> Response:
    """What was asked for, as a file."""
    with writing() as session:
        found, content = tasks.content(session, actor(), now(), _safe(), public_id)
        name = found.file_name
    kind = MEDIA_TYPES[name.rpartition(".")[2]]
    answer = send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _safe() -> Safe:
    return Safe(services().config.secret_key)


def _to(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("directory.exchange.task", public_id=public_id), HTTPStatus.SEE_OTHER)


def _again(problem: Invalid) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, problem), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(session: Session, problem: Invalid | None = None) -> str:
    language = reader().language
    form = request.form
    return render_template(
        "directory/exchange.html",
        rows=[shown.task_row(one, reader()) for one in tasks.own(session, actor())],
        sheets=[(name, _(words)) for name, words in shown.SHEET_LABELS.items()],
        chosen=form.getlist("sheets") if problem else list(BY_NAME),
        states=choosing.states(session, language),
        networks=[(one.code, one.name) for one in networks.all_networks(session, actor())],
        forms=[(Form.XLSX.value, "XLSX", ""), (Form.CSV.value, "CSV", ""), (Form.JSON.value, "JSON", "")],
        form=form,
        languages=[(code, own_name(code)) for code in LANGUAGES],
        language=language,
        most=MOST_BYTES // 1024**2,
        may_export=may_export(actor()),
        may_import=may_import(actor()),
        problems=problems(problem),
    )
