"""The directory's part of the API: States, authorities with filters and search, one record."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from comity.core import cursors
from comity.core.api import (
    CURSOR,
    LIMIT,
    ON_A_PAGE,
    TRUTH,
    Answer,
    Call,
    Operation,
    Parameter,
    listed,
    obj,
    one_of,
    page_of,
    text,
    whole,
)  # fmt: skip
from comity.core.problems import Fault, Unfit
from comity.core.web import services as edge
from comity.directory import records, roster, searching, services
from comity.directory.access import may_view_directory
from comity.directory.listing import Filter, authorities
from comity.directory.models import Authority
from comity.directory.names import state_name
from comity.directory.records import AUTHORITY, SUMMARY
from comity.directory.search.memory import Memory
from comity.directory.vocabulary import AuthorityKind, Function, Part, RegionalGroup, StateKind
from comity.people import looks

_SCOPES = ("directory.read", "dav")
_MOST_FOUND = 100
_CODE = text("ISO 3166-1 alpha-2", pattern="^[A-Z]{2}$")
_STATE = obj(
    code=_CODE,
    name=text("In the language of the token's person"),
    kind=one_of(StateKind),
    region=one_of(RegionalGroup),
    party=TRUTH,
    languages=listed(text("ISO 639")),
    zone=text("IANA name, at the seat of government"),
    authorities=obj(a=whole("Entries in part A"), b=whole("Entries in part B")),
)


def _states(session: Session, call: Call) -> Answer:
    counts = services.entry_counts(session, call.actor)
    items = [
        {
            "code": state.iso2,
            "name": state_name(state.iso2, call.actor.locale),
            "kind": state.kind.value,
            "region": state.region.value,
            "party": state.party,
            "languages": state.languages,
            "zone": state.zone,
            "authorities": {part.value: counts[state.iso2, part] for part in Part},
        }
        for state in services.all_states(session, call.actor)
    ]
    return Answer({"items": items})


def _authorities(session: Session, call: Call) -> Answer:
    wanted = Filter(call.text("state"), call.text("part"), call.text("kind"), call.text("function"))
    asked, limit = call.text("q").strip(), call.number("limit", ON_A_PAGE)
    name = f"authorities {asked} {wanted}"
    secret = edge().config.secret_key
    after = int(cursors.read(secret, name, call.text("cursor"))) if "cursor" in call.values else 0
    if asked:
        found = _found(session, call, asked, wanted)
        shown, more = found[after : after + limit], len(found) > after + limit
        reached = after + limit
    else:
        rows = authorities(session, call.actor, wanted, after, limit + 1)
        shown, more = list(rows[:limit]), len(rows) > limit
        reached = shown[-1].id if shown else after
    further = {"cursor": cursors.write(secret, name, reached)} if more else None
    return Answer({"items": [records.summary(authority, call) for authority in shown]}, further)


def _found(session: Session, call: Call, asked: str, wanted: Filter) -> list[Authority]:
    """The authorities that a search finds, best first."""
    if "\0" in asked:
        raise Unfit((Fault("q", "holds a character that no name has"),))
    memory: Memory = current_app.extensions["comity.directory"]
    found = searching.suggest(session, call.actor, memory, asked, _MOST_FOUND)
    return [thing for thing in found.things if isinstance(thing, Authority) and wanted.fits(thing)]


def _authority(session: Session, call: Call) -> Answer:
    found = services.authority(session, call.actor, call.number("authority"))
    people = roster.people_of(session, call.actor, found.id)
    looks.note(call.actor, [one.account_id for one in people if one.account_id is not None], looks.Way.DIRECTORY)
    return Answer(records.record(found, people, call))


def _query(name: str, schema: Any, words: str) -> Parameter:
    return Parameter(name, "query", schema, words)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="listStates",
        method="GET",
        path="/states",
        tag="directory",
        summary="All States and other Parties",
        scopes=_SCOPES,
        decision=may_view_directory,
        answer=page_of(_STATE),
        run=_states,
        tagged=True,
    ),
    Operation(
        id="listAuthorities",
        method="GET",
        path="/authorities",
        tag="directory",
        summary="Authorities, with filters or a search that forgives typing errors, in any script",
        scopes=_SCOPES,
        decision=may_view_directory,
        answer=page_of(SUMMARY),
        run=_authorities,
        parameters=(
            _query("q", text(maxLength=200), "Names, functions, languages; best match first, 100 at most."),
            _query("state", _CODE, "Of this State alone."),
            _query("part", one_of(Part), "a: central authorities. b: other competent authorities."),
            _query("kind", one_of(AuthorityKind), "Of this kind alone."),
            _query("function", one_of(Function), "Designated or competent for this."),
            LIMIT,
            CURSOR,
        ),
        tagged=True,
    ),
    Operation(
        id="getAuthority",
        method="GET",
        path="/authorities/{authority}",
        tag="directory",
        summary="The whole record of an authority, with who holds its posts",
        scopes=_SCOPES,
        decision=may_view_directory,
        answer=AUTHORITY,
        run=_authority,
        parameters=(Parameter("authority", "path", whole(least=1), "The authority's id."),),
        tagged=True,
        hidden=True,
    ),
)
