"""The page on which a post is handed over."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.consultations import handing_over
from comity.core.errors import Invalid
from comity.core.text import to_html
from comity.core.web import access, actor, now, reading, signed_in, writing

blueprint = Blueprint("handing_over", __name__, url_prefix="/hand-over", template_folder="templates")


@blueprint.get("/<int:post_id>")
@access(signed_in)
def page(post_id: int) -> str:
    return _page(post_id)


@blueprint.post("/<int:post_id>")
@access(signed_in)
def write(post_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            handing_over.write_note(session, actor(), now(), post_id, request.form.get("note", ""))
    except Invalid as error:
        problems = {"note": _(error.message, **error.parameters)}
        return _page(post_id, problems, request.form.get("note", "")), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The note was kept with the post."), "success")
    return redirect(url_for("handing_over.page", post_id=post_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:post_id>/read")
@access(signed_in)
def mark_read(post_id: int) -> ResponseReturnValue:
    with writing() as session:
        handing_over.mark_taken_over(session, actor(), now(), post_id)
    return redirect(url_for("home.page"), HTTPStatus.SEE_OTHER)


def _page(post_id: int, problems: dict[str, str] | None = None, typed: str | None = None) -> str:
    with reading() as session:
        found = handing_over.page_of(session, actor(), now(), post_id)
    return render_template(
        "consultations/hand_over.html",
        page=found,
        note_html=to_html(found.note or ""),
        typed=(found.note or "") if typed is None else typed,
        problems=problems or {},
    )
