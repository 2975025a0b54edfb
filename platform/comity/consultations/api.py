"""The consultations' part of the API: the same services and decisions as the pages, and each look is noted."""

from __future__ import annotations

import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy.orm import Session

from comity.consultations import figures, listing, records, sealed
from comity.consultations import services as consultations
from comity.consultations.looks import Way
from comity.consultations.noting import note_look
from comity.core import cursors, journal
from comity.core.api import (
    CURSOR,
    INSTANT,
    LIMIT,
    ON_A_PAGE,
    Answer,
    Call,
    Operation,
    Parameter,
    instant,
    obj,
    page_of,
    text,
    whole,
)
from comity.core.web import services as edge
from comity.core.web import signed_in

READ, WRITE, COUNT = ("consultations.read",), ("consultations.write",), ("statistics.read",)


def _list(session: Session, call: Call) -> Answer:
    limit, secret = call.number("limit", ON_A_PAGE), edge().config.secret_key
    name = f"consultations {call.actor.account_id} {sorted(call.actor.authority_ids)}"
    after = None
    if "cursor" in call.values:
        at, last = cursors.read(secret, name, call.text("cursor"))
        after = (datetime.fromisoformat(at), int(last))
    found = listing.mine(session, call.actor, after, limit + 1)
    shown = found[:limit]
    subjects = sealed.subjects(session, shown, call.actor.locale)
    further = None
    if len(found) > limit:
        end = shown[-1]
        further = {"cursor": cursors.write(secret, name, [instant(end.last_message_at), end.id])}
    return Answer({"items": [records.record(each, subjects[each.id], call) for each in shown]}, further)


def _get(session: Session, call: Call) -> Answer:
    found = consultations.consultation_for(session, call.actor, call.text("consultation"))
    return Answer(
        {
            **records.record(found, consultations.subject_of(session, found, call.actor.locale), call),
            "position": journal.position(session, found.topic),
            "read": consultations.position_of(session, call.actor.account_id, found.id),
        }
    )


def _entries(session: Session, call: Call) -> Answer:
    found = listing.lines_after(
        session, call.actor, call.text("consultation"), call.number("after"), call.number("limit", ON_A_PAGE)
    )
    items = [records.entry(line, call) for line in found.items]
    further = {"after": found.reached} if found.more else None
    return Answer({"items": items, "position": found.reached, "more": found.more}, further)


def _start(session: Session, call: Call) -> Answer:
    body = call.body
    opening = consultations.Opening(
        authority_id=body["authority"], subject=body["subject"], stage=body["stage"], kind=body["kind"],
        side=body["side"], reference=body.get("reference", ""), client_id=_client_id(body),
    )  # fmt: skip
    made = consultations.start(session, call.actor, call.now, opening)
    where = f"/consultations/{made.public_id}"
    answer = {"id": made.public_id, "reference": made.reference, "page": call.page(where)}
    return Answer(answer, location=where)


def _say(session: Session, call: Call) -> Answer:
    public_id, client_id = call.text("consultation"), _client_id(call.body)
    said = consultations.post_message(
        session, call.actor, call.now, public_id=public_id, client_id=client_id, body=call.body["body"],
        language=call.body.get("language"),
    )  # fmt: skip
    where = f"/consultations/{public_id}/messages?after={said.position - 1}"
    answer = {"position": said.position, "sent_at": instant(said.sent_at), "client_id": client_id}
    return Answer(answer, location=where)


def _mark(session: Session, call: Call) -> Answer:
    reader = consultations.mark_read(
        session, call.actor, call.now, public_id=call.text("consultation"), position=call.body["position"]
    )
    return Answer({"position": reader.position})


def _count(session: Session, call: Call) -> Answer:
    return Answer({"items": [records.figure(each) for each in figures.opened(session, call.actor)]})


def _look(call: Call) -> None:
    note_look(call.actor, call.text("consultation"), Way.API)


def _client_id(body: Any) -> str:
    return str(body.get("client_id") or secrets.token_urlsafe(16))


_PATH = Parameter("consultation", "path", text(minLength=1, maxLength=40), "The consultation's id.")
_AFTER = Parameter("after", "query", whole(), "The position of the last entry known; 0 or left out for the beginning.")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="listConsultations",
        method="GET",
        path="/consultations",
        tag="consultations",
        summary="Consultations of the token's authority, the one spoken in last first",
        scopes=READ,
        decision=signed_in,
        answer=page_of(records.CONSULTATION),
        run=_list,
        parameters=(LIMIT, CURSOR),
    ),
    Operation(
        id="startConsultation",
        method="POST",
        path="/consultations",
        tag="consultations",
        summary="Start a consultation with another authority",
        scopes=WRITE,
        decision=signed_in,
        answer=obj(id=records.ID, reference=text(), page=text(format="uri")),
        run=_start,
        body=records.OPENING,
        example={
            "authority": 2,
            "subject": "Bank records, three accounts",
            "stage": "before-submission",
            "kind": "mutual-legal-assistance",
            "side": "requesting",
            "reference": "INT/88/26",
        },
        status=HTTPStatus.CREATED,
        hidden=True,
    ),
    Operation(
        id="getConsultation",
        method="GET",
        path="/consultations/{consultation}",
        tag="consultations",
        summary="One consultation, with how far it goes and how far it was read",
        scopes=READ,
        decision=signed_in,
        answer=records.ONE,
        run=_get,
        parameters=(_PATH,),
        before=_look,
        hidden=True,
    ),
    Operation(
        id="listMessages",
        method="GET",
        path="/consultations/{consultation}/messages",
        tag="consultations",
        summary="What was said and happened, in order, behind a position",
        scopes=READ,
        decision=signed_in,
        answer=records.ENTRIES,
        run=_entries,
        parameters=(_PATH, _AFTER, LIMIT),
        before=_look,
        hidden=True,
    ),
    Operation(
        id="postMessage",
        method="POST",
        path="/consultations/{consultation}/messages",
        tag="consultations",
        summary="Say something",
        scopes=WRITE,
        decision=signed_in,
        answer=obj(position=whole(least=1), sent_at=INSTANT, client_id=records.CLIENT_ID),
        run=_say,
        parameters=(_PATH,),
        body=records.MESSAGE,
        example={"body": "Would a certified translation into **English** do?", "language": "en"},
        status=HTTPStatus.CREATED,
        hidden=True,
    ),
    Operation(
        id="markRead",
        method="PUT",
        path="/consultations/{consultation}/read",
        tag="consultations",
        summary="Say how far the token's person has read; never less than before",
        scopes=WRITE,
        decision=signed_in,
        answer=obj(position=whole("How far they have read now")),
        run=_mark,
        parameters=(_PATH,),
        body=records.POSITION,
        example={"position": 7},
        hidden=True,
    ),
    Operation(
        id="countConsultations",
        method="GET",
        path="/statistics/consultations",
        tag="statistics",
        summary="How many consultations of the token's authority were opened, by month, stage and kind",
        scopes=COUNT,
        decision=signed_in,
        answer=page_of(records.FIGURE),
        run=_count,
    ),
)
