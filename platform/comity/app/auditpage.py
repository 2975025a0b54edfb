"""The auditor's page: names of topics and whether their chains hold. Never an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity.app.verifying import verify_one
from comity.core.audit import Verification
from comity.core.chain import Tampering
from comity.core.errors import NotFound
from comity.core.i18n import N_
from comity.core.journal import Topic
from comity.core.web import access, auditor, reading, services

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
PAGE = 50

FAULTS = {
    Tampering.EDITED: N_("an entry was changed"),
    Tampering.DELETED: N_("an entry was removed"),
    Tampering.INSERTED: N_("an entry was put in"),
    Tampering.SWAPPED: N_("entries were swapped"),
    Tampering.TRUNCATED: N_("the end was cut off"),
    Tampering.REWRITTEN: N_("entries were written anew"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A topic. entries: how many there are now. verified: how many there were at the last look. fault: in words."""

    id: int
    name: str
    entries: int
    verified: int
    at: datetime | None
    fault: str
    fault_position: int | None


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("")
@access(auditor)
def index() -> str:
    number = request.args.get("page", type=int, default=1)
    with reading() as session:
        total = session.scalar(select(func.count()).select_from(Topic)) or 0
        broken = session.scalar(select(func.count()).where(Verification.fault.is_not(None))) or 0
        last = max(1, -(-total // PAGE))
        number = min(max(1, number), last)
        lines = _lines(session, number)
    pages = [(each, None if each == number else url_for("audit.index", page=each)) for each in range(1, last + 1)]
    return render_template("audit/index.html", lines=lines, total=total, broken=broken, pages=pages, number=number)


@blueprint.post("/topics/<int:topic_id>/verify")
@access(auditor)
def verify(topic_id: int) -> ResponseReturnValue:
    if not verify_one(services().db, topic_id, services().clock):
        raise NotFound
    number = request.form.get("page", type=int, default=1)
    return redirect(url_for("audit.index", page=number, _anchor=f"t{topic_id}"))


def _lines(session: Session, number: int) -> list[Line]:
    """Broken topics first, then by name."""
    query = (
        select(Topic, Verification)
        .outerjoin(Verification)
        .order_by(Verification.fault.is_(None), Topic.name)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    return [_line(topic, found) for topic, found in session.execute(query)]


def _line(topic: Topic, found: Verification | None) -> Line:
    if found is None:
        return Line(topic.id, topic.name, topic.position, 0, None, "", None)
    fault = _(FAULTS[Tampering(found.fault)]) if found.fault else ""
    at, verified = found.verified_at, found.verified_position
    return Line(topic.id, topic.name, topic.position, verified, at, fault, found.fault_position)
