"""What the secretariat keeps of a State: the names that it is searched by, and whether it is a Party."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.models import State
from comity.directory.search.index import index_authority, index_state, raise_version

MOST_NAMES = 40


def editable_state(session: Session, actor: Actor, iso2: str) -> State:
    """The State for whoever may change it. Raises NotFound."""
    keeping.check_editor(actor)
    found = session.get(State, iso2.upper())
    if found is None:
        raise NotFound
    return found


def save(session: Session, actor: Actor, now: datetime, iso2: str, *, also: str, party: bool) -> State:
    """Change a State. also: other names, one a line. Raises NotFound, Invalid with the field."""
    found = editable_state(session, actor, iso2)
    keeping.hold(session, found)
    names = list(dict.fromkeys(checks.line(name, "also") for name in also.splitlines() if name.strip()))
    if len(names) > MOST_NAMES:
        raise Invalid(N_("Please enter at most %(most)s names."), field="also", most=MOST_NAMES)
    new = {"also": names, "party": party}
    changes = keeping.differences({"also": found.also, "party": found.party}, new)
    if not changes:
        return found
    found.also, found.party = names, party
    keeping.note(session, found, actor, now, "state.changed", {"changes": changes})
    index_state(session, found)
    for authority in found.authorities:
        index_authority(session, authority)
    raise_version(session)
    return found
