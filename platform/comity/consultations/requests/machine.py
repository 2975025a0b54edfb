"""The life of a request as a pure state machine over the table in `acts.py`.

The rules that it keeps: no refusal and no postponement before a consultation was offered (18(26), 16(16)); reasons are
compulsory (18(23)); bank secrecy (18(8)) or fiscal matters (18(22), 16(15)) alone are no ground; an oral request is not
decided before its written confirmation (18(14)); conditions are agreed upon before anything goes on, and bind (18(26)).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from comity.consultations.requests import errors
from comity.consultations.requests.acts import EXTRADITION, STEPS, TABLE, Act, Rule, Step
from comity.consultations.requests.errors import NotNow, NotYours, RuleBroken, WrongDate
from comity.consultations.requests.terms import (
    ASSISTANCE_GROUNDS,
    EXTRADITION_GROUNDS,
    GROUND_ARTICLES,
    NEVER_ALONE,
    ConditionState,
    Ground,
    Status,
)
from comity.consultations.terms import Kind, Side
from comity.core.errors import Invalid

_AGREED = frozenset({ConditionState.ACCEPTED, ConditionState.TAKEN_BACK})
_ENDS_THE_THOUGHT = frozenset(
    {
        Act.ACCEPT,
        Act.RESUME_REVIEW,
        Act.GIVE_INFORMATION,
        Act.BEGIN_EXECUTION,
        Act.POSTPONE,
        Act.REFUSE_IN_PART,
        Act.REOPEN,
    }
)
"""After these a refusal or postponement is a new thought, and needs a new consultation."""


@dataclass(frozen=True, slots=True)
class Request:
    """Where a request stands.

    since: day of the last step. oral: made so in urgent circumstances. confirmed_on: in writing.
    offered_on, held_on: the consultation about the refusal or postponement that is thought of now; a new thought needs
    a new one.
    conditions: in the order they were proposed; they stay, also those that were declined.
    """

    kind: Kind
    status: Status
    since: date
    oral: bool = False
    confirmed_on: date | None = None
    offered_on: date | None = None
    held_on: date | None = None
    conditions: tuple[ConditionState, ...] = ()

    @property
    def awaits_writing(self) -> bool:
        """Whether its written confirmation is due (18(14))."""
        return self.oral and self.confirmed_on is None

    @property
    def consulting_article(self) -> str:
        """The provision that asks for a consultation before a refusal."""
        return "16(16)" if self.kind in EXTRADITION else "18(26)"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as somebody takes it.

    on: the day it happened. reasons: as written. grounds: of a refusal. authority: the competent one. condition: index.
    """

    act: Act
    by: Side
    on: date
    reasons: str = ""
    grounds: frozenset[Ground] = frozenset()
    authority: str = ""
    condition: int | None = None


def take(request: Request, taken: Taken, today: date) -> Request:
    """The request after a step.

    Raises NotYours, NotNow, WrongDate, Invalid for a condition that is not there, and RuleBroken with its article.
    """
    step = STEPS[taken.act]
    if taken.by not in step.by:
        raise NotYours
    if request.status not in step.after:
        raise NotNow
    if not request.since <= taken.on <= today:
        raise WrongDate(field="on")
    for rule in step.rules:
        _CHECKS[rule](request, taken)
    return _effects(replace(request, status=step.to or request.status, since=taken.on), request, taken)


def open_to(request: Request, side: Side) -> tuple[Step, ...]:
    """The steps that a side can take from here, in the table's order; rules on what it then writes come later."""
    return tuple(
        step for step in TABLE if side in step.by and request.status in step.after and _makes_sense(request, step)
    )


def _makes_sense(request: Request, step: Step) -> bool:
    match step.act:
        case Act.CONFIRM_IN_WRITING:
            return request.awaits_writing
        case Act.ACCEPT_CONDITION | Act.DECLINE_CONDITION:
            return ConditionState.PROPOSED in request.conditions
        case Act.TAKE_BACK_CONDITION:
            return not _AGREED.issuperset(request.conditions)
        case Act.RECORD_CONSULTATION:
            return request.held_on is None
        case Act.POSTPONE | Act.REFUSE | Act.REFUSE_IN_PART:
            return request.offered_on is not None
        case _:
            return True


def _effects(after: Request, before: Request, taken: Taken) -> Request:
    match taken.act:
        case Act.OFFER_CONSULTATION:
            return replace(after, offered_on=taken.on, held_on=None)
        case Act.RECORD_CONSULTATION:
            return replace(after, held_on=taken.on)
        case act if act in _ENDS_THE_THOUGHT:
            return replace(after, offered_on=None, held_on=None)
        case Act.CONFIRM_IN_WRITING:
            if not before.awaits_writing:
                raise NotNow
            return replace(after, confirmed_on=taken.on)
        case Act.PROPOSE_CONDITION:
            return replace(after, conditions=(*before.conditions, ConditionState.PROPOSED))
        case Act.ACCEPT_CONDITION:
            return _settle(after, taken, ConditionState.ACCEPTED, frozenset({ConditionState.PROPOSED}))
        case Act.DECLINE_CONDITION:
            return _settle(after, taken, ConditionState.DECLINED, frozenset({ConditionState.PROPOSED}))
        case Act.TAKE_BACK_CONDITION:
            open_ones = frozenset({ConditionState.PROPOSED, ConditionState.DECLINED})
            return _settle(after, taken, ConditionState.TAKEN_BACK, open_ones)
        case _:
            return after


def _settle(after: Request, taken: Taken, state: ConditionState, from_: frozenset[ConditionState]) -> Request:
    index = taken.condition
    if index is None or not 0 <= index < len(after.conditions):
        raise Invalid(field="condition")
    if after.conditions[index] not in from_:
        raise NotNow
    return replace(after, conditions=(*after.conditions[:index], state, *after.conditions[index + 1 :]))


def _offered(request: Request, taken: Taken) -> None:
    if request.offered_on is None:
        raise RuleBroken(errors.CONSULT_FIRST, request.consulting_article)


def _reasons(request: Request, taken: Taken) -> None:
    if not taken.reasons.strip():
        raise RuleBroken(errors.REASONS, "16(16)" if request.kind in EXTRADITION else "18(23)", field="reasons")


def _grounds(request: Request, taken: Taken) -> None:
    extradition = request.kind in EXTRADITION
    article = "16" if extradition else "18(21)"
    if not taken.grounds:
        raise RuleBroken(errors.GROUND_NEEDED, article, field="grounds")
    allowed = EXTRADITION_GROUNDS if extradition else ASSISTANCE_GROUNDS
    if foreign := sorted(taken.grounds - allowed):
        raise RuleBroken(errors.WRONG_GROUND, GROUND_ARTICLES[foreign[0]], field="grounds")
    if taken.grounds <= NEVER_ALONE:
        cited = "; ".join(sorted({GROUND_ARTICLES[ground] for ground in taken.grounds}))
        raise RuleBroken(errors.NOT_ALONE, cited, field="grounds")


def _written(request: Request, taken: Taken) -> None:
    if request.awaits_writing and request.status is not Status.WITHDRAWN:  # nobody waits for what was withdrawn
        raise RuleBroken(errors.WRITTEN_FIRST, "18(14)")


def _conditions(request: Request, taken: Taken) -> None:
    if not _AGREED.issuperset(request.conditions):
        raise RuleBroken(errors.CONDITION_OPEN, "18(26)")


def _authority(request: Request, taken: Taken) -> None:
    if not taken.authority.strip():
        raise RuleBroken(errors.AUTHORITY_NEEDED, "18(13)", field="authority")


_CHECKS: Mapping[Rule, Callable[[Request, Taken], None]] = {
    Rule.CONSULTATION_OFFERED: _offered,
    Rule.REASONS: _reasons,
    Rule.GROUNDS: _grounds,
    Rule.WRITTEN: _written,
    Rule.CONDITIONS_AGREED: _conditions,
    Rule.AUTHORITY_NAMED: _authority,
}
