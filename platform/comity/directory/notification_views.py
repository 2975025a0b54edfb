"""The pages of notifications, and the secretariat's forms for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Conflict, Invalid
from comity.core.web import access, actor, now, reading, writing
from comity.directory import choosing, notices, services
from comity.directory.access import may_edit_record, may_view_directory
from comity.directory.alive import past
from comity.directory.alive.history_views import as_it_was
from comity.directory.labels import label
from comity.directory.noticed import notice_row, overview_rows, provision_words
from comity.directory.people_views import problems
from comity.directory.readers import reader
from comity.directory.snapshots import EntityKind
from comity.directory.vocabulary import NotificationStatus, NotifiedProvision

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Tab:
    """One status as a filter. count: of States."""

    label: str
    url: str
    current: bool
    count: int


@blueprint.get("")
@access(may_view_directory)
def index() -> str:
    """What all Parties have under one provision, by status."""
    provision, status = _asked()
    with reading() as session:
        heads = notices.under(session, actor(), provision)
        rows = overview_rows(services.all_states(session, actor()), heads, reader())
    words, article = provision_words(provision)
    return render_template(
        "directory/notifications.html",
        rows=[row for row in rows if status is None or row.status_value == status.value],
        tabs=_tabs(provision, status, Counter(row.status_value for row in rows)),
        provision=provision.value,
        provisions=_provisions(),
        words=words,
        article=article,
        may_edit=may_edit_record(actor()),
    )


@blueprint.get("/<code>")
@access(may_view_directory)
def page(code: str) -> str:
    """A notification, with what stood before it. `?on=`: as it was."""
    if day := past.asked_day(request.args.get("on"), now()):
        return as_it_was(EntityKind.NOTIFICATION, code, day)
    with reading() as session:
        found, chain = notices.notification(session, actor(), code)
        row = notice_row(found, reader(), chain.earlier if found is chain.head else ())
        current = notice_row(chain.head, reader()) if found is not chain.head else None
    return render_template(
        "directory/notification.html",
        row=row,
        current=current,
        demonstration=found.demonstration,
        statuses=[
            (status.value, _(label(status)))
            for status in NotificationStatus
            if status not in (found.status, NotificationStatus.NONE_ON_FILE)
        ],
        may_edit=may_edit_record(actor()),
    )


@blueprint.get("/new")
@access(may_edit_record)
def new() -> str:
    """A form to enter one: `?state=AT&provision=18(13)` presets, `?supersedes=code` continues a chain."""
    supersedes = request.args.get("supersedes", "")
    state, provision, language = request.args.get("state", ""), request.args.get("provision", ""), "en"
    if supersedes:
        with reading() as session:
            found, _chain = notices.notification(session, actor(), supersedes)
            state, provision, language = found.state_iso2, found.provision.value, found.language
    preset = notices.Notice(state, provision, NotificationStatus.CURRENT.value, "", language, "", "")
    return _form(preset, supersedes)


@blueprint.post("/new")
@access(may_edit_record)
def create() -> ResponseReturnValue:
    form, supersedes = request.form, request.form.get("supersedes", "")
    names = ("state", "provision", "status", "text", "language", "english", "deposited_on")
    typed = notices.Notice(**{name: form.get(name, "") for name in names})
    try:
        with writing() as session:
            code = notices.add(session, actor(), now(), typed, supersedes or None).code
    except (Invalid, Conflict) as problem:
        return _form(typed, supersedes, problem), problem.status
    flash(_("Saved."), "success")
    return redirect(url_for("directory.notifications.page", code=code), HTTPStatus.SEE_OTHER)


@blueprint.post("/<code>/status")
@access(may_edit_record)
def set_status(code: str) -> ResponseReturnValue:
    with writing() as session:
        notices.set_status(session, actor(), now(), code, request.form.get("status", ""))
    flash(_("Saved."), "success")
    return redirect(url_for("directory.notifications.page", code=code), HTTPStatus.SEE_OTHER)


def _asked() -> tuple[NotifiedProvision, NotificationStatus | None]:
    provision, status = request.args.get("provision"), request.args.get("status")
    return (
        NotifiedProvision(provision) if provision in set(NotifiedProvision) else NotifiedProvision.UNTOC_18_13,
        NotificationStatus(status) if status in set(NotificationStatus) else None,
    )


def _tabs(provision: NotifiedProvision, chosen: NotificationStatus | None, counts: Counter[str]) -> list[Tab]:
    everything = Tab(_("All"), _url(provision, None), chosen is None, counts.total())
    return [
        everything,
        *(
            Tab(_(label(status)), _url(provision, status), status is chosen, counts[status.value])
            for status in NotificationStatus
        ),
    ]


def _url(provision: NotifiedProvision, status: NotificationStatus | None) -> str:
    wanted = status.value if status else None
    return url_for("directory.notifications.index", provision=provision.value, status=wanted)


def _provisions() -> list[tuple[str, str]]:
    return [(one.value, " · ".join(reversed(provision_words(one)))) for one in NotifiedProvision]


def _form(typed: notices.Notice, supersedes: str, problem: Invalid | Conflict | None = None) -> str:
    language = reader().language
    with reading() as session:
        states = choosing.states(session, language)
    return render_template(
        "directory/notification_form.html",
        typed=typed,
        supersedes=supersedes,
        states=states,
        provisions=_provisions(),
        statuses=choosing.terms(status for status in NotificationStatus if status is not NotificationStatus.OUTDATED),
        languages=choosing.languages(language, [typed.language]),
        problems=problems(problem),
    )
