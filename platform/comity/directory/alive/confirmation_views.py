"""The pages of confirmations and reports: the focal point's list, the link of a mail, reporting a record."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from comity.core.errors import ComityError, Conflict, Invalid, NotFound
from comity.core.web import access, actor, now, public, reading, services, signed_in, writing
from comity.directory.access import may_propose_change
from comity.directory.alive import confirming, reporting
from comity.directory.alive.confirming import Cycle
from comity.directory.alive.due import record_of
from comity.directory.alive.letters import mailer
from comity.directory.alive.overview import to_confirm
from comity.directory.alive.pages import record_line
from comity.directory.snapshots import EntityKind

blueprint = Blueprint("confirmations", __name__, url_prefix="/directory")


@blueprint.get("/confirmations")
@access(signed_in)
def index() -> str:
    return _index()


@blueprint.post("/confirmations/<kind>/<ref>")
@access(signed_in)
def confirm(kind: str, ref: str) -> ResponseReturnValue:
    config = services().config
    with writing() as session:
        confirming.confirm(session, actor(), now(), _cycle(), mailer(config), kind=_kind(kind), ref=ref)
    flash(_("Thank you: the record counts as confirmed today."))
    return redirect(url_for("confirmations.index"))


@blueprint.post("/reports/<int:report_id>")
@access(signed_in)
def answer(report_id: int) -> ResponseReturnValue:
    words = request.form.get("answer", "")
    try:
        with writing() as session:
            reporting.answer(session, actor(), now(), mailer(services().config), report_id, words)
    except Invalid as problem:
        return _index(report_id, problem, words), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Your answer is on its way."))
    return redirect(url_for("confirmations.index"))


@blueprint.get("/confirm/<token>")
@access(public)
def link(token: str) -> str:
    """The page of a mail's link. It changes nothing: mail scanners follow links, and press no button."""
    with reading() as session:
        record = confirming.asked_by(session, services().config.secret_key, token, now())
        return render_template(
            "directory/alive/confirm.html", record=record_line(record, None, _language(), now()), token=token
        )


@blueprint.post("/confirm/<token>")
@access(public)
def link_submit(token: str) -> ResponseReturnValue:
    config = services().config
    with writing() as session:
        confirming.confirm_by_link(session, config.secret_key, token, now(), _cycle(), mailer(config))
    return redirect(url_for("confirmations.confirmed"))


@blueprint.get("/confirmed")
@access(public)
def confirmed() -> str:
    return render_template("directory/alive/confirmed.html")


@blueprint.get("/authorities/<ref>/report", defaults={"kind": "authority"})
@blueprint.get("/people/<ref>/report", defaults={"kind": "practitioner"})
@access(may_propose_change)
def report(kind: str, ref: str) -> str:
    return _report_form(_kind(kind), ref)


@blueprint.post("/authorities/<ref>/report", defaults={"kind": "authority"})
@blueprint.post("/people/<ref>/report", defaults={"kind": "practitioner"})
@access(may_propose_change)
def report_submit(kind: str, ref: str) -> ResponseReturnValue:
    words = request.form.get("words", "")
    try:
        with writing() as session:
            made = reporting.report(
                session, actor(), now(), mailer(services().config), kind=_kind(kind), ref=ref, words=words
            )
    except (Invalid, Conflict) as problem:
        return _report_form(_kind(kind), ref, problem, words), problem.status
    flash(_("Thank you. Whoever looks after the record is told; you will hear what became of it."))
    if made.kind is EntityKind.PRACTITIONER:
        return redirect(url_for("directory.people.page", public_id=made.ref))
    return redirect(url_for("directory.authority", authority_id=made.authority_id))


def _index(report_id: int = 0, problem: Invalid | None = None, typed: str = "") -> str:
    with reading() as session:
        records = to_confirm(session, actor(), now())
        lines = [record_line(one, confirming.asked_on(session, one), _language(), now()) for one in records]
        reports = [
            (one, record_of(session, one.kind, one.ref)) for one in reporting.reports_for(session, actor(), now())
        ]
        return render_template(
            "directory/alive/confirmations.html",
            records=lines,
            reports=[(one, record_line(record, None, _language(), now())) for one, record in reports if record],
            report_id=report_id,
            typed=typed,
            problem=_(problem.message, **problem.parameters) if problem else "",
        )


def _report_form(kind: EntityKind, ref: str, problem: ComityError | None = None, words: str = "") -> str:
    with reading() as session:
        record = reporting.record_to_report(session, actor(), kind, ref)
        return render_template(
            "directory/alive/report.html",
            record=record_line(record, None, _language(), now()),
            words_typed=words,
            problems={problem.field or "form": _(problem.message, **problem.parameters)} if problem else {},
        )


def _kind(value: str) -> EntityKind:
    if value not in (EntityKind.AUTHORITY, EntityKind.PRACTITIONER):
        raise NotFound
    return EntityKind(value)


def _cycle() -> Cycle:
    config = services().config
    return Cycle(people=config.confirm_people_months, authorities=config.confirm_authorities_months)


def _language() -> str:
    return str(get_locale() or "en")
