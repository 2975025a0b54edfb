"""The second step of signing in, setting up the first factor, and confirming that it is you."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.web import access, now, public, reading, services, writing
from comity.people.events import Kind, record
from comity.people.factor_pages import authenticator_form, passkeys_offered
from comity.people.factors.services import WrongCode, has_factor, spend_code
from comity.people.known import client
from comity.people.limits import guessing
from comity.people.preferences import local_path
from comity.people.sessions import Found, factor_shown
from comity.people.signin import current_half, finish_half, is_complete, origin, reload
from comity.people.stepup import came_in, here
from comity.people.ways import ways

blueprint = Blueprint("factors", __name__, template_folder="templates")


@blueprint.get("/sign-in/code")
@access(public)
def code() -> ResponseReturnValue:
    onward = local_path(request.args.get("next"))
    if current_half() is None:
        return redirect(url_for("people.sign_in", next=onward))
    return _page("people/code.html", onward)


@blueprint.post("/sign-in/code")
@access(public)
def code_submit() -> ResponseReturnValue:
    onward, half = local_path(request.form.get("next")), current_half()
    if half is None:
        return redirect(url_for("people.sign_in", next=onward), HTTPStatus.SEE_OTHER)
    try:
        with guessing(half.account_id, client()):
            finish_half(request.form.get("code", ""))
    except WrongCode as error:
        return _page("people/code.html", onward, error), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(onward, HTTPStatus.SEE_OTHER)


@blueprint.get("/set-up")
@access(came_in)
def set_up() -> ResponseReturnValue:
    """Where everybody begins who has no second factor: nothing else opens before."""
    found, onward = here(), local_path(request.args.get("next"))
    if is_complete(found):
        return redirect(onward)
    with reading() as session:
        if has_factor(session, found.account.id):
            return redirect(url_for("factors.confirm", next=onward))
    return authenticator_form(found.account, onward, first=True)


@blueprint.get("/confirm")
@access(came_in)
def confirm() -> ResponseReturnValue:
    found, onward = here(), local_path(request.args.get("next"))
    with reading() as session:
        own = has_factor(session, found.account.id)
    if not own and not ways().to_confirm(found, onward):
        return redirect(onward if is_complete(found) else url_for("factors.set_up", next=onward))
    return _confirm_page(found, onward)


@blueprint.post("/confirm")
@access(came_in)
def confirm_submit() -> ResponseReturnValue:
    found, onward = here(), local_path(request.form.get("next"))
    try:
        with guessing(found.account.id, client()):
            _confirm(found, request.form.get("code", ""))
    except WrongCode as error:
        return _confirm_page(found, onward, error), HTTPStatus.UNPROCESSABLE_ENTITY
    reload()
    return redirect(onward, HTTPStatus.SEE_OTHER)


def _confirm(found: Found, typed: str) -> None:
    account_id, key = found.account.id, services().config.secret_key
    with writing() as session:
        spent = spend_code(session, account_id, typed, origin(), now(), secret_key=key)
        if spent is not None:
            factor_shown(session, found.id, now())
            record(session, Kind.FACTOR_CONFIRMED, account_id, now(), by=account_id, factor=spent)
    # After the commit: the failure stays in the journal.
    if spent is None:
        raise WrongCode(field="code")


def _confirm_page(found: Found, onward: str, error: WrongCode | None = None) -> str:
    with reading() as session:
        own = has_factor(session, found.account.id)
    return _page("people/confirm.html", onward, error, own=own, ways=ways().to_confirm(found, onward))


def _page(template: str, onward: str, error: WrongCode | None = None, **more: object) -> str:
    problems = {"code": _(error.message)} if error else {}
    return render_template(template, onward=onward, problems=problems, passkeys=passkeys_offered(), **more)
