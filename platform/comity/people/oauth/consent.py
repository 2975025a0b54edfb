"""A tool asks a person to let it act for them: the request checked, the page in plain words, the answer to the tool.

A request whose client or redirect URI is wrong is never sent on: its page says so here (RFC 6749, 4.1.2.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.core.web import access, actor, now, reading, services, writing
from comity.people.oauth import rules
from comity.people.oauth.access import may_keep_applications
from comity.people.oauth.allowances import Asked, allow
from comity.people.oauth.clients import find_client, may_use, scope_choices
from comity.people.oauth.models import Client, ClientKind
from comity.people.oauth.scopes import WORDS, Scope, split
from comity.people.stepup import require_fresh_factor

blueprint = Blueprint("consent", __name__, url_prefix="/oauth/authorize", template_folder="../templates")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE = re.compile(r"[\x20-\x7e]{0,1000}")
_ONCE = ("client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method")


class _ToTool(Exception):
    """A refusal that the tool is told (RFC 6749, 4.1.2.1)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A request of a known tool, with an address to answer to. state: as the tool sent it."""

    client: Client
    redirect_uri: str
    state: str


@blueprint.get("")
@access(may_keep_applications)
def page() -> ResponseReturnValue:
    with reading() as session:
        wanted = _wanted(session)
    try:
        asked = _asked(wanted, actor())
    except _ToTool as refusal:
        return _back(wanted, {"error": refusal.error})
    require_fresh_factor()
    g.form_target = rules.form_target(wanted.redirect_uri)
    return render_template(
        "people/consent.html",
        client=wanted.client,
        authority=next(p.authority_name for p in actor().posts if p.authority_id == wanted.client.authority_id),
        scopes=[_(WORDS[Scope(scope)]) for scope in asked.scopes],
        address=urlsplit(wanted.redirect_uri).netloc,
        here=f"{url_for('consent.answer')}?{request.query_string.decode('ascii', 'replace')}",
    )


@blueprint.post("")
@access(may_keep_applications)
def answer() -> ResponseReturnValue:
    require_fresh_factor(request.full_path)
    with reading() as session:
        wanted = _wanted(session)
    try:
        asked = _asked(wanted, actor())
        if request.form.get("answer") != "allow":
            raise _ToTool("access_denied")
    except _ToTool as refusal:
        return _back(wanted, {"error": refusal.error})
    with writing() as session:
        client = find_client(session, wanted.client.client_id, lock=True) or _gone()
        code = allow(session, actor(), client, asked, now())
    return _back(wanted, {"code": code})


def _wanted(session: Session) -> _Wanted:
    """Raises NotFound for an unknown or ended tool, and for an address that it did not register, letter by letter."""
    given = {name: request.args.getlist(name) for name in ("client_id", "redirect_uri")}
    if any(len(values) != 1 or not _STATE.fullmatch(values[0]) for values in given.values()):
        raise NotFound
    client = find_client(session, given["client_id"][0])
    if client is None or client.revoked_at is not None or client.kind is not ClientKind.TOOL:
        raise NotFound
    uri = given["redirect_uri"][0]
    if uri not in client.redirect_uris:
        raise NotFound
    state = request.args.get("state", "")
    return _Wanted(client, uri, state if _STATE.fullmatch(state) else "")


def _asked(wanted: _Wanted, person: Actor) -> Asked:
    """What the tool asks for. Raises _ToTool with the error of RFC 6749, 4.1.2.1, or RFC 7636, 4.4.1."""
    args = request.args
    if any(len(args.getlist(name)) > 1 for name in _ONCE) or not _STATE.fullmatch(args.get("state", "")):
        raise _ToTool("invalid_request")
    if args.get("response_type") != "code":
        raise _ToTool("unsupported_response_type" if args.get("response_type") else "invalid_request")
    challenge = args.get("code_challenge", "")
    if args.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise _ToTool("invalid_request")
    if not may_use(person, wanted.client):
        raise _ToTool("access_denied")
    scopes = split(args.get("scope"))
    if not set(scopes) <= set(wanted.client.scopes):
        raise _ToTool("invalid_scope")
    return Asked(tuple(scope_choices(wanted.client, scopes)), wanted.redirect_uri, challenge)


def _back(wanted: _Wanted, parameters: dict[str, str]) -> ResponseReturnValue:
    """To the tool, with its state and our name (RFC 9207, 2)."""
    more = {**parameters, **({"state": wanted.state} if wanted.state else {}), "iss": services().config.base_url}
    parts = urlsplit(wanted.redirect_uri)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    target = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    response = redirect(target, HTTPStatus.SEE_OTHER)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _gone() -> Client:
    raise NotFound
