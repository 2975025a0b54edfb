"""What stops a step: each error cites its article and says what to do instead."""

from __future__ import annotations

from comity.core.errors import Conflict, Invalid
from comity.core.i18n import N_


class RuleBroken(Conflict):
    """A rule of the Convention stops the step. article: of UNTOC; it stands in the message, too."""

    code = "rule"

    def __init__(self, message: str, article: str, *, field: str | None = None, **parameters: object) -> None:
        super().__init__(message, field=field, article=article, **parameters)
        self.article = article


class NotNow(Conflict):
    """The request does not stand where this step can be taken from."""

    code = "not-now"
    message = N_("This step does not follow from where the request stands now. Please look at its latest status.")


class NotYours(Conflict):
    """The step belongs to the other side."""

    code = "not-yours"
    message = N_("Only the other side can take this step.")


class WrongDate(Invalid):
    """A date in the future, or before the step that came before it."""

    message = N_("This date cannot be right: it lies in the future, or before the step that came before it.")


CONSULT_FIRST = N_(
    "Before a refusal or a postponement the two sides consult (Article %(article)s). "
    "Offer a consultation first; you can refuse or postpone after that."
)
REASONS = N_("A refusal and a postponement are given with reasons (Article %(article)s). Please write them down.")
GROUND_NEEDED = N_("Please choose at least one ground for the refusal (Article %(article)s).")
NOT_ALONE = N_(
    "Bank secrecy and fiscal matters alone are no ground for a refusal (Article %(article)s). "
    "Choose a ground of Article 18(21) or 16 as well, or accept the request."
)
WRONG_GROUND = N_("This ground does not belong to this kind of cooperation (Article %(article)s).")
WRITTEN_FIRST = N_(
    "The oral request has not been confirmed in writing yet (Article %(article)s). "
    "Record the written confirmation before this step."
)
CONDITION_OPEN = N_(
    "A condition is proposed and not agreed upon (Article %(article)s). "
    "It has to be accepted, or taken back, before this step."
)
AUTHORITY_NEEDED = N_("Please name the competent authority that the request was transmitted to (Article %(article)s).")
