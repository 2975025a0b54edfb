"""The problems that a caller of the API may be answered with (RFC 9457): one table, for answers and the page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from comity.core.errors import ComityError
from comity.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Problem:
    """code: the fragment of its `type`, which never changes. words: what it means and what to do, in English."""

    code: str
    status: HTTPStatus
    words: str


TABLE: tuple[Problem, ...] = (
    Problem("bad-request", HTTPStatus.BAD_REQUEST, "The request cannot be read: its JSON or its Idempotency-Key."),
    Problem("sign-in-required", HTTPStatus.UNAUTHORIZED, "The request carries no access token."),
    Problem("invalid-token", HTTPStatus.UNAUTHORIZED, "The token is unknown, has expired or was ended. Get a new one."),
    Problem("insufficient-scope", HTTPStatus.FORBIDDEN, "The token lacks the scope that WWW-Authenticate names."),
    Problem("refused", HTTPStatus.FORBIDDEN, "The person or post that the token stands for may not do this."),
    Problem("not-found", HTTPStatus.NOT_FOUND, "No such thing, or none that the token's person or post may know of."),
    Problem("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "The address knows other methods; Allow lists them."),
    Problem("conflict", HTTPStatus.CONFLICT, "A client_id stands for something else already."),
    Problem("still-answering", HTTPStatus.CONFLICT, "One with this Idempotency-Key is under way. Repeat later."),
    Problem("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than 2 MiB."),
    Problem("unsupported-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json."),
    Problem("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter or part of the body does not fit; see errors."),
    Problem("key-reused", HTTPStatus.UNPROCESSABLE_ENTITY, "The Idempotency-Key came before, with another request."),
    Problem("too-many", HTTPStatus.TOO_MANY_REQUESTS, "Too many requests. Retry-After says how many seconds to wait."),
    Problem("internal", HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke in Comity. Repeat; quote the reference."),
)  # fmt: skip
BY_CODE = {problem.code: problem for problem in TABLE}


class InvalidToken(ComityError):
    """A token was shown, and opens nothing. RFC 6750, 3.1."""

    status = HTTPStatus.UNAUTHORIZED
    code = "invalid-token"
    message = N_("The access token is unknown, has expired or was ended.")


class InsufficientScope(ComityError):
    """The token opens other things. scopes: any of them would do. RFC 6750, 3.1."""

    status = HTTPStatus.FORBIDDEN
    code = "insufficient-scope"
    message = N_("The access token lacks the scope for this.")

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self.scopes = scopes


class Unreadable(ComityError):
    """What was sent is no JSON, or has a header that cannot be read."""


class NotJson(ComityError):
    status: ClassVar[HTTPStatus] = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported-media-type"
    message = N_("Send the body as application/json.")


class StillAnswering(ComityError):
    """The first request with this key is under way."""

    status = HTTPStatus.CONFLICT
    code = "still-answering"
    message = N_("A request with this Idempotency-Key is being answered. Please repeat it later.")


class KeyReused(ComityError):
    """The key stands for another request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "key-reused"
    message = N_("This Idempotency-Key came before, with another request.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit. pointer: JSON Pointer (RFC 6901) into the body, or the parameter's name."""

    pointer: str
    detail: str


class Unfit(ComityError):
    """Parameters or a body that do not fit their declaration. faults: each with its place."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"
    message = N_("Please check what you typed.")

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__()
        self.faults = faults
