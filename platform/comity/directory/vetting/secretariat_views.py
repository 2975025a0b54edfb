"""The pages of the secretariat: who waits to be let in, roles and offices; and new ways in, which focal points "
"see too."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.actor import Actor, Role
from comity.core.errors import ComityError, Conflict, Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.core.web import access, actor, now, reading, services, writing
from comity.directory.names import state_name
from comity.directory.vetting import leaving, nominations, offices, pages, recovery
from comity.directory.vetting.edge import problems, sender
from comity.directory.vetting.people_views import may_open
from comity.people.models import Account
from comity.people.services import find_account
from comity.people.stepup import require_fresh_factor

blueprint = Blueprint("secretariat", __name__, template_folder="../templates")


def lets_in(person: Actor | None) -> bool:
    return may(person, Action.LET_IN)


def gives_offices(person: Actor | None) -> bool:
    return may(person, Action.GIVE_OFFICES)


@blueprint.get("/secretariat")
@access(lets_in)
def queue() -> str:
    with reading() as session:
        found = nominations.in_progress(session)
        return render_template(
            "vetting/queue.html",
            waiting=[one for one in found if one.stage is nominations.OPEN[-1]],
            coming=[one for one in found if one.stage is not nominations.OPEN[-1]],
            recoveries=recovery.waiting(session, actor(), now()),
            suspended=leaving.suspended(session),
            stages=pages.STAGES,
        )


@blueprint.post("/secretariat/restore")
@access(lets_in)
def restore() -> ResponseReturnValue:
    require_fresh_factor(url_for("secretariat.queue"))
    with writing() as session:
        account_id = request.form.get("account", type=int) or 0
        leaving.restore(session, actor(), now(), account_id, sender())
    flash(_("Restored. The person was told."), "success")
    return redirect(url_for("secretariat.queue"), HTTPStatus.SEE_OTHER)


@blueprint.get("/secretariat/offices")
@access(gives_offices)
def overview() -> ResponseReturnValue:
    """`?email=` leads to the person's page."""
    email, problem = request.args.get("email", "").strip(), None
    language = actor().locale
    with reading() as session:
        if email:
            account = find_account(session, email)
            if account is not None:
                return redirect(url_for("secretariat.person", account_id=account.id))
            problem = Invalid(N_("Nobody has this address."), field="email")
        page = render_template(
            "vetting/offices.html",
            accounts=offices.with_roles(session, actor()),
            role_words={role.value: words for role, words in offices.ROLE_WORDS.items()},
            coordinators=offices.coordinated_by(session, None, now()),
            without=[
                (one, state_name(one.state_iso2, language))
                for one in offices.without_focal_point(session, actor(), now())
            ],
            email=email,
            problems=problems(problem),
        )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


@blueprint.get("/secretariat/people/<int:account_id>")
@access(gives_offices)
def person(account_id: int) -> str:
    return _person(account_id, None)


@blueprint.post("/secretariat/people/<int:account_id>/<action>")
@access(gives_offices)
def person_submit(account_id: int, action: str) -> ResponseReturnValue:
    """action: roles, or suspend."""
    require_fresh_factor(url_for("secretariat.person", account_id=account_id))
    try:
        with writing() as session:
            match action:
                case "suspend":
                    leaving.suspend(session, actor(), now(), account_id, request.form.get("reason", ""), sender())
                case "roles":
                    offices.give_roles(session, actor(), now(), account_id, request.form.getlist("roles"), sender())
                case _:
                    raise NotFound
    except (Invalid, Conflict, Refused) as error:
        return _person(account_id, error), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved. The person and the secretariat were told."), "success")
    return redirect(url_for("secretariat.person", account_id=account_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/secretariat/posts/<int:post_id>/<office>")
@access(gives_offices)
def post_office(post_id: int, office: str) -> ResponseReturnValue:
    """office: focal or network; `on`: yes or no; `network`: its code."""
    back = url_for("people_of.post", post_id=post_id)
    require_fresh_factor(back)
    given = request.form.get("on") == "yes"
    with writing() as session:
        if office == "focal":
            offices.set_focal(session, actor(), now(), post_id, given, sender())
        elif office == "network":
            network = request.form.get("network", "")
            offices.set_coordinator(session, actor(), now(), post_id, network, given, sender())
        else:
            raise NotFound
    flash(_("Saved. The person and the secretariat were told."), "success")
    return redirect(back, HTTPStatus.SEE_OTHER)


@blueprint.get("/people/recoveries/<public_id>")
@access(may_open)
def recovery_case(public_id: str) -> str:
    return _recovery(public_id, None)


@blueprint.post("/people/recoveries/<public_id>/<action>")
@access(may_open)
def recovery_step(public_id: str, action: str) -> ResponseReturnValue:
    """action: vouch, approve or decline."""
    require_fresh_factor(url_for("secretariat.recovery_case", public_id=public_id))
    try:
        with writing() as session:
            match action:
                case "vouch":
                    recovery.vouch(session, actor(), now(), public_id, request.form.get("spoke", ""), sender())
                    done = N_("Confirmed. The secretariat was told.")
                case "approve":
                    recovery.approve(session, actor(), now(), public_id, sender())
                    done = N_("Approved. The link was sent.")
                case "decline":
                    recovery.decline(session, actor(), now(), public_id, request.form.get("reason", ""), sender())
                    done = N_("Declined. Those concerned were told.")
                case _:
                    raise NotFound
    except (Invalid, Conflict, Refused) as error:
        return _recovery(public_id, error), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_(done), "success")
    return redirect(url_for("secretariat.recovery_case", public_id=public_id), HTTPStatus.SEE_OTHER)


def _person(account_id: int, error: ComityError | None) -> str:
    with reading() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound
        return render_template(
            "vetting/person.html",
            account=account,
            mine=account.id == actor().account_id,
            roles=[(role.value, offices.ROLE_WORDS[role]) for role in Role],
            problems=problems(error),
        )


def _recovery(public_id: str, error: ComityError | None) -> str:
    with reading() as session:
        found = recovery.recovery_for(session, actor(), public_id, now())
        state = recovery.state_of(found, now())
        concerned = (found.account_id, found.vouched_by_id)
        return render_template(
            "vetting/recovery_case.html",
            recovery=found,
            state=state.value,
            may_vouch=state.value == "asked" and recovery.may_vouch(session, actor(), found, now()),
            may_approve=state.value == "vouched" and lets_in(actor()) and actor().account_id not in concerned,
            may_decline=state.value != "over" and actor().account_id != found.account_id,
            code=recovery.code_shown_to(actor(), found, services().config.secret_key, now()),
            problems=problems(error),
        )
