"""Registers the rooms with the application."""

from __future__ import annotations

from flask import Flask

from comity.core.web import Services
from comity.rooms import views
from comity.rooms.room_service import RoomService
from comity.rooms.tokens import MediaKey


def init_app(app: Flask) -> None:
    """Add the room page, its calls, and the place where the media server reports."""
    found: Services = app.extensions["comity"]
    media = MediaKey(found.config.media_key, found.config.media_secret)
    app.extensions[views.EXTENSION] = RoomService(found.config.media_url, media, found.clock)
    app.register_blueprint(views.blueprint)
    # A machine reports there, with a signature of its own over the body.
    app.extensions["csrf"].exempt(views.webhook)
