"""The page of a practitioner, and the secretariat's form for where a liaison person is posted."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core import looking
from comity.core.audit import Look
from comity.core.errors import ComityError, Invalid
from comity.core.web import access, actor, now, origin, reading, writing
from comity.directory import choosing, keeping, posting, roster
from comity.directory.access import may_edit_entry, may_edit_record, may_propose_change, may_view_directory
from comity.directory.alive import past
from comity.directory.alive.due import record_of
from comity.directory.alive.history_views import as_it_was
from comity.directory.alive.pages import UNMARKED, marks
from comity.directory.alive.reporting import open_reports
from comity.directory.people_present import person_page
from comity.directory.readers import reader
from comity.directory.record import Practitioner
from comity.directory.snapshots import EntityKind
from comity.directory.visibility import SeenPractitioner
from comity.directory.vocabulary import PractitionerRole
from comity.people import looks

blueprint = Blueprint("people", __name__, url_prefix="/people", template_folder="templates")


@blueprint.get("/<public_id>")
@access(may_view_directory)
def page(public_id: str) -> str:
    """A person: what this reader may see. That somebody looked is noted before anything is shown. `?on=`: as it was."""
    if day := past.asked_day(request.args.get("on"), now()):
        return as_it_was(EntityKind.PRACTITIONER, public_id, day)
    with reading() as session:
        seen = roster.person(session, actor(), public_id)
        record = record_of(session, EntityKind.PRACTITIONER, public_id)
        # Where mail came back is said beside the address, to whoever may see that.
        against = marks(record, open_reports(session, record), None, reader()) if record else UNMARKED
    note_look(seen)
    own = actor().account_id if seen.is_self else None
    return render_template(
        "directory/person.html",
        page=person_page(seen, reader()),
        person=seen,
        may_edit=may_edit_entry(actor(), seen.authority_id, own),
        may_post=may_edit_record(actor()),
        marks=against,
        may_report=record is not None and not seen.is_self and may_propose_change(actor()),
        may_look_back=past.may_look_back(actor(), seen.authority_id, seen.account_id),
    )


@blueprint.get("/<public_id>/liaison")
@access(may_edit_record)
def liaison(public_id: str) -> str:
    with reading() as session:
        return _form(session, public_id, _kept(posting.practitioner(session, actor(), public_id)))


@blueprint.post("/<public_id>/liaison")
@access(may_edit_record)
def save_liaison(public_id: str) -> ResponseReturnValue:
    typed = _typed()
    try:
        with writing() as session:
            posting.save(session, actor(), now(), public_id, typed)
    except Invalid as problem:
        with reading() as session:
            return _form(session, public_id, typed, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."), "success")
    return redirect(url_for("directory.people.page", public_id=public_id), HTTPStatus.SEE_OTHER)


def note_look(seen: SeenPractitioner) -> None:
    """One's own entry is no look at somebody. Where it cannot be written, nothing is shown."""
    if seen.account_id is not None:
        looks.note(actor(), [seen.account_id], looks.Way.DIRECTORY)
        return
    topic = keeping.practitioner_topic(seen.public_id)
    post_id, here = next((post.id for post in actor().posts), None), origin()
    looking.note(
        (topic, actor().account_id, post_id, here),
        lambda _session: [Look(topic, looks.Way.DIRECTORY.value, actor().account_id, post_id, here)],
    )


def _kept(one: Practitioner) -> posting.Posted:
    role = one.role if one.role.is_liaison else PractitionerRole.LIAISON_MAGISTRATE
    posted = one.liaison
    if posted is None:
        return posting.Posted(role.value, "", "", (), "", "")
    until = posted.until.isoformat() if posted.until else ""
    return posting.Posted(
        role.value, posted.host_iso2, posted.city, tuple(posted.covers), posted.since.isoformat(), until
    )


def _typed() -> posting.Posted:
    form = request.form
    one = {name: form.get(name, "") for name in ("role", "host", "city", "since", "until")}
    return posting.Posted(**one, covers=tuple(form.getlist("covers")))


def _form(session: Session, public_id: str, typed: posting.Posted, problem: Invalid | None = None) -> str:
    seen = roster.person(session, actor(), public_id)
    states = choosing.states(session, reader().language)
    return render_template(
        "directory/liaison_form.html",
        page=person_page(seen, reader()),
        typed=typed,
        roles=choosing.terms(role for role in PractitionerRole if role.is_liaison),
        states=states,
        problems=problems(problem),
    )


def problems(problem: ComityError | None) -> dict[str, str]:
    """A refusal as the forms show it: the field it is about, and why."""
    return {problem.field or "form": _(problem.message, **problem.parameters)} if problem else {}
