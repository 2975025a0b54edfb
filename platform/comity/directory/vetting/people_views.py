"""The pages of an authority's people: posts and holders, nominations, absences."""

from __future__ import annotations

from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.actor import Actor
from comity.core.errors import ComityError, Conflict, Invalid, NotFound, Refused
from comity.core.i18n import LANGUAGES, N_, own_name
from comity.core.permissions import Action, may
from comity.core.web import access, actor, now, reading, writing
from comity.directory.models import Authority
from comity.directory.names import language_name
from comity.directory.posts import Post
from comity.directory.vetting import activation, deputies, leaving, nominations, offices, pages, recovery
from comity.directory.vetting.edge import problems, sender
from comity.directory.vocabulary import PractitionerRole
from comity.people.stepup import require_fresh_factor

blueprint = Blueprint("people_of", __name__, url_prefix="/people", template_folder="../templates")
_FIELDS = ("post", "post_title", "name", "email", "locale", "role")
_NEW = "new"


def may_open(person: Actor | None) -> bool:
    """Whoever holds a post has colleagues; the secretariat sees an authority's by its number."""
    return may(person, Action.START_CONSULTATION) or may(person, Action.LET_IN)


@blueprint.get("")
@access(may_open)
def index() -> str:
    """`?authority=<id>` shows one; without it, all that the reader belongs to."""
    wanted = request.args.get("authority", "")
    ids = [int(wanted)] if wanted.isdecimal() and len(wanted) < 10 else sorted(actor().authority_ids)
    with reading() as session:
        return render_template(
            "vetting/people.html",
            authorities=[pages.people_of(session, actor(), one, now()) for one in ids],
            recoveries=recovery.waiting(session, actor(), now()) if actor().focal_of else [],
            stages=pages.STAGES,
        )


@blueprint.get("/nominate")
@access(may_open)
def nominate() -> str:
    return _form({"locale": actor().locale, "post": request.args.get("post", "")}, [], None)


@blueprint.post("/nominate")
@access(may_open)
def nominate_submit() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    spoken = request.form.getlist("languages")
    new = typed["post"] == _NEW
    draft = nominations.Draft(
        authority_id=_authority_id(),
        post_id=_number(typed["post"]) if not new else None,
        post_title=typed["post_title"] if new else "",
        name=typed["name"],
        email=typed["email"],
        locale=typed["locale"],
        role=typed["role"],
        languages=tuple(spoken),
        focal="focal" in request.form,
    )
    try:
        with writing() as session:
            found = nominations.nominate(session, actor(), now(), draft, sender())
    except (Invalid, Conflict) as error:
        return _form(typed, spoken, error), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("%(name)s was written to.", name=found.name), "success")
    return redirect(nominations.path(found), HTTPStatus.SEE_OTHER)


@blueprint.get("/nominations/<public_id>")
@access(may_open)
def nomination(public_id: str) -> str:
    return _nomination(public_id, None)


@blueprint.post("/nominations/<public_id>/<action>")
@access(may_open)
def nomination_step(public_id: str, action: str) -> ResponseReturnValue:
    """action: remind, confirm, activate or decline."""
    words = request.form.get("reason" if action == "decline" else "note", "")
    if action == "activate":
        require_fresh_factor(url_for("people_of.nomination", public_id=public_id))
    try:
        with writing() as session:
            match action:
                case "remind":
                    nominations.remind(session, actor(), now(), public_id, sender())
                    done = N_("The link was sent again.")
                case "confirm":
                    nominations.confirm(session, actor(), now(), public_id, words, sender())
                    done = N_("Confirmed. The secretariat was told.")
                case "activate":
                    activation.activate(session, actor(), now(), public_id, sender())
                    done = N_("Let in. An invitation was sent.")
                case "decline":
                    nominations.decline(session, actor(), now(), public_id, words, sender())
                    done = N_("Declined. Those concerned were told.")
                case _:
                    raise NotFound
    except (Invalid, Conflict, Refused) as error:
        return _nomination(public_id, error), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_(done), "success")
    return redirect(url_for("people_of.nomination", public_id=public_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/posts/<int:post_id>")
@access(may_open)
def post(post_id: int) -> str:
    return _post(post_id, None)


@blueprint.post("/posts/<int:post_id>/deputy")
@access(may_open)
def deputy_submit(post_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            deputies.name_deputy(
                session,
                actor(),
                now(),
                post_id=post_id,
                deputy_id=_number(request.form.get("deputy", "")) or 0,
                first=_day("first"),
                last=_day("last"),
                sender=sender(),
            )
    except (Invalid, Conflict) as error:
        return _post(post_id, error), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to_post(post_id, N_("The deputy was told."))


@blueprint.post("/absences/<int:absence_id>/end")
@access(may_open)
def absence_end(absence_id: int) -> ResponseReturnValue:
    with writing() as session:
        found = deputies.end_absence(session, actor(), now(), absence_id)
    return _to_post(found.post_id, N_("Nobody stands in any more."))


@blueprint.post("/posts/<int:post_id>/end")
@access(may_open)
def end_submit(post_id: int) -> ResponseReturnValue:
    """`holding`: which; `when`: now, or day with `on`, the first day without the post."""
    require_fresh_factor(url_for("people_of.post", post_id=post_id))
    try:
        with writing() as session:
            on = _begin_of(session.get(Post, post_id), _day("on")) if request.form.get("when") == "day" else None
            holding_id = _number(request.form.get("holding", "")) or 0
            leaving.end_holding(session, actor(), now(), holding_id, sender(), on)
    except (Invalid, Conflict, Refused) as error:
        return _post(post_id, error), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to_post(post_id, N_("The person was told. The post keeps its consultations."))


@blueprint.post("/posts/<int:post_id>/suspend")
@access(may_open)
def suspend_submit(post_id: int) -> ResponseReturnValue:
    require_fresh_factor(url_for("people_of.post", post_id=post_id))
    try:
        with writing() as session:
            account_id = _number(request.form.get("account", "")) or 0
            leaving.suspend(session, actor(), now(), account_id, request.form.get("reason", ""), sender())
    except (Invalid, Conflict, Refused) as error:
        return _post(post_id, error), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to_post(post_id, N_("Suspended. The person is signed out everywhere."))


def _form(typed: dict[str, str], spoken: list[str], error: ComityError | None) -> str:
    language = actor().locale
    with reading() as session:
        people = pages.people_of(session, actor(), _authority_id(), now())
        posts = [(str(row.post.id), " · ".join(filter(None, (row.post.title, row.holder)))) for row in people.rows]
        return render_template(
            "vetting/nominate.html",
            authority=people.authority,
            posts=[*posts, (_NEW, _("A new post"))],
            roles=[(role.value, _(words)) for role, words in pages.PRACTITIONERS.items()],
            locales=[(code, own_name(code)) for code in LANGUAGES],
            spoken=sorted(_spoken(people.authority, language), key=lambda pair: pair[1]),
            typed=typed,
            chosen=spoken,
            problems=problems(error),
        )


def _spoken(authority: Authority, language: str) -> list[tuple[str, str]]:
    codes = {*authority.languages_spoken, *authority.languages_accepted, *authority.state.languages, *LANGUAGES}
    return [(code, language_name(code, language)) for code in codes]


def _nomination(public_id: str, error: ComityError | None) -> str:
    with reading() as session:
        found = nominations.nomination_for(session, actor(), public_id)
        return render_template(
            "vetting/nomination.html",
            page=pages.nomination_page(session, actor(), found, now()),
            role=_(pages.PRACTITIONERS.get(PractitionerRole(found.role), "")),
            spoken=[language_name(code, actor().locale) for code in found.languages],
            stages=pages.STAGES,
            steps=pages.STEPS,
            offices=pages.OFFICES,
            problems=problems(error),
        )


def _post(post_id: int, error: ComityError | None) -> str:
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in ("deputy", "first", "last", "on", "reason")}
    with reading() as session:
        page = pages.post_page(session, actor(), post_id, now())
        coordinated = offices.coordinated_by(session, post_id, now())
        codes = {one.network_code for one in coordinated}
        networks = page.row.post.authority.state.networks if page.may_give else []
        return render_template(
            "vetting/post.html",
            page=page,
            coordinated=coordinated,
            networks=[(one.code, one.name) for one in networks if one.code not in codes],
            today=now().astimezone(ZoneInfo(page.row.post.authority.zone)).date().isoformat(),
            typed=typed,
            problems=problems(error),
        )


def _to_post(post_id: int, message: str) -> ResponseReturnValue:
    flash(_(message), "success")
    return redirect(url_for("people_of.post", post_id=post_id), HTTPStatus.SEE_OTHER)


def _authority_id() -> int:
    """The authority in the query; else the first that the reader is focal point of, or belongs to."""
    return _number(request.args.get("authority", "")) or min(actor().focal_of or actor().authority_ids or {0})


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(N_("Please choose a day."), field=name) from None


def _begin_of(post: Post | None, day: date) -> datetime:
    zone = post.authority.zone if post else "UTC"
    return datetime.combine(day, time(), ZoneInfo(zone))
