"""The pages of the directory, and the answers to its search island."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from comity.core.web import access, now, reading
from comity.directory import arrangements, notices, roster, services
from comity.directory.access import may_edit_record, may_propose_change, may_view_directory
from comity.directory.alive import past
from comity.directory.alive.due import Record
from comity.directory.alive.pages import UNMARKED, as_of_words, marks
from comity.directory.alive.reporting import open_reports
from comity.directory.arranged import arrangement_rows
from comity.directory.browse import groups, state_line
from comity.directory.facts import Reader, state_facts
from comity.directory.labels import label
from comity.directory.models import Authority, State
from comity.directory.names import state_name
from comity.directory.noticed import notice_rows
from comity.directory.people_present import away_words, person_rows
from comity.directory.present import authority_page, authority_row, network_links
from comity.directory.readers import reader as _reader
from comity.directory.readers import today
from comity.directory.search.spelling import Spelling
from comity.directory.vetting import deputies
from comity.directory.vocabulary import Part
from comity.people import looks

blueprint = Blueprint("directory", __name__, url_prefix="/directory", template_folder="templates")
_MOST_SUGGESTED = 10


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the directory as a tab."""

    label: str
    url: str
    current: bool
    count: int


@blueprint.route("")
@access(may_view_directory)
def index() -> str:
    """Search, or everything by regional group."""
    asked = request.args.get("q", "").strip()
    return _found(asked) if asked else _browse()


@blueprint.route("/search.json")
@access(may_view_directory)
def suggest() -> Response:
    """What a combobox shows while somebody types: `{results: [{name, detail, language, direction, url}], words}`."""
    reader = _reader()
    with reading() as session:
        found = services.search(session, reader.actor, _spelling(), request.args.get("q", ""), _MOST_SUGGESTED)
        results = [_suggestion(thing, reader) for thing in found.both]
    words = ngettext("%(num)s result", "%(num)s results", len(results))
    return jsonify(results=results, words=words)


@blueprint.route("/states/<iso2>")
@access(may_view_directory)
def state(iso2: str) -> str:
    """A State: its authorities in both parts, what it notified, who is posted there, and who is at their desk now.

    `?on=2025-10-01`: it and its authorities as they were that day.
    """
    reader, on = _reader(), past.asked_day(request.args.get("on"), now())
    with reading() as session:
        found = services.state(session, reader.actor, iso2)
        authorities = past.authorities_on(session, found, on) if on else found.authorities
        then = past.state_on(session, found, on) if on else found
        rows = {part: [authority_row(a, reader) for a in authorities if a.part is part] for part in Part}
        return render_template(
            "directory/state.html",
            name=state_name(found.iso2, reader.language),
            iso2=found.iso2,
            parts=[(part.value, _(label(part)), rows[part]) for part in Part],
            facts=state_facts(then, reader) if then else (),
            past=as_of_words(on, reader.language) if on else "",
            networks=network_links(found.networks),
            may_edit=may_edit_record(reader.actor),
            **({} if on else _around(session, found, reader)),
            invented=any(authority.demonstration for authority in found.authorities),
        )


@blueprint.route("/authorities/<int:authority_id>")
@access(may_view_directory)
def authority(authority_id: int) -> str:
    """An authority: the record, who is there now, and the way to a consultation. `?on=`: the record as it was."""
    reader, on = _reader(), past.asked_day(request.args.get("on"), now())
    with reading() as session:
        found = services.authority(session, reader.actor, authority_id)
        if on is not None:
            return _authority_on(session, found, reader, on)
        people = roster.people_of(session, reader.actor, authority_id)
        posted_here = roster.liaison_in(session, reader.actor, found.state_iso2, today())
        away = away_words(deputies.away_now(session, [authority_id], reader.now), reader)
        looks.note(reader.actor, [one.account_id for one in people if one.account_id is not None], looks.Way.DIRECTORY)
        record = Record(found, found)
        return render_template(
            "directory/authority.html",
            page=authority_page(found, reader),
            authority=found,
            marks=marks(record, open_reports(session, record), found.mailbox_bounced_at, reader),
            past="",
            may_propose=may_propose_change(reader.actor),
            people=person_rows([one for one in people if not one.liaison], reader, away),
            posted_elsewhere=person_rows([one for one in people if one.liaison], reader, away),
            posted_here=person_rows(posted_here, reader),
        )


def _around(session: Session, state: State, reader: Reader) -> dict[str, Any]:
    """What a State's page says of today beside its own record."""
    posted_here = roster.liaison_in(session, reader.actor, state.iso2, today())
    posted_elsewhere = roster.liaison_from(session, reader.actor, state.iso2, today())
    crossing = arrangements.all_arrangements(session, reader.actor, state.iso2)
    return {
        "notifications": notice_rows(notices.chains(session, reader.actor, state.iso2), reader),
        "posted_here": person_rows(posted_here, reader),
        "posted_elsewhere": person_rows(posted_elsewhere, reader),
        "arrangements": arrangement_rows(crossing, reader),
    }


def _authority_on(session: Session, found: Authority, reader: Reader, on: date) -> str:
    then, words = past.authority_on(session, found, on), as_of_words(on, reader.language)
    if then is None:
        return render_template("directory/alive/no_entry.html", row=authority_row(found, reader), past=words)
    page = authority_page(then, reader)
    return render_template("directory/authority.html", page=page, authority=then, marks=UNMARKED, past=words)


def _found(asked: str) -> str:
    reader = _reader()
    with reading() as session:
        found = services.search(session, reader.actor, _spelling(), asked)
        part = _part(found.best_part)
        return render_template(
            "directory/found.html",
            asked=asked,
            states=[state_line(state, reader.language) for state in found.states],
            rows=[authority_row(authority, reader) for authority in found.authorities(part)],
            part=_(label(part)),
            tabs=_tabs(part, {one: len(found.authorities(one)) for one in Part}, asked),
            nothing=not found.both,
            words=ngettext("%(num)s result", "%(num)s results", len(found.both)),
        )


def _browse() -> str:
    reader = _reader()
    part = _part(Part.A)
    with reading() as session:
        states = services.all_states(session, reader.actor)
        counts = services.entry_counts(session, reader.actor)
    totals = {one: sum(count for (_iso2, of), count in counts.items() if of is one) for one in Part}
    return render_template(
        "directory/browse.html",
        groups=groups(states, counts, part, reader.language),
        part=_(label(part)),
        tabs=_tabs(part, totals, ""),
    )


def _suggestion(thing: State | Authority, reader: Reader) -> dict[str, Any]:
    if isinstance(thing, State):
        line = state_line(thing, reader.language)
        return {"name": line.name, "detail": line.region, "language": "", "direction": "", "url": line.url}
    row = authority_row(thing, reader)
    return {
        "name": row.name,
        "detail": " · ".join((row.state, row.kind, *((row.trust.words,) if row.stale else ()))),
        "language": "en",
        "direction": "ltr",
        "url": row.url,
    }


def _tabs(current: Part, counts: dict[Part, int], asked: str) -> list[Tab]:
    return [
        Tab(_(label(part)), url_for("directory.index", part=part.value, q=asked or None), part is current, counts[part])
        for part in Part
    ]


def _part(otherwise: Part) -> Part:
    wanted = request.args.get("part")
    return Part(wanted) if wanted in set(Part) else otherwise


def _spelling() -> Spelling:
    found: Spelling = current_app.extensions["comity.directory"]
    return found
