"""Consultations in the application."""

from __future__ import annotations

from flask import Flask

from comity.consultations import arriving, file_views, handing_over_views, oversight_views
from comity.consultations.views import blueprint


def init_app(app: Flask) -> None:
    """Register the pages."""
    arriving.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(file_views.blueprint)
    for sending in (file_views.say, file_views.add):
        app.extensions["csrf"].exempt(sending)  # they check the token before they read on
    app.register_blueprint(oversight_views.blueprint)
    app.register_blueprint(handing_over_views.blueprint)
