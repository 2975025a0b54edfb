"""The steps of vetting and who may take them: a table, and one function that follows it. Pure.

Nobody becomes active on one person's word: who confirms knows the person, and somebody else lets them in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from comity.core.errors import Conflict, Refused
from comity.core.i18n import N_
from comity.directory.vocabulary import Vetting


class Step(StrEnum):
    """What can be done about a person's way in, or out."""

    NOMINATE = "nominate"
    PROVE = "prove the address"
    CONFIRM = "confirm the person"
    ACTIVATE = "activate"
    DECLINE = "decline"
    SUSPEND = "suspend"
    RESTORE = "restore"
    LEAVE = "leave"


class Office(StrEnum):
    """In what capacity somebody takes a step."""

    FOCAL_POINT = "focal point"
    SECRETARIAT = "secretariat"
    PERSON = "the person"
    OPERATOR = "operator"


class NotNow(Conflict):
    """The step does not follow on where the person stands."""

    code = "vetting-not-now"
    message = N_("This was done or declined in the meantime. Please look again.")


class NotThisOffice(Refused):
    """Another office takes this step."""

    code = "vetting-other-office"
    message = N_("Another office takes this step.")


class SamePerson(Refused):
    """Two people must consent, and this one has already, or is the person in question."""

    code = "vetting-same-person"
    message = N_("Two different people must take these steps, and nobody takes one on themselves.")


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. before: stages it can be taken from, None for nobody nominated yet."""

    step: Step
    before: tuple[Vetting | None, ...]
    after: Vetting
    offices: tuple[Office, ...]


_OFFICES = (Office.FOCAL_POINT, Office.SECRETARIAT)
_COMING = (Vetting.NOMINATED, Vetting.ADDRESS_PROVED, Vetting.CONFIRMED)

RULES: tuple[Rule, ...] = (
    Rule(Step.NOMINATE, (None,), Vetting.NOMINATED, _OFFICES),
    Rule(Step.PROVE, (Vetting.NOMINATED,), Vetting.ADDRESS_PROVED, (Office.PERSON,)),
    Rule(Step.CONFIRM, (Vetting.ADDRESS_PROVED,), Vetting.CONFIRMED, _OFFICES),
    Rule(Step.ACTIVATE, (Vetting.CONFIRMED,), Vetting.ACTIVE, (Office.SECRETARIAT, Office.OPERATOR)),
    Rule(Step.DECLINE, _COMING, Vetting.LEFT, (*_OFFICES, Office.PERSON)),
    Rule(Step.SUSPEND, (Vetting.ACTIVE,), Vetting.SUSPENDED, _OFFICES),
    Rule(Step.RESTORE, (Vetting.SUSPENDED,), Vetting.ACTIVE, (Office.SECRETARIAT,)),
    Rule(Step.LEAVE, (Vetting.ACTIVE, Vetting.SUSPENDED), Vetting.LEFT, _OFFICES),
)
_BY_STEP = {rule.step: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Done:
    """A step somebody takes or took. who: account, None for the person by link and for the operator."""

    step: Step
    office: Office
    who: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Where a person stands. person: their account, if they have one already. done: the steps taken so far."""

    stage: Vetting | None = None
    person: int | None = None
    done: tuple[Done, ...] = ()

    def by(self, step: Step) -> Done | None:
        """The step as it was taken, or None."""
        return next((one for one in self.done if one.step is step), None)


def take(case: Case, done: Done) -> Case:
    """The case after a step. Raises NotThisOffice, NotNow, SamePerson."""
    rule = _BY_STEP[done.step]
    if done.office not in rule.offices:
        raise NotThisOffice
    if case.stage not in rule.before:
        raise NotNow
    if done.who is not None and done.who == case.person:
        raise SamePerson
    if done.step is Step.CONFIRM:
        _check_confirmation(case, done)
    if done.step is Step.ACTIVATE and done.who is not None and done.who in _consented(case.done):
        raise SamePerson
    return replace(case, stage=rule.after, done=(*case.done, done))


def may_take(case: Case, step: Step, office: Office, who: int | None) -> bool:
    """Whether `take` would let somebody: what a page offers."""
    try:
        take(case, Done(step, office, who))
    except (NotNow, NotThisOffice, SamePerson):
        return False
    return True


def _check_confirmation(case: Case, done: Done) -> None:
    nominated = case.by(Step.NOMINATE)
    if done.office is Office.SECRETARIAT and (nominated is None or nominated.office is not Office.SECRETARIAT):
        raise NotThisOffice


def _consented(done: Iterable[Done]) -> set[int | None]:
    return {one.who for one in done if one.step in (Step.NOMINATE, Step.CONFIRM)}
