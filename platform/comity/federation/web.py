"""Providers in the application: their pages, and what they add to the pages of people."""

from __future__ import annotations

import logging

from flask import Flask, url_for
from flask_babel import get_locale

from comity.core.errors import ComityError
from comity.core.outgoing import Outgoing
from comity.core.web import Services, reading, services
from comity.federation import listing, registry, views
from comity.federation.admission import open_token
from comity.federation.client import Client
from comity.federation.logout import end_url
from comity.people import ways
from comity.people.sessions import Found
from comity.people.ways import Way

log = logging.getLogger("comity.federation")


def init_app(app: Flask) -> None:
    """Register the views and the buttons."""
    found: Services = app.extensions["comity"]
    outgoing = Outgoing(loopback=found.config.outgoing_loopback)
    app.extensions[views.EXTENSION] = Client(outgoing, found.clock)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(listing.blueprint)
    # Providers report there, with a token that they signed.
    app.extensions["csrf"].exempt(views.back_channel)
    ways.init_app(app, ProviderWays())


class ProviderWays:
    """What `people.ways.Ways` asks for."""

    def to_sign_in(self, onward: str) -> list[Way]:
        with reading() as session:
            rows = registry.all_providers(session)
        return [Way(row.name, url_for("federation.begin_sign_in", code=row.code, next=onward)) for row in rows]

    def to_confirm(self, found: Found, onward: str) -> list[Way]:
        with reading() as session:
            rows = registry.confirming(session, found.account.id)
        return [Way(row.name, url_for("federation.begin_confirming", code=row.code, next=onward)) for row in rows]

    def out(self, found: Found) -> Way | None:
        """To the provider that vouched for the session, where it lets people sign out (RP-Initiated Logout 1.0)."""
        if found.vouched_by is None:
            return None
        with reading() as session:
            visit = registry.visit(session, found.vouched_by)
        if visit is None:
            return None
        key, provider = services().config.secret_key, visit.provider
        try:
            metadata = views.client().metadata(registry.settings(provider, key))
        except ComityError:
            log.warning("signing out at the provider %s was not possible", provider.code)
            return None
        back = services().config.base_url + url_for("people.sign_in")
        url = end_url(metadata, provider.client_id, open_token(visit, key), back, str(get_locale()))
        return Way(provider.name, url) if url else None
