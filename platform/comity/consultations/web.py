"""Consultations in the application."""

from __future__ import annotations

from flask import Flask

from comity.consultations import oversight_views
from comity.consultations.views import blueprint


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.register_blueprint(oversight_views.blueprint)
