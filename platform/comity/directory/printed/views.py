"""Cards for address books, and a State's entry to print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.i18n import LANGUAGES
from comity.core.web import access, actor, now, reading, services, writing
from comity.directory import keeping, roster
from comity.directory.access import may_export, may_view_directory
from comity.directory.people_views import note_look
from comity.directory.printed import book, carding
from comity.directory.printed.typesetting import typeset
from comity.directory.printed.vcards import MEDIA_TYPE, Card, Version, write
from comity.directory.snapshots import Entity, EntityKind

blueprint = Blueprint("printed", __name__)


@blueprint.get("/cards/authorities/<int:authority_id>.vcf")
@access(may_view_directory)
def authority_card(authority_id: int) -> Response:
    with reading() as session:
        cards = carding.of_authority(session, actor(), authority_id, _base())
    return _cards(cards, f"authority-{authority_id}")


@blueprint.get("/cards/people/<public_id>.vcf")
@access(may_view_directory)
def person_card(public_id: str) -> Response:
    """A person's card: what this reader may see. That somebody looked is noted before anything leaves."""
    with reading() as session:
        seen = roster.person(session, actor(), public_id)
    note_look(seen)
    return _cards([carding.person_card(seen, _base())], "person")


@blueprint.get("/cards/states/<iso2>.vcf")
@access(may_export)
def state_cards(iso2: str) -> Response:
    """The cards of a State's authorities and people."""
    topic = Entity(EntityKind.STATE, iso2.upper()).topic
    return _many(carding.of_state, iso2, topic, "state.cards", iso2.lower())


@blueprint.get("/cards/networks/<code>.vcf")
@access(may_export)
def network_cards(code: str) -> Response:
    """The cards of a network's authorities and people."""
    return _many(carding.of_network, code, Entity(EntityKind.NETWORK, code).topic, "network.cards", code)


@blueprint.get("/print/states/<iso2>.pdf")
@access(may_view_directory)
def state_entry(iso2: str) -> Response:
    """A State's entry as PDF. language: one of the six; the page's when absent."""
    wanted = request.args.get("language", "")
    language = wanted if wanted in LANGUAGES else str(get_locale() or "en")
    with reading() as session:
        gathered = book.entry(session, actor(), iso2, language, now())
    answer = make_response(typeset(gathered, fonts()))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{iso2.lower()}-{language}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def fonts() -> Path:
    """The fonts of the build."""
    return Path(current_app.static_folder or "") / "fonts"


def _many(
    gather: Callable[[Session, Actor, str, str], list[Card]], key: str, topic: str, kind: str, name: str
) -> Response:
    """Many cards at once leave a line in the journal before they leave."""
    with writing() as session:
        cards = gather(session, actor(), key, _base())
        keeping.tell(session, actor(), now(), topic, kind, {"cards": len(cards)})
    return _cards(cards, name)


def _cards(cards: list[Card], name: str) -> Response:
    """version: 3.0 for address books that know no 4.0."""
    version = Version.V3 if request.args.get("version") == Version.V3.value else Version.V4
    answer = make_response(write(cards, version))
    answer.headers["Content-Type"] = f"{MEDIA_TYPE}; charset=utf-8; version={version.value}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.vcf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _base() -> str:
    return services().config.base_url.rstrip("/")
