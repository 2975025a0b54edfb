"""One base error; a class per cause; each edge translates in one place.

Messages are marked with `N_` and translated by the edge that shows them, in the reader's language.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from comity.core.i18n import N_


class ComityError(Exception):
    """Something that the person who acts can understand and mend.

    message: a msgid with named parameters. parameters: their values. field: the form field it is about.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    code: ClassVar[str] = "bad-request"
    message: str = N_("That did not work. Nothing was changed.")

    def __init__(self, message: str | None = None, *, field: str | None = None, **parameters: object) -> None:
        self.message = message or type(self).message
        self.field, self.parameters = field, parameters
        super().__init__(self.message % parameters if parameters else self.message)


class NotFound(ComityError):
    """No such thing, or none that this person may know of: the two look the same on purpose."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"
    message = N_("There is nothing here for you to see.")


class Refused(ComityError):
    """The person may know of the thing, but not do this with it."""

    status = HTTPStatus.FORBIDDEN
    code = "refused"
    message = N_("You may not do this.")


class SignInRequired(ComityError):
    status = HTTPStatus.UNAUTHORIZED
    code = "sign-in-required"
    message = N_("Please sign in first.")


class Invalid(ComityError):
    """What was typed cannot be used; `field` says where."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"
    message = N_("Please check what you typed.")


class Conflict(ComityError):
    """Somebody else was there first."""

    status = HTTPStatus.CONFLICT
    code = "conflict"
    message = N_("Somebody changed this in the meantime. Please look again.")


class TooMany(ComityError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many"
    message = N_("Too many attempts. Please wait a minute and try again.")


class Busy(ComityError):
    """Too many want the same at this moment, or it takes too long."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"
    message = N_("Many people are signing in at this moment. Please try again in a minute.")
