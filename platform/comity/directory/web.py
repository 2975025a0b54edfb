"""The directory in the application."""

from __future__ import annotations

from flask import Flask

from comity.directory import (
    arrangement_views,
    compare_views,
    entry_views,
    network_views,
    notification_views,
    own_look_views,
    people_views,
    state_views,
)
from comity.directory.alive import confirmation_views, history_views, proposal_views
from comity.directory.ask_views import ask
from comity.directory.coverage import views as coverage_views
from comity.directory.exchange import views as exchange_views
from comity.directory.guidance import edit_views as guidance_edit_views
from comity.directory.guidance import views as guidance_views
from comity.directory.printed import views as printed_views
from comity.directory.search.memory import Memory
from comity.directory.search_views import index, suggest
from comity.directory.vetting import people_views as vetting_people
from comity.directory.vetting import public_views, secretariat_views
from comity.directory.views import blueprint

for _pages in (
    people_views,
    network_views,
    notification_views,
    arrangement_views,
    state_views,
    guidance_views,
    guidance_edit_views,
    compare_views,
    coverage_views,
    exchange_views,
    printed_views,
):
    blueprint.register_blueprint(_pages.blueprint)


def init_app(app: Flask) -> None:
    """Register the pages; one memory of the search rows per process."""
    app.extensions["comity.directory"] = Memory()
    app.register_blueprint(blueprint)
    app.register_blueprint(own_look_views.blueprint)
    for views in (vetting_people, secretariat_views, public_views):
        app.register_blueprint(views.blueprint)
    app.register_blueprint(entry_views.blueprint)
    for module in (history_views, proposal_views, confirmation_views):
        app.register_blueprint(module.blueprint)
    for path, view in (("", index), ("/search.json", suggest), ("/ask", ask)):
        app.add_url_rule(f"{blueprint.url_prefix}{path}", f"{blueprint.name}.{view.__name__}", view)
    exchange_views.allow_uploads(app)
