"""The pages of histories."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from comity.core import audit
from comity.core.errors import NotFound
from comity.core.web import access, actor, now, origin, reading, writing
from comity.directory import history
from comity.directory.access import may_view_directory
from comity.directory.alive.pages import as_of_words, field_facts, version_lines
from comity.directory.alive.past import history_of, named
from comity.directory.snapshots import EntityKind

blueprint = Blueprint("history", __name__, url_prefix="/directory")
_PAGES = {
    EntityKind.NETWORK: ("directory.networks.page", "code"),
    EntityKind.NOTIFICATION: ("directory.notifications.page", "code"),
    EntityKind.ARRANGEMENT: ("directory.arrangements.page", "code"),
    EntityKind.PRACTITIONER: ("directory.people.page", "public_id"),
}
"""Endpoint and argument of a record's own page."""


@blueprint.get("/authorities/<int:authority_id>/history")
@access(may_view_directory)
def authority(authority_id: int) -> str:
    return _page(EntityKind.AUTHORITY, str(authority_id), url_for("directory.authority", authority_id=authority_id))


@blueprint.get("/states/<iso2>/history")
@access(may_view_directory)
def state(iso2: str) -> str:
    return _page(EntityKind.STATE, iso2.upper(), url_for("directory.state", iso2=iso2.upper()))


@blueprint.get("/networks/<ref>/history", defaults={"kind": EntityKind.NETWORK})
@blueprint.get("/notifications/<ref>/history", defaults={"kind": EntityKind.NOTIFICATION})
@blueprint.get("/arrangements/<ref>/history", defaults={"kind": EntityKind.ARRANGEMENT})
@blueprint.get("/people/<ref>/history", defaults={"kind": EntityKind.PRACTITIONER})
@access(may_view_directory)
def other(kind: EntityKind, ref: str) -> str:
    return _page(kind, ref, _url(kind, ref))


def _url(kind: EntityKind, ref: str) -> str:
    endpoint, argument = _PAGES[kind]
    given: dict[str, Any] = {argument: ref}
    return url_for(endpoint, **given)


def note_look(ref: str) -> None:
    """Write into the audit trail that somebody looks at a person's history, before anything of it is shown."""
    with reading() as session:
        _person, entity = history_of(session, actor(), EntityKind.PRACTITIONER, ref)
        post_id = actor().posts[0].id if actor().posts else None
        look = audit.Look(entity.topic, "access.history", actor().account_id, post_id, origin())
        if not audit.is_due(session, look, now()):
            return
    with writing() as session:
        audit.record(session, look, now())


def as_it_was(kind: EntityKind, ref: str, day: date) -> str:
    """The page of a record as it stood when a day was over, for whoever may read its history. Raises NotFound."""
    language = str(get_locale() or "en")
    if kind is EntityKind.PRACTITIONER:
        note_look(ref)
    with reading() as session:
        thing, entity = history_of(session, actor(), kind, ref)
        found = history.on(session, entity, day)
        name, name_language = named(thing, language)
        return render_template(
            "directory/alive/record_on.html",
            name=found.fields.get("name", name) if found else name,
            name_language=name_language,
            url=_url(kind, ref),
            facts=field_facts(entity, found.fields, language) if found else (),
            past=as_of_words(day, language),
        )


def _page(kind: EntityKind, ref: str, record_url: str) -> str:
    language = str(get_locale() or "en")
    if kind is EntityKind.PRACTITIONER:
        note_look(ref)
    with reading() as session:
        thing, entity = history_of(session, actor(), kind, ref)
        found = history.versions(session, entity)
        if not found:
            raise NotFound
        name, name_language = named(thing, language)
        return render_template(
            "directory/alive/history.html",
            name=name,
            name_language=name_language,
            record_url=record_url,
            lines=version_lines(entity, found, language),
            first=found[0].valid_from.date().isoformat(),
            today=now().date().isoformat(),
            title=_("History"),
        )
