"""A person's own factors: added, renamed, removed, and the recovery codes. Each change asks for a fresh factor."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.core.web import access, now, reading, services, signed_in, writing
from comity.people.factor_pages import after_adding, authenticator_form, passkeys_offered
from comity.people.factors.services import (
    FactorKind,
    LastFactor,
    add_authenticator,
    factors_of,
    make_recovery_codes,
    recovery_codes_left,
    remove_factor,
    rename_factor,
)
from comity.people.preferences import local_path
from comity.people.sessions import factor_shown
from comity.people.signin import needs_no_factor, reload
from comity.people.stepup import came_in, here, require_fresh_factor, require_may_add

blueprint = Blueprint("own_factors", __name__, url_prefix="/account/factors", template_folder="templates")


@blueprint.get("")
@access(signed_in)
def page() -> ResponseReturnValue:
    if needs_no_factor(here().account):
        raise NotFound
    require_fresh_factor()
    return _page()


@blueprint.get("/authenticator")
@access(signed_in)
def authenticator() -> ResponseReturnValue:
    found = require_may_add()
    return authenticator_form(found.account, url_for("own_factors.page"), first=False)


@blueprint.post("/authenticator")
@access(came_in)
def add() -> ResponseReturnValue:
    found = require_may_add(url_for("own_factors.page"))
    onward, account, first = local_path(request.form.get("next")), found.account, found.factor_at is None
    typed = {name: request.form.get(name, "") for name in ("sealed", "name", "code")}
    try:
        with writing() as session:
            key = services().config.secret_key
            add_authenticator(session, account.id, **typed, first=first, secret_key=key, now=now())
            factor_shown(session, found.id, now())
    except (Invalid, Conflict) as error:
        problem = error if isinstance(error, Invalid) else Invalid(error.message, field="code")
        again = authenticator_form(account, onward, first=first, error=problem, typed=typed)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    reload()
    flash(_("The application was added. From now on it shows the codes that you sign in with."), "success")
    return redirect(after_adding(account.id, onward), HTTPStatus.SEE_OTHER)


@blueprint.post("/<kind>/<int:factor_id>/name")
@access(signed_in)
def rename(kind: str, factor_id: int) -> ResponseReturnValue:
    found = require_fresh_factor(url_for("own_factors.page"))
    try:
        with writing() as session:
            rename_factor(session, found.account.id, _kind(kind), factor_id, request.form.get("name", ""), now())
    except Invalid as error:
        problems = {f"name-{kind}-{factor_id}": _(error.message, **error.parameters)}
        return _page(problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return _done(N_("The name was changed."))


@blueprint.post("/<kind>/<int:factor_id>/remove")
@access(signed_in)
def remove(kind: str, factor_id: int) -> ResponseReturnValue:
    found = require_fresh_factor(url_for("own_factors.page"))
    try:
        with writing() as session:
            remove_factor(session, found.account.id, _kind(kind), factor_id, now(), keep=found.id)
    except LastFactor as error:
        return _page({f"remove-{kind}-{factor_id}": _(error.message)}), error.status
    return _done(N_("It was removed. Your other browsers were signed out."))


@blueprint.get("/recovery-codes")
@access(signed_in)
def recovery_codes() -> ResponseReturnValue:
    found = require_may_add()
    with reading() as session:
        left = recovery_codes_left(session, found.account.id)
    onward = local_path(request.args.get("next"))
    return render_template("people/recovery_codes.html", fresh=[], left=left, onward=onward)


@blueprint.post("/recovery-codes")
@access(signed_in)
def make_codes() -> ResponseReturnValue:
    """The one answer that holds the codes themselves: nothing keeps them."""
    found = require_may_add(url_for("own_factors.recovery_codes"))
    with writing() as session:
        fresh = make_recovery_codes(session, found.account.id, now())
    onward = local_path(request.form.get("next"))
    return render_template("people/recovery_codes.html", fresh=fresh, left=len(fresh), onward=onward)


def _page(problems: dict[str, str] | None = None) -> str:
    account = here().account
    with reading() as session:
        factors, left = factors_of(session, account.id), recovery_codes_left(session, account.id)
    return render_template(
        "people/factors.html", factors=factors, left=left, problems=problems or {}, passkeys=passkeys_offered()
    )


def _kind(name: str) -> FactorKind:
    try:
        return FactorKind(name)
    except ValueError:
        raise NotFound from None


def _done(message: str) -> ResponseReturnValue:
    flash(_(message), "success")
    return redirect(url_for("own_factors.page"), HTTPStatus.SEE_OTHER)
