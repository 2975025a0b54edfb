"""Step-up: before something weighty, the person shows a factor anew, unless that was within the last ten minutes.

Any view may call `require_fresh_factor()`; whoever has to show one is led to do so and back again.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.actor import Actor
from comity.core.errors import ComityError, Refused, SignInRequired
from comity.core.i18n import N_
from comity.core.web import now, reading
from comity.people.factors.rules import is_fresh
from comity.people.factors.services import has_factor
from comity.people.preferences import local_path
from comity.people.sessions import Found
from comity.people.signin import current_sign_in, needs_no_factor


class FreshFactorRequired(ComityError):
    """The last factor was shown too long ago. back: the page to come back to."""

    status = HTTPStatus.FORBIDDEN
    code = "fresh-factor-required"
    message = N_("Please confirm that it is you, then try again.")

    def __init__(self, back: str) -> None:
        super().__init__()
        self.back = back


def init_app(app: Flask) -> None:
    app.register_error_handler(FreshFactorRequired, _lead_there)


def came_in(actor: Actor | None) -> bool:
    """Access to the pages of the second factor itself: whoever is signed in, with a second factor or before it."""
    return actor is not None or current_sign_in() is not None


def here() -> Found:
    """The session of this browser, complete or not. Raises SignInRequired."""
    found = current_sign_in()
    if found is None:
        raise SignInRequired
    return found


def is_fresh_here() -> bool:
    """Whether a factor was shown in this browser within the last ten minutes."""
    found = here()
    return needs_no_factor(found.account) or is_fresh(found.factor_at, now())


def require_fresh_factor(back: str | None = None) -> Found:
    """The session of this browser, in which a factor was shown within the last ten minutes.

    back: the page to come back to afterwards; this one when absent, or the one whose form was sent. Accounts of the
    demonstration have no factor and are let through. Raises FreshFactorRequired, SignInRequired.
    """
    if not is_fresh_here():
        raise FreshFactorRequired(back or _this_page())
    return here()


def require_may_add(back: str | None = None) -> Found:
    """The session of somebody who may add a factor: after showing one, or because there is none yet.

    Raises Refused for demonstration accounts, which many people share; and what `require_fresh_factor` raises.
    """
    found = here()
    if needs_no_factor(found.account):
        raise Refused(N_("Demonstration accounts sign in by their link and have no factors."))
    if found.factor_at is None:
        with reading() as session:
            if not has_factor(session, found.account.id):
                return found
    return require_fresh_factor(back)


def _this_page() -> str:
    if request.method == "GET":
        return local_path(request.full_path.rstrip("?"))
    referrer = urlsplit(request.referrer or "")
    return local_path(referrer.path) if referrer.netloc == request.host else "/"


def _lead_there(error: FreshFactorRequired) -> ResponseReturnValue:
    if request.is_json or request.path.endswith(".json"):
        message, status = _(error.message), int(error.status)
        answer = jsonify(type="about:blank", title=message, status=status, detail=message, code=error.code)
        answer.mimetype = "application/problem+json"
        return answer, error.status
    return redirect(url_for("factors.confirm", next=error.back), HTTPStatus.SEE_OTHER)
