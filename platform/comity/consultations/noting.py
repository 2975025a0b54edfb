"""Noting at the edge that somebody looks at a consultation: before anything of it is shown."""

from __future__ import annotations

from comity.consultations.looks import Way, look_at
from comity.core import audit
from comity.core.actor import Actor
from comity.core.web import now, origin, reading, writing


def note_look(person: Actor, public_id: str, way: Way) -> None:
    """Write into the audit trail that a person looks, unless that was written a short while ago.

    Where it cannot be written, nothing is shown. Raises NotFound for who is no party, and writes nothing then.
    """
    with reading() as session:
        look = look_at(session, person, public_id, way, origin())
        if not audit.is_due(session, look, now()):
            return
    with writing() as session:
        audit.record(session, look, now())
