"""Home: what waits on me, what waits on them, and the way into everything else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, render_template
from sqlalchemy import text

from comity.consultations import services as consultations
from comity.consultations.handing_over import waiting_for
from comity.core.i18n import N_
from comity.core.web import access, actor, now, public, reading, signed_in
from comity.directory.alive import overview
from comity.directory.alive.pages import record_line

blueprint = Blueprint("home", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/")
@access(signed_in)
def page() -> str:
    person = actor()
    with reading() as session:
        mine = consultations.waiting_on_me(session, person, now())
        theirs = consultations.waiting_on_them(session, person, now())
        handed_over = waiting_for(session, person, now())
        entries = overview.waiting(session, person, now())
        records = [record_line(record, None, person.locale, now()) for record in entries.records]
    hour = now().astimezone(ZoneInfo(person.zone)).hour
    return render_template(
        "home.html",
        greeting=_greeting(hour),
        mine=mine,
        theirs=theirs,
        handed_over=handed_over,
        entries=entries,
        records=records,
    )


def _greeting(hour: int) -> str:
    """hour: 0 to 23 where the reader is. Returns a msgid."""
    if 5 <= hour < 12:
        return N_("Good morning, %(name)s")
    return N_("Good afternoon, %(name)s") if 12 <= hour < 18 else N_("Good evening, %(name)s")


@blueprint.get("/healthz")
@access(public)
def health() -> tuple[str, int, dict[str, str]]:
    """Whether this process answers and its database reads: for supervisors and proxies."""
    with reading() as session:
        session.execute(text("SELECT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
