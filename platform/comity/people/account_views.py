"""A person's own page: profile, password, signed-in browsers."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Invalid, NotFound, SignInRequired
from comity.core.i18n import LANGUAGES, N_, own_name
from comity.core.web import access, now, reading, signed_in, writing
from comity.people.browsers import browser_of
from comity.people.events import Kind
from comity.people.factors.services import factors_of, recovery_codes_left
from comity.people.limits import PASSWORD_FAILURES, attempts
from comity.people.preferences import THEMES, update_profile, zone_choices
from comity.people.services import new_password, set_password
from comity.people.sessions import Found, end_other_sessions, end_session, sessions_of
from comity.people.signin import confirm_password, current_sign_in, hasher, needs_no_factor, reload
from comity.people.stepup import is_fresh_here, require_fresh_factor
from comity.people.strength import SHORTEST, WeakPassword

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")
_WRONG = N_("This is not your present password.")


@blueprint.get("")
@access(signed_in)
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("")
@access(signed_in)
def save_profile() -> ResponseReturnValue:
    form = {name: request.form.get(name, "") for name in ("display_name", "language", "zone", "theme")}
    try:
        with writing() as session:
            update_profile(
                session,
                _me().account.id,
                display_name=form["display_name"],
                locale=form["language"],
                zone=form["zone"],
                theme=form["theme"],
            )
    except Invalid as error:
        return _page(error, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _done(N_("Your details were saved."))


@blueprint.post("/password")
@access(signed_in)
def change_password() -> ResponseReturnValue:
    me = require_fresh_factor(url_for("account.page"))
    if needs_no_factor(me.account):
        raise NotFound
    attempts().require(PASSWORD_FAILURES, str(me.account.id))
    try:
        # Who came with a passkey alone may have no password yet.
        has_one = me.account.password_hash is not None
        if has_one and not confirm_password(me.account, request.form.get("current_password", "")):
            attempts().spend(PASSWORD_FAILURES, str(me.account.id))
            raise Invalid(_WRONG, field="current_password")
        password, repeated = request.form.get("password", ""), request.form.get("repeated", "")
        hashed = new_password(me.account, password, repeated, hasher())
    except Invalid as error:
        return _page(error), HTTPStatus.UNPROCESSABLE_ENTITY
    with writing() as session:
        set_password(session, me.account.id, hashed, now(), keep=me.id)
    return _done(N_("Your password was changed. Your other browsers were signed out."))


@blueprint.post("/sessions/<int:session_id>/end")
@access(signed_in)
def end_one(session_id: int) -> ResponseReturnValue:
    with writing() as session:
        end_session(session, _me().account.id, session_id, now(), Kind.SESSION_ENDED)
    return _done(N_("That browser was signed out."))


@blueprint.post("/sessions/end-others")
@access(signed_in)
def end_others() -> ResponseReturnValue:
    with writing() as session:
        end_other_sessions(session, _me().account.id, now(), keep=_me().id)
    return _done(N_("Your other browsers were signed out."))


def _page(error: Invalid | None = None, typed: dict[str, str] | None = None) -> str:
    me = _me()
    with reading() as session:
        rows = sessions_of(session, me.account.id, now())
        factors, codes_left = factors_of(session, me.account.id), recovery_codes_left(session, me.account.id)
    browsers = [
        {"id": row.id, "since": row.created_at, "here": row.id == me.id, **_words(row.user_agent)} for row in rows
    ]
    account = me.account
    kept = {
        "display_name": account.display_name,
        "language": account.locale,
        "zone": account.zone,
        "theme": account.theme,
    }
    return render_template(
        "people/account.html",
        account=account,
        form=typed or kept,
        problems={error.field or "password": _(error.message, **error.parameters)} if error else {},
        suggestions=[_(text) for text in error.suggestions] if isinstance(error, WeakPassword) else [],
        language_choices=[(code, own_name(code)) for code in LANGUAGES],
        zone_choices=zone_choices(account.locale),
        theme_choices=[(name, _(words)) for name, words in THEMES.items()],
        browsers=browsers,
        factors=factors,
        codes_left=codes_left,
        demonstration=needs_no_factor(account),
        fresh=is_fresh_here(),
        shortest=SHORTEST,
        password_problem=error is not None and typed is None,
    )


def _words(user_agent: str) -> dict[str, str]:
    browser = browser_of(user_agent)
    return {"browser": browser.name, "system": browser.system}


def _done(message: str) -> ResponseReturnValue:
    reload()
    flash(_(message), "success")
    return redirect(url_for("account.page"), HTTPStatus.SEE_OTHER)


def _me() -> Found:
    found = current_sign_in()
    if found is None:
        raise SignInRequired
    return found
