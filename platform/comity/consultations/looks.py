"""Ways to look at a consultation, as the audit trail names them, and a look by somebody who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from comity.consultations.participation import consultation_for, speaking_post
from comity.core.actor import Actor
from comity.core.audit import Look
from comity.core.i18n import N_


class Way(StrEnum):
    """The kind of an entry in the consultation's trail."""

    PAGE = "access.page"
    EVENTS = "access.events"
    LIVE = "access.live"
    READERS = "access.readers"
    FILE = "access.file"
    API = "access.api"
    ROOM = "access.room"
    ROOM_TOKEN = "access.room-token"  # noqa: S105 - a name  # nosec B105
    ROOM_PEOPLE = "access.room-people"


WORDS: Mapping[Way, str] = {
    Way.PAGE: N_("opened the page"),
    Way.EVENTS: N_("read without live updates"),
    Way.LIVE: N_("read live"),
    Way.READERS: N_("looked at who could read"),
    Way.FILE: N_("downloaded a file"),
    Way.API: N_("read through the API"),
    Way.ROOM: N_("opened the room's door"),
    Way.ROOM_TOKEN: N_("was let into the room"),
    Way.ROOM_PEOPLE: N_("was told who is in the room"),
}


def look_at(session: Session, actor: Actor, public_id: str, way: Way, origin: str, of: str = "") -> Look:
    """A look by a holder of a post at a party. origin: IP address. of: see `Look`.

    Raises NotFound for everybody else.
    """
    consultation = consultation_for(session, actor, public_id)
    post = speaking_post(actor, consultation)
    return Look(consultation.topic, way.value, actor.account_id, post.id, origin, of)
