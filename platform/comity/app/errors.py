"""The one place where errors become pages and problem details (RFC 9457)."""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from comity.app import called
from comity.core.errors import ComityError, NotFound, SignInRequired
from comity.core.i18n import N_
from comity.core.web import is_call

log = logging.getLogger("comity.errors")

_TITLES = {
    HTTPStatus.BAD_REQUEST: N_("That did not work"),
    HTTPStatus.UNAUTHORIZED: N_("Please sign in"),
    HTTPStatus.FORBIDDEN: N_("You may not do this"),
    HTTPStatus.NOT_FOUND: N_("Nothing here"),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("That did not work"),
    HTTPStatus.CONFLICT: N_("Somebody was there first"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("That is too large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: N_("Please check what you typed"),
    HTTPStatus.TOO_MANY_REQUESTS: N_("Too many attempts"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Something broke on our side"),
}
_LARGE = N_("What you sent is larger than Comity takes at once. Nothing was changed.")
_STALE = N_(
    "This page was open for too long. Please go back, reload it and send again; your browser has kept what you typed."
)
_BROKEN = N_(
    "Nothing was lost that had been confirmed to you. Please try again; if it happens again, quote %(reference)s."
)


def init_app(app: Flask) -> None:
    """Translate every error that leaves a view."""
    app.register_error_handler(ComityError, _comity)
    app.register_error_handler(CSRFError, lambda _error: _answer(HTTPStatus.BAD_REQUEST, "stale-page", _(_STALE)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _comity(error: ComityError) -> ResponseReturnValue:
    if is_call():
        return called.problem(error)
    if isinstance(error, SignInRequired) and not _wants_json():
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("people.sign_in", next=wanted if wanted != "/" else None))
    message = _(error.message, **error.parameters)
    return _answer(error.status, error.code, message, **({"field": error.field} if error.field else {}))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    status = HTTPStatus(error.code)
    if status is HTTPStatus.NOT_FOUND:
        return _comity(NotFound())
    if is_call():
        return called.refused(status, error)
    message = _LARGE if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ComityError.message
    response = _answer(status, status.phrase.lower().replace(" ", "-"), _(message))
    response.headers.extend(h for h in error.get_headers() if h[0] == "Allow")
    return response


def _unexpected(_error: Exception) -> ResponseReturnValue:
    reference = uuid.uuid4().hex[:10]
    g.setdefault("actor", None)  # the database may be what broke: the page must not ask it again
    log.exception("error %s at %s", reference, request.endpoint)
    if is_call():
        return called.broken(_(_BROKEN, reference=reference))
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", _(_BROKEN, reference=reference))


def _answer(status: HTTPStatus, code: str, message: str, **extra: Any) -> Response:
    title = _(_TITLES.get(status, _TITLES[HTTPStatus.BAD_REQUEST]))
    if _wants_json():
        response = jsonify(type="about:blank", title=title, status=int(status), detail=message, code=code, **extra)
        response.mimetype = "application/problem+json"
    else:
        response = Response(render_template("error.html", title=title, message=message, status=int(status)))
    response.status_code = int(status)
    return response


def _wants_json() -> bool:
    if request.path.endswith(".json") or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"
