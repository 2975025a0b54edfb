"""Coming in and going out: sign-in, sign-out, invitations, demonstration links."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from comity.core.errors import Invalid, NotFound
from comity.core.web import access, now, optional_actor, public, reading, services, writing
from comity.people.demonstration import find_demonstration
from comity.people.limits import INVITATION_BY_ADDRESS, SIGN_IN_BY_ADDRESS, SIGN_IN_FAILURES, attempts
from comity.people.models import Account
from comity.people.preferences import local_path
from comity.people.rules import InvitationState
from comity.people.services import (
    UnusableInvitation,
    WrongCredentials,
    accept_invitation,
    find_invitation,
    new_password,
)
from comity.people.signin import begin, hasher, origin, remember, sign_in_with_password, sign_out
from comity.people.strength import SHORTEST, WeakPassword

blueprint = Blueprint("people", __name__, template_folder="templates")


@blueprint.get("/sign-in")
@access(public)
def sign_in() -> ResponseReturnValue:
    onward = local_path(request.args.get("next"))
    if optional_actor() is not None:
        return redirect(onward)
    return render_template("people/sign_in.html", onward=onward, email="", problems={})


@blueprint.post("/sign-in")
@access(public)
def sign_in_submit() -> ResponseReturnValue:
    onward, email = local_path(request.form.get("next")), request.form.get("email", "")
    attempts().spend(SIGN_IN_BY_ADDRESS, origin().address)
    attempts().require(SIGN_IN_FAILURES, email)
    try:
        sign_in_with_password(email, request.form.get("password", ""))
    except WrongCredentials as error:
        attempts().spend(SIGN_IN_FAILURES, email)
        problems = {"email": _(error.message)}
        page = render_template("people/sign_in.html", onward=onward, email=email, problems=problems)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(onward, HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
@access(public)
def sign_out_submit() -> ResponseReturnValue:
    sign_out()
    answer = redirect(url_for("people.sign_in"), HTTPStatus.SEE_OTHER)
    # Drafts and unsent messages of consultations are kept in the browser until here (Clear Site Data, 3.1).
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@blueprint.get("/invitations/<token>")
@access(public)
def invitation(token: str) -> ResponseReturnValue:
    try:
        account = _invited(token)
    except (NotFound, UnusableInvitation) as error:
        return _dead_link(error)
    return _invitation_page(account, {})


@blueprint.post("/invitations/<token>")
@access(public)
def invitation_submit(token: str) -> ResponseReturnValue:
    try:
        account = _invited(token)
        password, repeated = request.form.get("password", ""), request.form.get("repeated", "")
        hashed = new_password(account, password, repeated, hasher())
        with writing() as session:
            account = accept_invitation(session, token, hashed, now())
            fresh = begin(session, account, "invitation")
    except (NotFound, UnusableInvitation) as error:
        return _dead_link(error)
    except Invalid as error:
        page = _invitation_page(account, {error.field or "password": _(error.message, **error.parameters)}, error)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    remember(fresh)
    return redirect("/", HTTPStatus.SEE_OTHER)


@blueprint.get("/sign-in/demonstration/<token>")
@access(public)
def sign_in_demonstration(token: str) -> ResponseReturnValue:
    config = services().config
    if not config.demo:
        raise NotFound
    with writing() as session:
        account = find_demonstration(session, config.secret_key, token)
        fresh = begin(session, account, "demonstration")
    remember(fresh)
    return redirect("/")


def _invited(token: str) -> Account:
    """Whom a link invites; the page is in their language from here on."""
    attempts().spend(INVITATION_BY_ADDRESS, origin().address)
    with reading() as session:
        account = find_invitation(session, token, now())
    g.invited_locale = account.locale
    refresh()
    return account


def _invitation_page(account: Account, problems: dict[str, str], error: Invalid | None = None) -> str:
    suggestions = [_(text) for text in error.suggestions] if isinstance(error, WeakPassword) else []
    return render_template(
        "people/invitation.html", account=account, problems=problems, suggestions=suggestions, shortest=SHORTEST
    )


def _dead_link(error: NotFound | UnusableInvitation) -> ResponseReturnValue:
    """A link that cannot be used, with what to do. Only who holds the link learns which of the three it is."""
    if isinstance(error, UnusableInvitation):
        used = error.state is InvitationState.USED
        return render_template("people/invitation_over.html", used=used, expired=not used), HTTPStatus.GONE
    return render_template("people/invitation_over.html", used=False, expired=False), HTTPStatus.NOT_FOUND
