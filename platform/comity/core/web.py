"""The web edge that all domains share: access decisions on views, the unit of work, who acts and when.

Every view carries a decision (`@access(...)`); a view without one is refused, and a test walks the URL map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, has_request_context, request
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.actor import Actor
from comity.core.clock import Clock
from comity.core.config import Config
from comity.core.db import Database
from comity.core.errors import NotFound, SignInRequired
from comity.core.permissions import Action, may

Decision = Callable[[Actor | None], bool]
View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "comity_access"
_CALLS = "/api/v1/"
"""Below here no cookie counts: who calls says so with each request."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the edge hands to services; one per application."""

    config: Config
    db: Database
    clock: Clock


def public(actor: Actor | None) -> bool:
    """Everybody, signed in or not."""
    return may(actor, Action.SIGN_IN)


def signed_in(actor: Actor | None) -> bool:
    """Everybody who is signed in; the service decides about the thing itself."""
    return may(actor, Action.KEEP_OWN_ACCOUNT)


def secretariat(actor: Actor | None) -> bool:
    return may(actor, Action.SEE_KEPT_MAIL)


def auditor(actor: Actor | None) -> bool:
    return may(actor, Action.SEE_AUDIT)


def own_token(actor: Actor | None) -> bool:
    """No person but a machine: the view itself checks the token that the request carries."""
    return may(actor, Action.REPORT_ROOM)


def own_credentials(actor: Actor | None) -> bool:
    """A client of the API that gets or ends a token: the view itself checks the code, secret or token."""
    return may(actor, Action.GET_TOKEN)


def api_description(actor: Actor | None) -> bool:
    """Everybody, signed in or not: what is described is decided upon call by call."""
    return may(actor, Action.READ_API_DESCRIPTION)


def access(decision: Decision) -> Callable[[View], View]:
    """Say who may call a view. A person who may not gets the sign-in page, or "not found"."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, decision)
        return view

    return mark


def decision_of(view: Callable[..., Any] | None) -> Decision | None:
    """The decision that a view carries, for the guard and for the test that walks the URL map."""
    return cast("Decision | None", getattr(view, _ATTRIBUTE, None))


def guard(app: Flask) -> None:
    """Refuse every request whose view carries no decision, or whose decision says no."""
    access(public)(app.view_functions["static"])

    @app.before_request
    def decide() -> None:
        if request.endpoint is None:
            return
        decision = decision_of(app.view_functions[request.endpoint])
        if decision is None:
            abort(404)
        actor = optional_actor()
        if not decision(actor):
            raise NotFound if actor else SignInRequired


def services() -> Services:
    return cast("Services", current_app.extensions["comity"])


def optional_actor() -> Actor | None:
    """Who is signed in on this request, or None. Loaded once a request."""
    if "actor" not in g:
        load: Callable[[], Actor | None] = current_app.extensions["comity.actor"]
        g.actor = load()
    return cast("Actor | None", g.actor)


def actor() -> Actor:
    """Who is signed in. Raises SignInRequired."""
    found = optional_actor()
    if found is None:
        raise SignInRequired
    return found


def reading() -> AbstractContextManager[Session]:
    """A session to read with."""
    return services().db.reading()


@contextmanager
def writing() -> Iterator[Session]:
    """A unit of work: see `Database.writing`. What it writes to the journal says where it was asked for."""
    with services().db.writing() as session:
        journal.set_origin(session, origin())
        journal.set_through(session, through())
        yield session


def is_call() -> bool:
    """Whether this request is a call of the API."""
    return has_request_context() and request.path.startswith(_CALLS)


def origin() -> str:
    """The IP address that this request or event comes from, behind the trusted proxies; empty outside of one."""
    return (request.remote_addr or "") if has_request_context() else ""


def through() -> str:
    """The API client that this request comes through; empty for a browser."""
    return str(g.get("through", "")) if has_request_context() else ""


def now() -> datetime:
    return services().clock.now()
