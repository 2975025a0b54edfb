"""What people do who are not signed in: prove an address, ask for a new way in and use it."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from comity.core.errors import Invalid, NotFound
from comity.core.web import access, now, origin, public, reading, services, writing
from comity.directory.vetting import nominations, recovery
from comity.directory.vetting.edge import problems, sender
from comity.directory.vetting.models import Nomination
from comity.people.known import client
from comity.people.limits import INVITATION_BY_CLIENT, RECOVERY_BY_ADDRESS, attempts
from comity.people.services import clean_email

blueprint = Blueprint("coming_in", __name__, template_folder="../templates")


@blueprint.get("/prove/<token>")
@access(public)
def prove(token: str) -> ResponseReturnValue:
    try:
        return _prove_page(_nominated(token), None)
    except NotFound:
        return render_template("vetting/over.html"), HTTPStatus.NOT_FOUND


@blueprint.post("/prove/<token>")
@access(public)
def prove_submit(token: str) -> ResponseReturnValue:
    """`answer`: yes with `name` and `agreed`, or no with `reason`. It signs nobody in."""
    declines = request.form.get("answer") == "no"
    try:
        found = _nominated(token)
        with writing() as session:
            if declines:
                reason = request.form.get("reason", "")
                nominations.decline_by_link(session, token, reason, origin(), now(), sender())
            else:
                _require_agreed()
                name = request.form.get("name", "")
                nominations.prove(session, token, name, origin(), now(), sender())
    except NotFound:
        return render_template("vetting/over.html"), HTTPStatus.NOT_FOUND
    except Invalid as error:
        return _prove_page(found, error), HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("vetting/proved.html", declined=declines)


@blueprint.get("/recovery")
@access(public)
def ask() -> str:
    return render_template("vetting/recovery.html", asked=False, email="", problems={})


@blueprint.post("/recovery")
@access(public)
def ask_submit() -> ResponseReturnValue:
    """The answer is the same whatever comes of it."""
    email = request.form.get("email", "")
    attempts().spend(RECOVERY_BY_ADDRESS, client())
    attempts().spend(RECOVERY_BY_ADDRESS, email)
    try:
        cleaned = clean_email(email)
    except Invalid as error:
        page = render_template("vetting/recovery.html", asked=False, email=email, problems=problems(error))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    with writing() as session:
        recovery.ask(session, cleaned, now(), sender(), origin())
    return render_template("vetting/recovery.html", asked=True, email="", problems={})


@blueprint.get("/recovery/<token>")
@access(public)
def use(token: str) -> ResponseReturnValue:
    return _use_page(token, None)


@blueprint.post("/recovery/<token>")
@access(public)
def use_submit(token: str) -> ResponseReturnValue:
    attempts().spend(INVITATION_BY_CLIENT, client())
    try:
        with writing() as session:
            key = services().config.secret_key
            invitation = recovery.use(session, token, request.form.get("code", ""), key, now(), sender())
    except NotFound:
        invitation = None
    if invitation is None:
        return _use_page(token, recovery.WrongRecoveryCode(field="code"))
    return redirect(url_for("people.invitation", token=invitation), HTTPStatus.SEE_OTHER)


def _nominated(token: str) -> Nomination:
    """Whom a link was sent to; the page is in their language from here on."""
    attempts().spend(INVITATION_BY_CLIENT, client())
    with reading() as session:
        found = nominations.by_link(session, token, now())
    _speak(found.locale)
    return found


def _prove_page(found: Nomination, error: Invalid | None) -> str:
    name = request.form.get("name", found.name)
    return render_template("vetting/prove.html", nomination=found, name=name, problems=problems(error))


def _use_page(token: str, error: Invalid | None) -> ResponseReturnValue:
    try:
        with reading() as session:
            found = recovery.by_link(session, token, now())
    except NotFound:
        return render_template("vetting/over.html"), HTTPStatus.NOT_FOUND
    _speak(found.account.locale)
    page = render_template("vetting/recovery_use.html", account=found.account, problems=problems(error))
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if error else page


def _require_agreed() -> None:
    if "agreed" not in request.form:
        raise Invalid(nominations.AGREE, field="agreed")


def _speak(locale: str) -> None:
    g.invited_locale = locale
    refresh()
