"""To a provider and back; and where a provider says that somebody signed out there."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core.errors import ComityError, NotFound
from comity.core.web import access, now, public, reading, services, writing
from comity.federation import flows, logout, registry
from comity.federation.access import provider_itself
from comity.federation.admission import Admitted, admit, confirms, problem
from comity.federation.client import Client, Settings
from comity.federation.errors import Denied, FlowOver, Mismatch, ProviderAway, Untrusted
from comity.federation.flows import Flow
from comity.federation.identity import Identity
from comity.federation.tokens import LEEWAY
from comity.federation.vouching import Refusal
from comity.people.events import Kind, record
from comity.people.factors.rules import FRESH
from comity.people.limits import PROVIDER_BY_ADDRESS, PROVIDER_LOGOUTS, attempts
from comity.people.preferences import local_path
from comity.people.sessions import factor_shown
from comity.people.signin import Entered, begin, current_sign_in, enter, origin, reload
from comity.people.stepup import came_in, here

log = logging.getLogger("comity.federation")

blueprint = Blueprint("federation", __name__, url_prefix="/sign-in/with", template_folder="templates")
EXTENSION = "comity.federation"
_FLOW = "provider_flow"


def client() -> Client:
    """What talks to providers in this process."""
    return cast("Client", current_app.extensions[EXTENSION])


def address_of(code: str, endpoint: str = "back") -> str:
    """The address of ours that a provider is configured with: as people reach us, whatever this request came by."""
    return services().config.base_url + url_for(f"federation.{endpoint}", code=code)


@blueprint.get("/<code>")
@access(public)
def begin_sign_in(code: str) -> ResponseReturnValue:
    return _send_there(code, local_path(request.args.get("next")), None)


@blueprint.get("/<code>/confirm")
@access(came_in)
def begin_confirming(code: str) -> ResponseReturnValue:
    found = here()
    with reading() as session:
        if code not in {row.code for row in registry.confirming(session, found.account.id)}:
            raise NotFound
    return _send_there(code, local_path(request.args.get("next")), found.id)


@blueprint.get("/<code>/back")
@access(public)
def back(code: str) -> ResponseReturnValue:
    """The answer of the provider (OpenID Connect Core 1.0, 3.1.2.5)."""
    attempts().spend(PROVIDER_BY_ADDRESS, origin().address)
    settings = _settings(code)
    try:
        flow = _finish(settings)
        identity = _identity(settings, flow)
        if flow.sign_in_id is not None:
            return _confirmed(settings, flow, identity)
        entered = _let_in(settings, identity)
    except ComityError as error:
        return _failed(settings, error)
    if isinstance(entered, Refusal):
        return _failed(settings, problem(entered, settings.name))
    entered.remember()
    return redirect(_next_step(entered, flow.onward), HTTPStatus.SEE_OTHER)


@blueprint.post("/<code>/logout")
@access(provider_itself)
def back_channel(code: str) -> ResponseReturnValue:
    """The provider says that somebody signed out (Back-Channel Logout 1.0, 2.5)."""
    attempts().spend(PROVIDER_LOGOUTS, origin().address)
    settings = _settings(code)
    try:
        who = client().logged_out(settings, request.form.get("logout_token", ""))
    except (Untrusted, ProviderAway) as error:
        log.warning("a logout token of the provider %s was refused: %s", settings.code, error.reason)
        return _refused()
    with writing() as session:
        taken = logout.end_sessions(session, settings.id, who, now())
    return Response(status=HTTPStatus.OK, headers={"Cache-Control": "no-store"}) if taken else _refused()


def _send_there(code: str, onward: str, sign_in_id: int | None) -> ResponseReturnValue:
    attempts().spend(PROVIDER_BY_ADDRESS, origin().address)
    settings = _settings(code)
    try:
        client().metadata(settings)
    except ComityError as error:
        return _failed(settings, error)
    with writing() as session:
        secrets = flows.begin(session, settings.id, onward, now(), sign_in_id=sign_in_id)
    url = client().authorization_url(
        settings, address_of(code), secrets, str(get_locale()), anew=sign_in_id is not None
    )
    cookie[_FLOW] = secrets.token
    return redirect(url)


def _finish(settings: Settings) -> Flow:
    """The way that this browser was on: over from here, whatever the provider says."""
    with writing() as session:
        flow = flows.finish(session, settings.id, str(cookie.get(_FLOW, "")), request.args.get("state", ""), now())
    cookie.pop(_FLOW, None)
    return flow


def _identity(settings: Settings, flow: Flow) -> Identity:
    if error := request.args.get("error"):
        raise Denied(name=settings.name) if error == "access_denied" else Untrusted(settings.name, "an error came back")
    code = request.args.get("code", "")
    return client().redeem(settings, address_of(settings.code), flow.secrets, code, request.args.get("iss"))


def _let_in(settings: Settings, identity: Identity) -> Entered | Refusal:
    key = services().config.secret_key
    with writing() as session:
        found = admit(session, settings.id, identity, origin(), now(), secret_key=key)
        return found if isinstance(found, Refusal) else _entered(session, found, identity)


def _entered(session: Session, found: Admitted, identity: Identity) -> Entered:
    """Through, where the provider's second factor counts and was shown; else to our own."""
    if not identity.factor:
        return enter(session, found.account, "provider", vouched_by=found.reference)
    token = begin(
        session, found.account, "provider", with_factor=True, vouched_by=found.reference, proved_at=_proved_at(identity)
    )
    return Entered(token, half=False)


def _proved_at(identity: Identity) -> datetime:
    """When the factor was shown. A provider that does not say when has not shown that it was just now."""
    return min(now(), identity.proved_at or now() - FRESH)


def _confirmed(settings: Settings, flow: Flow, identity: Identity) -> ResponseReturnValue:
    """The person has proved anew at the provider that it is they, for the session they had then and have now."""
    found = current_sign_in()
    if found is None or found.id != flow.sign_in_id:
        raise FlowOver
    shown = identity.proved_at is not None and identity.proved_at >= flow.created_at - timedelta(seconds=LEEWAY)
    with writing() as session:
        same = shown and confirms(session, settings.id, identity, found.account.id, origin(), now())
        if same:
            factor_shown(session, found.id, now())
    if not shown:
        raise Untrusted(settings.name, "the person was not asked anew")
    if not same:
        raise Mismatch(name=settings.name)
    reload()
    return redirect(flow.onward, HTTPStatus.SEE_OTHER)


def _next_step(entered: Entered, onward: str) -> str:
    if entered.half:
        return url_for("factors.code", next=onward)
    found = current_sign_in()
    return onward if found is not None and found.factor_at is not None else url_for("factors.set_up", next=onward)


def _settings(code: str) -> Settings:
    """Raises NotFound for a provider that there is not."""
    with reading() as session:
        row = registry.by_code(session, code)
    return registry.settings(row, services().config.secret_key)


def _failed(settings: Settings, error: ComityError) -> ResponseReturnValue:
    """What happened, in words; the reason goes to the log and, where an answer did not hold, to the journal."""
    if isinstance(error, Untrusted | ProviderAway):
        log.warning("signing in by the provider %s failed: %s", settings.code, error.reason)
    if isinstance(error, Untrusted | Denied):
        with writing() as session:
            record(
                session, Kind.PROVIDER_REFUSED, None, now(), provider=settings.code,
                reason=error.reason if isinstance(error, Untrusted) else error.code, address=origin().address,
            )  # fmt: skip
    found = current_sign_in()
    page = render_template(
        "federation/failed.html",
        name=settings.name,
        message=_(error.message, **error.parameters),
        again=url_for("federation.begin_sign_in", code=settings.code) if found is None else None,
    )
    return page, error.status


def _refused() -> ResponseReturnValue:
    """Back-Channel Logout 1.0, 2.8."""
    answer = jsonify(error="invalid_request")
    answer.headers["Cache-Control"] = "no-store"
    return answer, HTTPStatus.BAD_REQUEST
