"""Consultations, their entries and counts as JSON, and the schemas of what is answered and asked."""

from __future__ import annotations

from typing import Any

from comity.consultations import checks
from comity.consultations.figures import Figure
from comity.consultations.listing import Line
from comity.consultations.models import Consultation
from comity.consultations.terms import Kind, Side, Stage
from comity.core.api import INSTANT, TRUTH, Call, Schema, instant, listed, maybe, obj, one_of, text, whole
from comity.directory.names import state_name

ID = text("The consultation's id")
CLIENT_ID = text("Your name for it: sent again, it is done once", pattern="^[A-Za-z0-9_-]{8,64}$")
_AUTHOR = obj(name=text(), post=text(), authority=text(), state=text("ISO 3166-1 alpha-2"))
_PARTY = obj(
    authority=whole("The authority's id", 1), name=text(), state=text("ISO 3166-1 alpha-2"), state_name=text(),
    side=one_of(Side), reference=text("Its own file number"), ours=TRUTH,
)  # fmt: skip
CONSULTATION = obj(
    id=ID, reference=text(), subject=text(), stage=one_of(Stage), kind=one_of(Kind), opened_at=INSTANT,
    last_message_at=INSTANT, waiting_on_us={"type": "boolean", "description": "The other side spoke last"},
    parties=listed(_PARTY), page=text("For people", format="uri"),
)  # fmt: skip
ONE = obj(
    **CONSULTATION["properties"],
    position=whole("Of the last entry"),
    read=whole("How far the token's person has read"),
)
_ENTRY = obj(
    position=whole("In the consultation: 1, 2, 3 …", 1), at=INSTANT, event=maybe(text("Null for a message")),
    author=maybe(_AUTHOR), ours={"type": "boolean", "description": "By our side"},
    body=maybe(text("Markdown, as written; null where nothing was said, or what is stored is damaged")),
    language=maybe(text("BCP 47, where known")),
)  # fmt: skip
ENTRIES = obj(items=listed(_ENTRY), position=whole("The next `after`"), more=TRUTH)
FIGURE = obj(
    month=text("In UTC", pattern="^[0-9]{4}-[0-9]{2}$"), stage=one_of(Stage), kind=one_of(Kind), opened_by_us=TRUTH,
    count=whole(least=1),
)  # fmt: skip


def _asked(members: dict[str, Schema], required: tuple[str, ...]) -> Schema:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


OPENING = _asked(
    {
        "authority": whole("The authority to consult", 1),
        "subject": text(minLength=1, maxLength=checks.MOST_SUBJECT),
        "stage": one_of(Stage),
        "kind": one_of(Kind),
        "side": one_of(Side, "Yours"),
        "reference": text("Your own file number", maxLength=checks.MOST_REFERENCE),
        "client_id": CLIENT_ID,
    },
    ("authority", "subject", "stage", "kind", "side"),
)
MESSAGE = _asked(
    {
        "body": text("Markdown", minLength=1, maxLength=checks.MOST_BODY),
        "language": text("BCP 47", pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", maxLength=20),
        "client_id": CLIENT_ID,
    },
    ("body",),
)
POSITION = _asked({"position": whole("Of the last entry read")}, ("position",))


def record(found: Consultation, subject: str, call: Call) -> dict[str, Any]:
    """A consultation. subject: opened."""
    ours = call.actor.authority_ids
    return {
        "id": found.public_id,
        "reference": found.reference,
        "subject": subject,
        "stage": found.stage.value,
        "kind": found.kind.value,
        "opened_at": instant(found.created_at),
        "last_message_at": instant(found.last_message_at),
        "waiting_on_us": found.last_authority_id not in ours,
        "parties": [
            {
                "authority": party.authority_id,
                "name": party.authority.name_en,
                "state": party.authority.state_iso2,
                "state_name": state_name(party.authority.state_iso2, call.actor.locale),
                "side": party.side.value,
                "reference": party.reference,
                "ours": party.authority_id in ours,
            }
            for party in found.parties
        ],
        "page": call.page(f"/consultations/{found.public_id}"),
    }


def entry(line: Line, call: Call) -> dict[str, Any]:
    """One entry of a consultation."""
    authority = line.post.authority if line.post else None
    author = line.account and {
        "name": line.account.display_name,
        "post": line.post.title if line.post else "",
        "authority": authority.name_en if authority else "",
        "state": authority.state_iso2 if authority else "",
    }
    return {
        "position": line.position,
        "at": instant(line.at),
        "event": line.event or None,
        "author": author,
        "ours": authority is not None and authority.id in call.actor.authority_ids,
        "body": line.body,
        "language": line.message.language if line.message else None,
    }


def figure(counted: Figure) -> dict[str, Any]:
    """One count."""
    return {
        "month": counted.month,
        "stage": counted.stage.value,
        "kind": counted.kind.value,
        "opened_by_us": counted.opened_by_us,
        "count": counted.count,
    }
