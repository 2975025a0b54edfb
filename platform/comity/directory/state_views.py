"""The secretariat's form for a State."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Invalid
from comity.core.web import access, actor, now, reading, writing
from comity.directory import stating
from comity.directory.access import may_edit_record
from comity.directory.names import state_name
from comity.directory.people_views import problems
from comity.directory.readers import reader

blueprint = Blueprint("states", __name__, url_prefix="/states", template_folder="templates")


@blueprint.get("/<iso2>/edit")
@access(may_edit_record)
def edit(iso2: str) -> str:
    with reading() as session:
        found = stating.editable_state(session, actor(), iso2)
    return _form(found.iso2, "\n".join(found.also), found.party)


@blueprint.post("/<iso2>/edit")
@access(may_edit_record)
def save(iso2: str) -> ResponseReturnValue:
    also, party = request.form.get("also", ""), request.form.get("party") == "yes"
    try:
        with writing() as session:
            code = stating.save(session, actor(), now(), iso2, also=also, party=party).iso2
    except Invalid as problem:
        return _form(iso2.upper(), also, party, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."), "success")
    return redirect(url_for("directory.state", iso2=code), HTTPStatus.SEE_OTHER)


def _form(iso2: str, also: str, party: bool, problem: Invalid | None = None) -> str:
    return render_template(
        "directory/state_form.html",
        iso2=iso2,
        name=state_name(iso2, reader().language),
        also=also,
        party=party,
        problems=problems(problem),
    )
