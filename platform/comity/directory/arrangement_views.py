"""The pages of cross-border arrangements, and the secretariat's form for them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Invalid
from comity.core.web import access, actor, now, reading, writing
from comity.directory import arrangements, choosing
from comity.directory.access import may_edit_record, may_view_directory
from comity.directory.alive import past
from comity.directory.alive.history_views import as_it_was
from comity.directory.arranged import arrangement_row, arrangement_rows
from comity.directory.people_views import problems
from comity.directory.readers import reader
from comity.directory.snapshots import EntityKind
from comity.directory.vocabulary import ArrangementKind

blueprint = Blueprint("arrangements", __name__, url_prefix="/arrangements", template_folder="templates")


@blueprint.get("")
@access(may_view_directory)
def index() -> str:
    """All arrangements."""
    with reading() as session:
        rows = arrangement_rows(arrangements.all_arrangements(session, actor()), reader())
    return render_template("directory/arrangements.html", rows=rows, may_edit=may_edit_record(actor()))


@blueprint.get("/<code>")
@access(may_view_directory)
def page(code: str) -> str:
    """An arrangement: where, between whom, on what it rests, and whom to write to. `?on=`: as it was."""
    if day := past.asked_day(request.args.get("on"), now()):
        return as_it_was(EntityKind.ARRANGEMENT, code, day)
    with reading() as session:
        row = arrangement_row(arrangements.arrangement(session, actor(), code), reader())
    return render_template("directory/arrangement.html", row=row, may_edit=may_edit_record(actor()))


@blueprint.get("/new")
@access(may_edit_record)
def new() -> str:
    kind, states = ArrangementKind.BORDER_AGREEMENT.value, tuple(request.args.getlist("state"))
    return _form(arrangements.Described(kind, "", "", "", "", "", "", states))


@blueprint.post("/new")
@access(may_edit_record)
def create() -> ResponseReturnValue:
    return _save(None)


@blueprint.get("/<code>/edit")
@access(may_edit_record)
def edit(code: str) -> str:
    with reading() as session:
        found = arrangements.arrangement(session, actor(), code)
        kept = arrangements.Described(
            kind=found.kind.value,
            name=found.name,
            area=found.area,
            about=found.about,
            legal_basis=found.legal_basis,
            contact=found.contact,
            since=found.since.isoformat() if found.since else "",
            states=tuple(state.iso2 for state in found.states),
        )
    return _form(kept, code)


@blueprint.post("/<code>/edit")
@access(may_edit_record)
def save(code: str) -> ResponseReturnValue:
    return _save(code)


def _save(code: str | None) -> ResponseReturnValue:
    form = request.form
    names = ("kind", "name", "area", "about", "legal_basis", "contact", "since")
    one = {name: form.get(name, "") for name in names}
    typed = arrangements.Described(**one, states=tuple(form.getlist("states")))
    try:
        with writing() as session:
            saved = arrangements.save(session, actor(), now(), typed, code).code
    except Invalid as problem:
        return _form(typed, code, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."), "success")
    return redirect(url_for("directory.arrangements.page", code=saved), HTTPStatus.SEE_OTHER)


def _form(typed: arrangements.Described, code: str | None = None, problem: Invalid | None = None) -> str:
    with reading() as session:
        states = choosing.states(session, reader().language)
    return render_template(
        "directory/arrangement_form.html",
        typed=typed,
        code=code,
        kinds=choosing.terms(ArrangementKind),
        states=states,
        problems=problems(problem),
    )
