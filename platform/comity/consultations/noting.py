"""Noting at the edge that somebody looks at a consultation: before anything of it is shown."""

from __future__ import annotations

from dataclasses import replace

from comity.consultations.looks import Way, look_at
from comity.core import looking
from comity.core.actor import Actor
from comity.core.web import origin, through


def note_look(person: Actor, public_id: str, way: Way, *, of: str = "") -> None:
    """Write into the audit trail that a person looks, unless that was written a short while ago. of: see `Look`.

    Where it cannot be written, nothing is shown. Raises NotFound for who is no party, and writes nothing then.
    """
    here, program = origin(), through()
    looking.note(
        ("consultation", public_id, way, of, person.account_id, person.post_ids, here, program),
        lambda session: [replace(look_at(session, person, public_id, way, here, of), through=program)],
    )
