"""Language and theme, chosen from any page, signed in or not: kept in a cookie, and in the account if there is one."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from comity.core.web import access, public, services, writing
from comity.people.preferences import choose_language, choose_theme, known_language, known_theme, local_path
from comity.people.signin import current_account

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")

LANGUAGE_COOKIE, THEME_COOKIE = "comity_language", "comity_theme"
_A_YEAR = 365 * 24 * 3600


@blueprint.post("/language")
@access(public)
def language() -> ResponseReturnValue:
    chosen, account = known_language(request.form.get("language", "")), current_account()
    if account is not None:
        with writing() as session:
            choose_language(session, account.id, chosen)
    return _kept(LANGUAGE_COOKIE, chosen)


@blueprint.post("/theme")
@access(public)
def theme() -> ResponseReturnValue:
    chosen, account = known_theme(request.form.get("theme", "")), current_account()
    if account is not None:
        with writing() as session:
            choose_theme(session, account.id, chosen)
    return _kept(THEME_COOKIE, chosen)


def cookie_named(name: str) -> str:
    """The cookie's whole name: behind TLS no other host and no plain page can set it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if services().config.secure else name


def _kept(name: str, value: str) -> Response:
    """Back to the page the choice was made on, or nothing for a script that stays there (Fetch metadata)."""
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        response = Response(status=HTTPStatus.NO_CONTENT)
    else:
        response = redirect(_back(), HTTPStatus.SEE_OTHER)
    secure = services().config.secure
    response.set_cookie(cookie_named(name), value, max_age=_A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _back() -> str:
    """The form says where it stood; else the Referer does, when it is a page of ours."""
    referrer = urlsplit(request.referrer or "")
    ours = referrer.path if referrer.netloc == request.host else None
    return local_path(request.form.get("next"), local_path(ours))
