"""People at the web's edge: what the application composes, and what every domain may ask about the reader."""

from __future__ import annotations

from flask import Flask, g, request

from comity.core.i18n import LANGUAGES, best_language
from comity.core.web import Services
from comity.people import (
    account_views,
    factor_views,
    known,
    limits,
    own_factor_views,
    passkey_views,
    preference_views,
    signin,
    stepup,
    views,
)
from comity.people.models import Account
from comity.people.oauth import web as oauth
from comity.people.preference_views import LANGUAGE_COOKIE, THEME_COOKIE, cookie_named
from comity.people.preferences import THEMES
from comity.people.signin import current_account, current_half, current_sign_in

__all__ = ["current_account", "current_locale", "current_sign_in", "current_theme", "init_app"]


def init_app(app: Flask) -> None:
    """Register the views, count attempts, keep sessions alive."""
    services: Services = app.extensions["comity"]
    limits.init_app(app, services.config.redis_url)
    signin.init_app(app)
    known.init_app(app)
    stepup.init_app(app)
    for module in (views, factor_views, passkey_views, account_views, own_factor_views, preference_views):
        app.register_blueprint(module.blueprint)
    oauth.init_app(app)


def current_locale() -> str:
    """The reader's language: their own when signed in, else as chosen here, as invited, or as the browser asks."""
    account = _whoever()
    if account is not None:
        return account.locale
    for wanted in (request.cookies.get(cookie_named(LANGUAGE_COOKIE)), g.get("invited_locale")):
        if wanted in LANGUAGES:
            return str(wanted)
    return best_language(request.accept_languages.values())


def current_theme() -> str:
    """The reader's theme: auto, light or dark."""
    account = _whoever()
    chosen = account.theme if account is not None else request.cookies.get(cookie_named(THEME_COOKIE))
    return chosen if chosen in THEMES else "auto"


def _whoever() -> Account | None:
    """Who sits there, before the second factor already: for what the page looks like, never for what it shows."""
    found = current_sign_in()
    if found is not None:
        return found.account
    half = current_half() if request.endpoint in {"factors.code", "factors.code_submit"} else None
    return half.account if half else None
