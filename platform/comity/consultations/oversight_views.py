"""The page of who could read a consultation on a day."""

from __future__ import annotations

from datetime import UTC, date
from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.consultations.looks import Way
from comity.consultations.noting import note_look
from comity.consultations.oversight import readers_on
from comity.core import times
from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.core.web import access, actor, now, reading, signed_in

blueprint = Blueprint("oversight", __name__, url_prefix="/consultations", template_folder="templates")


@blueprint.get("/<public_id>/readers")
@access(signed_in)
def page(public_id: str) -> ResponseReturnValue:
    """`?on=YYYY-MM-DD`, a day in UTC; today without it."""
    note_look(actor(), public_id, Way.READERS)
    typed = request.args.get("on", "")
    try:
        return _page(public_id, _day(typed))
    except Invalid as problem:
        return _page(public_id, _today(), typed, _(problem.message)), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(public_id: str, on: date, typed: str = "", problem: str = "") -> str:
    with reading() as session:
        found = readers_on(session, actor(), now(), public_id, on)
    return render_template(
        "consultations/readers.html",
        readers=found,
        day=times.day(found.on, actor().locale),
        typed=typed or found.on.isoformat(),
        problem=problem,
    )


def _day(typed: str) -> date:
    if not typed:
        return _today()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(N_("Please choose a day."), field="on") from None


def _today() -> date:
    return now().astimezone(UTC).date()
