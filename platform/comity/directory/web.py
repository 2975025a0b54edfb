"""The directory in the application."""

from __future__ import annotations

from flask import Flask

from comity.directory import own_look_views
from comity.directory.search.spelling import Spelling
from comity.directory.vetting import people_views, public_views, secretariat_views
from comity.directory.views import blueprint


def init_app(app: Flask) -> None:
    """Register the pages; one vocabulary for typing errors per process."""
    app.extensions["comity.directory"] = Spelling()
    app.register_blueprint(blueprint)
    app.register_blueprint(own_look_views.blueprint)
    for views in (people_views, secretariat_views, public_views):
        app.register_blueprint(views.blueprint)
