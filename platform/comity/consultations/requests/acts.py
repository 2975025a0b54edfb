"""The table of steps: who may take which, from where to where, under which article. Pure.

The documentation and the buttons on a page are made from this table; `machine.py` follows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from comity.consultations.requests.terms import DECIDED, Status
from comity.consultations.terms import Kind, Side
from comity.core.i18n import N_


class Act(StrEnum):
    """A step that one side takes."""

    SUBMIT = "submit"
    RECORD_DELIVERY = "record-delivery"
    ACKNOWLEDGE = "acknowledge"
    BEGIN_REVIEW = "begin-review"
    ASK_FOR_INFORMATION = "ask-for-information"
    GIVE_INFORMATION = "give-information"
    ACCEPT = "accept"
    TRANSMIT = "transmit"
    BEGIN_EXECUTION = "begin-execution"
    EXECUTE_IN_PART = "execute-in-part"
    EXECUTE = "execute"
    OFFER_CONSULTATION = "offer-consultation"
    RECORD_CONSULTATION = "record-consultation"
    RESUME_REVIEW = "resume-review"
    POSTPONE = "postpone"
    REFUSE_IN_PART = "refuse-in-part"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"
    CONFIRM_IN_WRITING = "confirm-in-writing"
    PROPOSE_CONDITION = "propose-condition"
    ACCEPT_CONDITION = "accept-condition"
    DECLINE_CONDITION = "decline-condition"
    TAKE_BACK_CONDITION = "take-back-condition"


class Rule(StrEnum):
    """What a step asks for besides its status and side."""

    CONSULTATION_OFFERED = auto()
    REASONS = auto()
    GROUNDS = auto()
    WRITTEN = auto()
    CONDITIONS_AGREED = auto()
    AUTHORITY_NAMED = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table.

    by: the sides that may. after: statuses it follows. to: the status it leads to; None leaves it as it is.
    article: of UNTOC, empty where the Convention says nothing. rules: checked in their order. label: on the button.
    """

    act: Act
    label: str
    by: frozenset[Side]
    after: frozenset[Status]
    to: Status | None
    article: str = ""
    rules: tuple[Rule, ...] = ()


_REQUESTING, _REQUESTED = frozenset({Side.REQUESTING}), frozenset({Side.REQUESTED})
_EITHER = _REQUESTING | _REQUESTED
_OPEN = frozenset(Status) - DECIDED
_SENT = _OPEN - {Status.DRAFT_SHARED}
_AT_WORK = _SENT - {Status.SUBMITTED, Status.DELIVERED}
_WEIGHED = frozenset({Status.ACKNOWLEDGED, Status.UNDER_REVIEW, Status.CONSULTATION, Status.POSTPONED})
_GOING_ON = frozenset({Status.ACCEPTED, Status.TRANSMITTED, Status.REFUSED_IN_PART, Status.POSTPONED})
_DONE = (Rule.WRITTEN, Rule.CONDITIONS_AGREED)
_AGAINST = (Rule.CONSULTATION_OFFERED, Rule.REASONS)

TABLE: tuple[Step, ...] = (
    Step(
        Act.SUBMIT,
        N_("Record the submission"),
        _REQUESTING,
        frozenset({Status.DRAFT_SHARED}),
        Status.SUBMITTED,
        "18(13)",
    ),
    Step(
        Act.RECORD_DELIVERY,
        N_("Record the delivery"),
        _EITHER,
        frozenset({Status.SUBMITTED}),
        Status.DELIVERED,
        "18(13)",
    ),
    Step(
        Act.ACKNOWLEDGE,
        N_("Acknowledge receipt"),
        _REQUESTED,
        frozenset({Status.SUBMITTED, Status.DELIVERED}),
        Status.ACKNOWLEDGED,
        "18(24)",
    ),
    Step(
        Act.BEGIN_REVIEW,
        N_("Begin the review"),
        _REQUESTED,
        frozenset({Status.ACKNOWLEDGED}),
        Status.UNDER_REVIEW,
        "18(24)",
    ),
    Step(
        Act.ASK_FOR_INFORMATION,
        N_("Ask for more information"),
        _REQUESTED,
        _AT_WORK - {Status.INFORMATION_REQUESTED},
        Status.INFORMATION_REQUESTED,
        "18(16)",
    ),
    Step(
        Act.GIVE_INFORMATION,
        N_("Record that it was given"),
        _REQUESTING,
        frozenset({Status.INFORMATION_REQUESTED}),
        Status.UNDER_REVIEW,
        "18(16)",
    ),
    Step(Act.ACCEPT, N_("Accept"), _REQUESTED, _WEIGHED, Status.ACCEPTED, "18(17)", (Rule.CONDITIONS_AGREED,)),
    Step(
        Act.TRANSMIT,
        N_("Transmit to the competent authority"),
        _REQUESTED,
        frozenset({Status.UNDER_REVIEW, Status.ACCEPTED}),
        Status.TRANSMITTED,
        "18(13)",
        (Rule.AUTHORITY_NAMED, Rule.CONDITIONS_AGREED),
    ),
    Step(
        Act.BEGIN_EXECUTION,
        N_("Begin execution"),
        _REQUESTED,
        _GOING_ON,
        Status.IN_EXECUTION,
        "18(17)",
        (Rule.CONDITIONS_AGREED,),
    ),
    Step(
        Act.EXECUTE_IN_PART,
        N_("Record execution in part"),
        _REQUESTED,
        frozenset({Status.IN_EXECUTION}),
        Status.PARTLY_EXECUTED,
        "18(24)",
        (Rule.CONDITIONS_AGREED,),
    ),
    Step(
        Act.EXECUTE,
        N_("Record execution"),
        _REQUESTED,
        frozenset({Status.IN_EXECUTION, Status.PARTLY_EXECUTED}),
        Status.EXECUTED,
        "18(24)",
        _DONE,
    ),
    Step(
        Act.OFFER_CONSULTATION,
        N_("Offer a consultation before a refusal or postponement"),
        _REQUESTED,
        _AT_WORK - {Status.CONSULTATION},
        Status.CONSULTATION,
        "18(26)",
    ),
    Step(
        Act.RECORD_CONSULTATION,
        N_("Record that the consultation was held"),
        _EITHER,
        frozenset({Status.CONSULTATION}),
        None,
        "18(26)",
    ),
    Step(
        Act.RESUME_REVIEW,
        N_("Go on with the review"),
        _REQUESTED,
        frozenset({Status.CONSULTATION, Status.POSTPONED, Status.INFORMATION_REQUESTED}),
        Status.UNDER_REVIEW,
        "18(24)",
    ),
    Step(Act.POSTPONE, N_("Postpone"), _REQUESTED, _AT_WORK - {Status.POSTPONED}, Status.POSTPONED, "18(25)", _AGAINST),
    Step(
        Act.REFUSE_IN_PART,
        N_("Refuse in part"),
        _REQUESTED,
        _AT_WORK - {Status.REFUSED_IN_PART},
        Status.REFUSED_IN_PART,
        "18(21)",
        (*_AGAINST, Rule.GROUNDS),
    ),
    Step(
        Act.REFUSE,
        N_("Refuse"),
        _REQUESTED,
        _AT_WORK,
        Status.REFUSED,
        "18(21)",
        (*_AGAINST, Rule.GROUNDS, Rule.WRITTEN),
    ),
    Step(Act.WITHDRAW, N_("Withdraw"), _REQUESTING, _OPEN, Status.WITHDRAWN),
    Step(
        Act.CLOSE,
        N_("Close"),
        _EITHER,
        (DECIDED - {Status.CLOSED}) | {Status.PARTLY_EXECUTED, Status.REFUSED_IN_PART},
        Status.CLOSED,
        "",
        (Rule.WRITTEN,),
    ),
    Step(Act.REOPEN, N_("Open again"), _EITHER, DECIDED, Status.UNDER_REVIEW),
    Step(Act.CONFIRM_IN_WRITING, N_("Record the written confirmation"), _EITHER, _SENT, None, "18(14)"),
    Step(Act.PROPOSE_CONDITION, N_("Propose a condition"), _REQUESTED, _AT_WORK, None, "18(26)"),
    Step(Act.ACCEPT_CONDITION, N_("Accept the condition"), _REQUESTING, _AT_WORK, None, "18(26)"),
    Step(Act.DECLINE_CONDITION, N_("Decline the condition"), _REQUESTING, _AT_WORK, None, "18(26)"),
    Step(Act.TAKE_BACK_CONDITION, N_("Take the condition back"), _REQUESTED, _AT_WORK, None, "18(26)"),
)
STEPS = {step.act: step for step in TABLE}
EXTRADITION = frozenset({Kind.EXTRADITION, Kind.PROVISIONAL_ARREST})
_CONSULTED = frozenset({Act.OFFER_CONSULTATION, Act.RECORD_CONSULTATION, Act.POSTPONE, Act.REFUSE_IN_PART, Act.REFUSE})


def article_of(step: Step, kind: Kind) -> str:
    """The article that a step rests on, for a kind of cooperation; empty where the Convention says nothing.

    Article 18 speaks of mutual legal assistance alone; for extradition 16(16) asks for the consultation.
    """
    if kind in EXTRADITION:
        return "16(16)" if step.act in _CONSULTED else ""
    return step.article
