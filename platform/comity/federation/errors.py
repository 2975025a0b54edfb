"""What can go wrong on the way to a provider and back, each cause in words for the person who tries."""

from __future__ import annotations

from http import HTTPStatus

from comity.core.errors import ComityError, Conflict, Refused
from comity.core.i18n import N_


class ProviderAway(ComityError):
    """No usable answer from the provider. reason: for our log, never for the page."""

    status = HTTPStatus.BAD_GATEWAY
    code = "provider-away"
    message = N_("%(name)s did not answer. Please try again in a while, or come in another way.")

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name=name)
        self.reason = reason


class Untrusted(ComityError):
    """The provider's answer does not hold. reason: for our log and the journal, never for the page."""

    status = HTTPStatus.BAD_GATEWAY
    code = "provider-untrusted"
    message = N_("What %(name)s answered could not be trusted, so nothing was opened. Please tell the secretariat.")

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name=name)
        self.reason = reason


class FlowOver(Conflict):
    """Another browser, another attempt, too late, or the same answer twice."""

    code = "sign-in-over"
    message = N_("This attempt to sign in is over. Please begin again.")


class Denied(Refused):
    code = "provider-denied"
    message = N_("%(name)s did not let you in, or you turned back. Nothing was changed here.")


class NotVouched(Refused):
    """The provider vouches, and nobody here is meant. One answer for every reason but those that follow."""

    code = "provider-no-account"
    message = N_("%(name)s knows you, but Comity has no account that it may open to you. Comity is by invitation.")


class Unverified(NotVouched):
    code = "provider-unverified"
    message = N_("%(name)s has not verified your e-mail address, so Comity cannot tell who you are.")


class Mismatch(NotVouched):
    code = "provider-mismatch"
    message = N_("You are known here as somebody else at %(name)s than who came now. Please tell the secretariat.")
