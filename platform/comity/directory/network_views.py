"""The pages of regional networks, and the secretariat's forms for them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Invalid
from comity.core.web import access, actor, now, reading, writing
from comity.directory import choosing, networks, roster
from comity.directory.access import may_edit_record, may_export, may_view_directory
from comity.directory.alive import past
from comity.directory.alive.history_views import as_it_was
from comity.directory.models import Network
from comity.directory.names import state_name
from comity.directory.networked import coordinator_rows, network_page, network_row
from comity.directory.people_present import person_rows
from comity.directory.people_views import problems
from comity.directory.readers import reader
from comity.directory.snapshots import EntityKind

blueprint = Blueprint("networks", __name__, url_prefix="/networks", template_folder="templates")


@blueprint.get("")
@access(may_view_directory)
def index() -> str:
    """All networks."""
    with reading() as session:
        people = networks.sizes(session, actor())
        rows = [network_row(one, people, reader()) for one in networks.all_networks(session, actor())]
    return render_template("directory/networks.html", rows=rows)


@blueprint.get("/<code>")
@access(may_view_directory)
def page(code: str) -> str:
    """A network: what it is, who coordinates it, its members, and who takes part. `?on=`: as it was."""
    if day := past.asked_day(request.args.get("on"), now()):
        return as_it_was(EntityKind.NETWORK, code, day)
    with reading() as session:
        found = networks.network(session, actor(), code)
        coordinators = networks.coordinators(session, actor(), code, now())
        shown = network_page(
            found,
            coordinators,
            roster.people_at(session, actor(), [one.post_id for one in coordinators]),
            networks.sizes(session, actor()),
            reader(),
        )
        people = person_rows(roster.people_in_network(session, actor(), code), reader())
    return render_template(
        "directory/network.html",
        page=shown,
        people=people,
        may_edit=may_edit_record(actor()),
        may_export=may_export(actor()),
    )


@blueprint.get("/<code>/edit")
@access(may_edit_record)
def edit(code: str) -> str:
    return _form(code)


@blueprint.post("/<code>/edit")
@access(may_edit_record)
def save(code: str) -> ResponseReturnValue:
    typed = _typed()
    try:
        with writing() as session:
            networks.save(session, actor(), now(), code, typed)
    except Invalid as problem:
        return _form(code, typed, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."), "success")
    return redirect(url_for("directory.networks.page", code=code), HTTPStatus.SEE_OTHER)


@blueprint.post("/<code>/coordinators")
@access(may_edit_record)
def appoint(code: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            networks.appoint_coordinator(session, actor(), now(), code, request.form.get("post", ""))
    except Invalid as problem:
        return _form(code, None, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(code)


@blueprint.post("/<code>/coordinators/<int:coordinator_id>/end")
@access(may_edit_record)
def end(code: str, coordinator_id: int) -> ResponseReturnValue:
    with writing() as session:
        networks.end_coordination(session, actor(), now(), code, coordinator_id)
    return _back(code)


def _back(code: str) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for("directory.networks.edit", code=code), HTTPStatus.SEE_OTHER)


def _kept(one: Network) -> networks.Described:
    return networks.Described(
        name=one.name,
        full_name=one.full_name,
        year=str(one.year),
        web=one.web or "",
        about=one.about,
        languages=tuple(one.languages),
        members=tuple(state.iso2 for state in one.members),
    )


def _typed() -> networks.Described:
    form = request.form
    one = {name: form.get(name, "") for name in ("name", "full_name", "year", "web", "about")}
    return networks.Described(**one, languages=tuple(form.getlist("languages")), members=tuple(form.getlist("members")))


def _form(code: str, typed: networks.Described | None = None, problem: Invalid | None = None) -> str:
    language = reader().language
    with reading() as session:
        found = networks.network(session, actor(), code)
        posts = [
            (str(post.id), f"{state_name(post.authority.state_iso2, language)}: {post.authority.name_en}, {post.title}")
            for post in networks.all_posts(session, actor())
        ]
        return render_template(
            "directory/network_form.html",
            network=found,
            typed=typed or _kept(found),
            coordinators=coordinator_rows(networks.coordinators(session, actor(), code, now()), reader()),
            posts=posts,
            states=choosing.states(session, language),
            languages=choosing.languages(language, (typed or _kept(found)).languages),
            problems=problems(problem),
        )
