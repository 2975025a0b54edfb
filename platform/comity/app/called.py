"""Problem details (RFC 9457) for callers of the API, with the challenges of RFC 6750."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from comity.app import callers
from comity.core import web
from comity.core.errors import ComityError, SignInRequired
from comity.core.openapi import PREFIX
from comity.core.problems import BY_CODE, InsufficientScope, InvalidToken, Unfit

_REALM = 'realm="Comity"'
_BY_STATUS = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
}


def problem(error: ComityError) -> Response:
    """The answer to something that a service or the edge raised."""
    if isinstance(error, SignInRequired) and callers.refused():
        error = InvalidToken()
    more: dict[str, Any] = {"field": error.field} if error.field else {}
    if isinstance(error, Unfit):
        more["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.faults]
    response = _answer(error.code, _(error.message, **error.parameters), **more)
    for challenge in _challenges(error):
        response.headers.add("WWW-Authenticate", challenge)
    return response


def refused(status: HTTPStatus, error: HTTPException) -> Response:
    """The answer to what the framework refused."""
    response = _answer(_BY_STATUS.get(status, "bad-request"), _(ComityError.message))
    response.headers.extend(header for header in error.get_headers() if header[0] == "Allow")
    return response


def broken(words: str) -> Response:
    """The answer to what should not have happened. words: with the reference to quote."""
    return _answer("internal", words)


def _answer(code: str, detail: str, **more: Any) -> Response:
    known = BY_CODE[code]
    base = web.services().config.base_url
    response = jsonify(
        type=f"{base}/api/#{code}",
        title=known.status.phrase,
        status=int(known.status),
        detail=detail,
        code=code,
        **more,
    )
    response.status_code = int(known.status)
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def _challenges(error: ComityError) -> list[str]:
    if isinstance(error, InvalidToken):
        return [f'Bearer {_REALM}, error="invalid_token"', *_basic()]
    if isinstance(error, SignInRequired):
        return [f"Bearer {_REALM}", *_basic()]
    if isinstance(error, InsufficientScope):
        # Any one of them would do; the first is the one to ask for (RFC 6750, 3).
        return [f'Bearer {_REALM}, error="insufficient_scope", scope="{error.scopes[0]}"']
    return []


def _basic() -> list[str]:
    """Where an application password would do (RFC 7617, 2)."""
    opened = request.path.startswith((f"{PREFIX}/states", f"{PREFIX}/authorities"))
    return [f'Basic {_REALM}, charset="UTF-8"'] if opened else []
