"""The application: one visible list of the domains, and what every page shares."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from comity.app import apipage, assets, auditpage, callers, errors, headers, home, mailpage, navigation
from comity.app.hosts import OwnHosts, own_hosts
from comity.consultations import web as consultations
from comity.core import times, web
from comity.core.actor import Actor
from comity.core.clock import Clock, SystemClock
from comity.core.config import Config
from comity.core.db import Database
from comity.core.i18n import CATALOGUES, DEFAULT_LANGUAGE, LANGUAGES, listed, own_name, text_direction
from comity.directory import web as directory
from comity.directory.acting import actor_for
from comity.federation import web as federation
from comity.live import web as live
from comity.people import web as people
from comity.rooms import web as rooms

ROOF = (errors.init_app, headers.init_app, assets.init_app, home.init_app, mailpage.init_app, auditpage.init_app)
DOMAINS = (
    people.init_app,
    directory.init_app,
    federation.init_app,
    consultations.init_app,
    rooms.init_app,
    live.init_app,
    apipage.init_app,
)
_MOST_BYTES = 2 * 1024 * 1024


def create_app(config: Config, clock: Clock | None = None) -> Flask:
    """The web application.

    config: read once at start. clock: the machine's own when absent.
    """
    app = Flask("comity.app", static_folder=str(assets.static_root()), static_url_path="/static")
    cookie = "__Host-comity" if config.secure else "comity"
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME=cookie,
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        MAX_CONTENT_LENGTH=_MOST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=config.secure,
        BABEL_TRANSLATION_DIRECTORIES=str(CATALOGUES),
        BABEL_DEFAULT_LOCALE=DEFAULT_LANGUAGE,
    )
    database = Database(config.database_url, synchronous=config.sqlite_synchronous, keys=config.master_keys)
    app.extensions["comity"] = web.Services(config, database, clock or SystemClock())
    app.extensions["comity.actor"] = _load_actor
    callers.init_app(app, actor_for)
    CSRFProtect(app)
    Babel(app, locale_selector=people.current_locale, timezone_selector=_zone)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for init_app in (*ROOF, *DOMAINS):
        init_app(app)
    app.wsgi_app = OwnHosts(app.wsgi_app, own_hosts(config))  # type: ignore[method-assign]
    if hops := config.trusted_proxies:
        # Outermost, so that sockets too are known by the address behind the proxies.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.context_processor(_shared)
    web.guard(app)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return app


def _load_actor() -> Actor | None:
    if web.is_call():
        return callers.load()
    account = people.current_account()
    if account is None:
        return None
    with web.reading() as session:
        return actor_for(session, account, web.now())


def _zone() -> str | None:
    actor = web.optional_actor()
    return actor.zone if actor else None


def _shared() -> dict[str, Any]:
    locale = str(people.current_locale())
    actor = web.optional_actor()
    zone = actor.zone if actor else "UTC"
    return {
        "current_user": actor,
        "locale": locale,
        "text_direction": text_direction(locale),
        "languages": [(code, own_name(code)) for code in LANGUAGES],
        "theme": people.current_theme(),
        "nav": navigation.entries(actor),
        "demo": web.services().config.demo,
        "listed": lambda words: listed(words, locale),
        "both_zones": lambda moment, other=None: times.both_zones(moment, locale, zone, other),
    }
