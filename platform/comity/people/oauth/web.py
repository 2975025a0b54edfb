"""The authorisation server in the application."""

from __future__ import annotations

from flask import Flask

from comity.people.oauth import consent, endpoints, pages


def init_app(app: Flask) -> None:
    """Register the addresses. Machines carry no cookie, so their requests cannot be forged by one."""
    for module in (endpoints, consent, pages):
        app.register_blueprint(module.blueprint)
    for view in (endpoints.token, endpoints.revoke, endpoints.introspect):
        app.extensions["csrf"].exempt(view)
