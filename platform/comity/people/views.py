"""Coming in and going out: sign-in, sign-out, invitations, demonstration links."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from comity.core.errors import Busy, Invalid, NotFound
from comity.core.web import access, now, public, reading, services, writing
from comity.people.demonstration import find_demonstration
from comity.people.factor_pages import passkeys_offered
from comity.people.factors.services import has_factor
from comity.people.known import browser_for, client
from comity.people.limits import INVITATION_BY_CLIENT, attempts
from comity.people.lockout import Attempt, network_of
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
from comity.people.signin import (
    Entered,
    begin,
    current_sign_in,
    enter,
    hasher,
    is_complete,
    origin,
    remember,
    sign_in_with_password,
    sign_out,
)
from comity.people.strength import SHORTEST, WeakPassword
from comity.people.ways import ways

blueprint = Blueprint("people", __name__, template_folder="templates")


@blueprint.get("/sign-in")
@access(public)
def sign_in() -> ResponseReturnValue:
    onward = local_path(request.args.get("next"))
    found = current_sign_in()
    if found is not None:
        return redirect(onward if is_complete(found) else url_for("factors.set_up", next=onward))
    return _sign_in_page(onward, "", {})


@blueprint.post("/sign-in")
@access(public)
def sign_in_submit() -> ResponseReturnValue:
    onward, email = local_path(request.form.get("next")), request.form.get("email", "")
    attempt = Attempt(email, network_of(origin().address), browser_for(email))
    attempts().sign_in(attempt)
    try:
        entered = sign_in_with_password(email, request.form.get("password", ""))
    except (WrongCredentials, Busy) as error:
        return _sign_in_page(onward, email, {"email": _(error.message)}), error.status
    attempts().signed_in(attempt)
    return _next_step(entered, onward)


@blueprint.post("/sign-out")
@access(public)
def sign_out_submit() -> ResponseReturnValue:
    further = sign_out()
    if further is None:
        answer = current_app.make_response(redirect(url_for("people.sign_in"), HTTPStatus.SEE_OTHER))
    else:
        # Browsers follow no redirect of a form to elsewhere (Content Security Policy, form-action): a page goes on.
        answer = current_app.make_response(render_template("people/signed_out.html", further=further))
        answer.headers["Refresh"] = f"0; url={further.url}"
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
            entered = enter(session, account, "invitation")
    except (NotFound, UnusableInvitation) as error:
        return _dead_link(error)
    except Invalid as error:
        page = _invitation_page(account, {error.field or "password": _(error.message, **error.parameters)}, error)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    entered.remember()
    return _next_step(entered, "/")


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


def _sign_in_page(onward: str, email: str, problems: dict[str, str]) -> str:
    return render_template(
        "people/sign_in.html",
        onward=onward,
        email=email,
        problems=problems,
        passkeys=passkeys_offered(),
        ways=ways().to_sign_in(onward),
    )


def _next_step(entered: Entered, onward: str) -> ResponseReturnValue:
    """To the second factor, or to setting one up."""
    endpoint = "factors.code" if entered.half else "factors.set_up"
    return redirect(url_for(endpoint, next=onward), HTTPStatus.SEE_OTHER)


def _invited(token: str) -> Account:
    """Whom a link invites; the page is in their language from here on."""
    attempts().spend(INVITATION_BY_CLIENT, client())
    with reading() as session:
        account = find_invitation(session, token, now())
    g.invited_locale = account.locale
    refresh()
    return account


def _invitation_page(account: Account, problems: dict[str, str], error: Invalid | None = None) -> str:
    suggestions = [_(text) for text in error.suggestions] if isinstance(error, WeakPassword) else []
    with reading() as session:
        passkeys = passkeys_offered() and not has_factor(session, account.id)
    return render_template(
        "people/invitation.html",
        account=account,
        problems=problems,
        suggestions=suggestions,
        shortest=SHORTEST,
        passkeys=passkeys,
    )


def _dead_link(error: NotFound | UnusableInvitation) -> ResponseReturnValue:
    """A link that cannot be used, with what to do. Only who holds the link learns which of the three it is."""
    if isinstance(error, UnusableInvitation):
        used = error.state is InvitationState.USED
        return render_template("people/invitation_over.html", used=used, expired=not used), HTTPStatus.GONE
    return render_template("people/invitation_over.html", used=False, expired=False), HTTPStatus.NOT_FOUND
