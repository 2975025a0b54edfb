"""/account/applications: the tools that act for a person, their application passwords, their authority's clients."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.core.web import access, actor, now, reading, services, writing
from comity.people.oauth.access import may_keep_applications, may_keep_clients
from comity.people.oauth.allowances import end_tool, tools_of
from comity.people.oauth.clients import Wanted, clients_of, register, revoke_client
from comity.people.oauth.models import ClientKind
from comity.people.oauth.passwords import make_password, passwords_of, revoke_password
from comity.people.oauth.scopes import FOR_CLIENTS, WORDS
from comity.people.stepup import require_fresh_factor

blueprint = Blueprint("applications", __name__, url_prefix="/account/applications", template_folder="../templates")
_KINDS = (
    (
        ClientKind.SYSTEM.value,
        N_("A case system"),
        N_("It acts as your post, by itself, as long as you hold the post."),
    ),
    (
        ClientKind.TOOL.value,
        N_("A tool for people"),
        N_("It acts for each colleague of your authority who allows it to."),
    ),
)


@blueprint.get("")
@access(may_keep_applications)
def page() -> ResponseReturnValue:
    return _page()


@blueprint.post("/passwords")
@access(may_keep_applications)
def make() -> ResponseReturnValue:
    """The one answer that holds the password itself."""
    found = require_fresh_factor(url_for("applications.page"))
    try:
        with writing() as session:
            shown = make_password(session, found.account.id, request.form.get("name", ""), now())
    except Invalid as error:
        return _page({"name": _(error.message, **error.parameters)}), HTTPStatus.UNPROCESSABLE_ENTITY
    base = services().config.base_url
    return render_template(
        "people/application_password.html", shown=shown, email=found.account.email, address=f"{base}/api/v1/authorities"
    )


@blueprint.post("/passwords/<int:password_id>/end")
@access(may_keep_applications)
def end_password(password_id: int) -> ResponseReturnValue:
    with writing() as session:
        revoke_password(session, actor().account_id, password_id, now())
    return _done(N_("The application password was ended."))


@blueprint.post("/tools/<int:allowance_id>/end")
@access(may_keep_applications)
def end(allowance_id: int) -> ResponseReturnValue:
    with writing() as session:
        end_tool(session, actor().account_id, allowance_id, now())
    return _done(N_("The tool can no longer act for you."))


@blueprint.get("/new")
@access(may_keep_applications)
def new() -> ResponseReturnValue:
    _require_post()
    require_fresh_factor()
    return _new({"kind": ClientKind.SYSTEM.value, "name": "", "redirect_uris": ""}, [])


@blueprint.post("/new")
@access(may_keep_applications)
def create() -> ResponseReturnValue:
    """The one answer that holds a case system's secret."""
    _require_post()
    require_fresh_factor(url_for("applications.new"))
    typed = {name: request.form.get(name, "") for name in ("kind", "name", "redirect_uris")}
    scopes = request.form.getlist("scopes")
    try:
        with writing() as session:
            wanted = Wanted(typed["kind"], typed["name"], tuple(scopes), typed["redirect_uris"])
            registered = register(session, actor(), now(), wanted)
    except Invalid as error:
        problems = {error.field or "name": _(error.message, **error.parameters)}
        return _new(typed, scopes, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(
        "people/client_registered.html",
        client=registered.client,
        secret=registered.secret,
        token_address=f"{services().config.base_url}/oauth/token",
    )


@blueprint.post("/clients/<client_id>/end")
@access(may_keep_applications)
def end_client(client_id: str) -> ResponseReturnValue:
    require_fresh_factor(url_for("applications.page"))
    with writing() as session:
        revoke_client(session, actor(), client_id, now())
    return _done(N_("It was ended. Nothing opens to it any more."))


def _page(problems: dict[str, str] | None = None) -> str:
    me = actor()
    with reading() as session:
        tools = tools_of(session, me.account_id, now())
        passwords = passwords_of(session, me.account_id)
        clients = clients_of(session, me)
    names = {post.authority_id: post.authority_name for post in me.posts}
    return render_template(
        "people/applications.html",
        tools=[(tool, _words(tool.scopes)) for tool in tools],
        passwords=passwords,
        clients=[(client, _words(client.scopes), names[client.authority_id]) for client in clients],
        holds_post=bool(me.posts),
        typed=request.form.get("name", ""),
        problems=problems or {},
    )


def _new(typed: dict[str, str], scopes: list[str], problems: dict[str, str] | None = None) -> str:
    return render_template(
        "people/client_new.html",
        typed=typed,
        chosen=scopes,
        problems=problems or {},
        post=actor().posts[0],
        kinds=[(value, _(words), _(more)) for value, words, more in _KINDS],
        scopes=[(scope.value, _(WORDS[scope])) for scope in FOR_CLIENTS],
    )


def _words(scopes: list[str]) -> list[str]:
    return [_(WORDS[scope]) for scope in FOR_CLIENTS if scope.value in scopes]


def _require_post() -> None:
    me = actor()
    if not me.posts or not may_keep_clients(me, me.posts[0].authority_id):
        raise NotFound


def _done(message: str) -> ResponseReturnValue:
    flash(_(message), "success")
    return redirect(url_for("applications.page"), HTTPStatus.SEE_OTHER)
