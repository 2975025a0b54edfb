"""The pages of States and authorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core.web import access, now, reading
from comity.directory import arrangements, notices, roster, services
from comity.directory.access import may_edit_record, may_export, may_propose_change, may_view_directory
from comity.directory.alive import past
from comity.directory.alive.due import Record
from comity.directory.alive.pages import UNMARKED, as_of_words, marks
from comity.directory.alive.reporting import open_reports
from comity.directory.arranged import arrangement_rows
from comity.directory.facts import Reader, state_facts
from comity.directory.labels import label
from comity.directory.models import Authority, State
from comity.directory.names import state_name
from comity.directory.noticed import notice_rows
from comity.directory.people_present import away_words, person_rows
from comity.directory.present import authority_page, authority_row, network_links
from comity.directory.readers import reader, today
from comity.directory.vetting import deputies
from comity.directory.vocabulary import Part
from comity.people import looks

blueprint = Blueprint("directory", __name__, url_prefix="/directory", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the directory as a tab."""

    label: str
    url: str
    current: bool
    count: int


@blueprint.route("/states/<iso2>")
@access(may_view_directory)
def state(iso2: str) -> str:
    """A State: its authorities in both parts, what it notified, who is posted there, and who is at their desk now.

    `?on=2025-10-01`: it and its authorities as they were that day.
    """
    me, on = reader(), past.asked_day(request.args.get("on"), now())
    with reading() as session:
        found = services.state(session, me.actor, iso2)
        authorities = past.authorities_on(session, found, on) if on else found.authorities
        then = past.state_on(session, found, on) if on else found
        rows = {part: [authority_row(a, me) for a in authorities if a.part is part] for part in Part}
        return render_template(
            "directory/state.html",
            name=state_name(found.iso2, me.language),
            iso2=found.iso2,
            parts=[(part.value, _(label(part)), rows[part]) for part in Part],
            facts=state_facts(then, me) if then else (),
            past=as_of_words(on, me.language) if on else "",
            networks=network_links(found.networks),
            may_edit=may_edit_record(me.actor),
            may_export=may_export(me.actor),
            **({} if on else _around(session, found, me)),
            invented=any(authority.demonstration for authority in found.authorities),
        )


@blueprint.route("/authorities/<int:authority_id>")
@access(may_view_directory)
def authority(authority_id: int) -> str:
    """An authority: the record, who is there now, and the way to a consultation. `?on=`: the record as it was."""
    me, on = reader(), past.asked_day(request.args.get("on"), now())
    with reading() as session:
        found = services.authority(session, me.actor, authority_id)
        if on is not None:
            return _authority_on(session, found, me, on)
        people = roster.people_of(session, me.actor, authority_id)
        posted_here = roster.liaison_in(session, me.actor, found.state_iso2, today())
        away = away_words(deputies.away_now(session, [authority_id], me.now), me)
        looks.note(me.actor, [one.account_id for one in people if one.account_id is not None], looks.Way.DIRECTORY)
        record = Record(found, found)
        return render_template(
            "directory/authority.html",
            page=authority_page(found, me),
            authority=found,
            marks=marks(record, open_reports(session, record), found.mailbox_bounced_at, me),
            past="",
            may_propose=may_propose_change(me.actor),
            people=person_rows([one for one in people if not one.liaison], me, away),
            posted_elsewhere=person_rows([one for one in people if one.liaison], me, away),
            posted_here=person_rows(posted_here, me),
        )


def _around(session: Session, state: State, me: Reader) -> dict[str, Any]:
    """What a State's page says of today beside its own record."""
    posted_here = roster.liaison_in(session, me.actor, state.iso2, today())
    posted_elsewhere = roster.liaison_from(session, me.actor, state.iso2, today())
    crossing = arrangements.all_arrangements(session, me.actor, state.iso2)
    return {
        "notifications": notice_rows(notices.chains(session, me.actor, state.iso2), me),
        "posted_here": person_rows(posted_here, me),
        "posted_elsewhere": person_rows(posted_elsewhere, me),
        "arrangements": arrangement_rows(crossing, me),
    }


def _authority_on(session: Session, found: Authority, me: Reader, on: date) -> str:
    then, words = past.authority_on(session, found, on), as_of_words(on, me.language)
    if then is None:
        return render_template("directory/alive/no_entry.html", row=authority_row(found, me), past=words)
    page = authority_page(then, me)
    return render_template("directory/authority.html", page=page, authority=then, marks=UNMARKED, past=words)


def part_address(part: Part) -> str:
    """The address of everything in a part."""
    return url_for("directory.index", part=part.value)
