"""The pages of proposals: the form, the queue, the difference."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from comity.core.errors import Conflict, Invalid
from comity.core.web import access, actor, now, reading, services, signed_in, writing
from comity.directory import history
from comity.directory.access import may_propose_change, may_view_directory
from comity.directory.alive import controls, parsing, proposing, rebasing, reviewing
from comity.directory.alive.letters import mailer
from comity.directory.alive.pages import change_lines, proposal_line, status_chip
from comity.directory.names import state_name
from comity.directory.snapshots import entity_of

blueprint = Blueprint("proposals", __name__, url_prefix="/directory")


@blueprint.get("/authorities/<int:authority_id>/propose")
@access(may_propose_change)
def new(authority_id: int) -> str:
    return _form(authority_id)


@blueprint.post("/authorities/<int:authority_id>/propose")
@access(may_propose_change)
def create(authority_id: int) -> ResponseReturnValue:
    typed, note = controls.sent(), request.form.get("note", "")
    with reading() as session:
        authority, current = proposing.authority_to_change(session, actor(), authority_id)
        base = history.numbered(session, entity_of(authority), _number("based_on")) or current
    values, problems = parsing.parse(typed, base.fields, _language())
    if base.number != current.number:
        typed, moved = rebasing.onto(typed, base.fields, current.fields, values, _language())
        problems = moved | problems
    if not problems:
        try:
            with writing() as session:
                made = proposing.propose(
                    session, actor(), now(), mailer(services().config),
                    authority_id=authority_id, based_on=base, values=values, note=note,
                )  # fmt: skip
        except Invalid as problem:
            problems = {problem.field or "form": problem}
        else:
            flash(_("Your proposal waits for a decision. You will be told by mail."))
            return redirect(url_for("proposals.page", proposal_id=made.id))
    return _form(authority_id, typed, problems, note), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/proposals")
@access(signed_in)
def queue() -> str:
    with reading() as session:
        return render_template(
            "directory/alive/proposals.html",
            queue=[proposal_line(one, _language()) for one in reviewing.queue(session, actor(), now())],
            mine=[proposal_line(one, _language()) for one in reviewing.mine(session, actor())],
        )


@blueprint.get("/proposals/<int:proposal_id>")
@access(may_view_directory)
def page(proposal_id: int) -> str:
    return _review(proposal_id)


@blueprint.post("/proposals/<int:proposal_id>")
@access(may_view_directory)
def decide(proposal_id: int) -> ResponseReturnValue:
    """Accept the chosen fields, or decline: the button says which."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            if request.form.get("decision") == "accept":
                reviewing.accept(
                    session, actor(), now(), mailer(services().config), proposal_id,
                    names=request.form.getlist("field"), seen=_number("seen"), reason=reason,
                )  # fmt: skip
            else:
                reviewing.decline(session, actor(), now(), mailer(services().config), proposal_id, reason)
    except (Invalid, Conflict) as problem:
        return _review(proposal_id, problem, reason), problem.status
    flash(_("Your decision is kept, and the proposer is told."))
    return redirect(url_for("proposals.page", proposal_id=proposal_id))


@blueprint.post("/proposals/<int:proposal_id>/withdraw")
@access(may_view_directory)
def withdraw(proposal_id: int) -> ResponseReturnValue:
    with writing() as session:
        proposing.withdraw(session, actor(), now(), proposal_id)
    return redirect(url_for("proposals.page", proposal_id=proposal_id))


def _form(
    authority_id: int,
    typed: parsing.Typed | None = None,
    problems: parsing.Problems | None = None,
    note: str = "",
) -> str:
    with reading() as session:
        authority, version = proposing.authority_to_change(session, actor(), authority_id)
        waiting = proposing.waiting_for(session, authority_id, actor())
        shown = parsing.typed_from(version.fields, _language()) if typed is None else typed
        return render_template(
            "directory/alive/propose.html",
            authority=authority,
            state=state_name(authority.state_iso2, _language()),
            sections=controls.sections(shown, problems or {}, _language()),
            problems=controls.told(problems or {}),
            zones=controls.zones(),
            based_on=version.number,
            note=note,
            own=authority_id in actor().focal_of,
            waiting_url=url_for("proposals.page", proposal_id=waiting.id) if waiting else "",
        )


def _review(proposal_id: int, problem: Invalid | Conflict | None = None, reason: str = "") -> str:
    with reading() as session:
        found = reviewing.review(session, actor(), now(), proposal_id)
        authority = found.proposal.authority
        return render_template(
            "directory/alive/proposal.html",
            review=found,
            proposal=found.proposal,
            authority=authority,
            state=state_name(authority.state_iso2, _language()),
            lines=change_lines(found.changes, _language()),
            status=status_chip(found.proposal),
            reason=reason,
            problems={problem.field or "form": _(problem.message, **problem.parameters)} if problem else {},
            chosen=request.form.getlist("field") if problem else None,
        )


def _number(name: str) -> int:
    value = request.form.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def _language() -> str:
    return str(get_locale() or "en")
