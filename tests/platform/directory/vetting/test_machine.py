"""The table of steps as a table, and what no order of steps can bring about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import Conflict, Refused
from comity.directory.vetting.machine import RULES, Case, Done, NotNow, NotThisOffice, Office, SamePerson, Step, take
from comity.directory.vocabulary import Vetting

FOCAL, OTHER, NOOR, SECOND, PERSON = 1, 2, 3, 4, 5
N, P, C, A, S, L = Vetting
F, SEC, PER, OP = Office

BY_FOCAL = Done(Step.NOMINATE, F, FOCAL)
BY_NOOR = Done(Step.NOMINATE, SEC, NOOR)
PROVED = Done(Step.PROVE, PER)


def walked(*steps: Done) -> Case:
    case = Case(person=PERSON)
    for step in steps:
        case = take(case, step)
    return case


@pytest.mark.parametrize(
    ("before", "step", "outcome"),
    [
        ([], BY_FOCAL, N),
        ([], Done(Step.NOMINATE, PER), NotThisOffice),
        ([], Done(Step.NOMINATE, F, PERSON), SamePerson),
        ([], PROVED, NotNow),
        ([BY_FOCAL], BY_FOCAL, NotNow),
        ([BY_FOCAL], PROVED, P),
        ([BY_FOCAL], Done(Step.PROVE, F, FOCAL), NotThisOffice),
        ([BY_FOCAL], Done(Step.CONFIRM, F, FOCAL), NotNow),
        ([BY_FOCAL], Done(Step.ACTIVATE, SEC, NOOR), NotNow),
        ([BY_FOCAL, PROVED], PROVED, NotNow),
        ([BY_FOCAL, PROVED], Done(Step.CONFIRM, F, FOCAL), C),
        ([BY_FOCAL, PROVED], Done(Step.CONFIRM, F, OTHER), C),
        ([BY_FOCAL, PROVED], Done(Step.CONFIRM, SEC, NOOR), NotThisOffice),
        ([BY_FOCAL, PROVED], Done(Step.CONFIRM, F, PERSON), SamePerson),
        ([BY_FOCAL, PROVED, Done(Step.CONFIRM, F, FOCAL)], Done(Step.ACTIVATE, SEC, NOOR), A),
        ([BY_FOCAL, PROVED, Done(Step.CONFIRM, F, FOCAL)], Done(Step.ACTIVATE, F, OTHER), NotThisOffice),
        ([BY_FOCAL, PROVED, Done(Step.CONFIRM, F, FOCAL)], Done(Step.ACTIVATE, SEC, FOCAL), SamePerson),
        ([BY_FOCAL, PROVED, Done(Step.CONFIRM, F, OTHER)], Done(Step.ACTIVATE, SEC, FOCAL), SamePerson),
        ([BY_FOCAL, PROVED, Done(Step.CONFIRM, F, OTHER)], Done(Step.ACTIVATE, SEC, PERSON), SamePerson),
        ([BY_NOOR, PROVED], Done(Step.CONFIRM, SEC, NOOR), C),
        ([BY_NOOR, PROVED, Done(Step.CONFIRM, SEC, NOOR)], Done(Step.ACTIVATE, SEC, NOOR), SamePerson),
        ([BY_NOOR, PROVED, Done(Step.CONFIRM, SEC, SECOND)], Done(Step.ACTIVATE, SEC, NOOR), SamePerson),
        ([BY_NOOR, PROVED, Done(Step.CONFIRM, SEC, NOOR)], Done(Step.ACTIVATE, SEC, SECOND), A),
        ([BY_NOOR, PROVED, Done(Step.CONFIRM, SEC, NOOR)], Done(Step.ACTIVATE, OP), A),
        ([BY_FOCAL], Done(Step.DECLINE, PER), L),
        ([BY_FOCAL, PROVED], Done(Step.DECLINE, SEC, NOOR), L),
        ([BY_FOCAL, PROVED, Done(Step.CONFIRM, F, FOCAL)], Done(Step.DECLINE, F, OTHER), L),
        ([BY_FOCAL, Done(Step.DECLINE, PER)], PROVED, NotNow),
    ],
)
def test_each_step(before: list[Done], step: Done, outcome: Vetting | type[Exception]) -> None:
    case = walked(*before)
    if isinstance(outcome, Vetting):
        assert take(case, step).stage is outcome
    else:
        with pytest.raises(outcome):
            take(case, step)


@pytest.mark.parametrize(
    ("stage", "step", "outcome"),
    [
        (A, Done(Step.SUSPEND, F, FOCAL), S),
        (A, Done(Step.SUSPEND, SEC, NOOR), S),
        (A, Done(Step.SUSPEND, SEC, PERSON), SamePerson),
        (S, Done(Step.SUSPEND, SEC, NOOR), NotNow),
        (S, Done(Step.RESTORE, SEC, NOOR), A),
        (S, Done(Step.RESTORE, F, FOCAL), NotThisOffice),
        (A, Done(Step.RESTORE, SEC, NOOR), NotNow),
        (A, Done(Step.LEAVE, F, FOCAL), L),
        (S, Done(Step.LEAVE, SEC, NOOR), L),
        (A, Done(Step.LEAVE, F, PERSON), SamePerson),
        (L, Done(Step.RESTORE, SEC, NOOR), NotNow),
        (A, Done(Step.DECLINE, SEC, NOOR), NotNow),
    ],
)
def test_each_step_of_who_is_in(stage: Vetting, step: Done, outcome: Vetting | type[Exception]) -> None:
    case = Case(stage, PERSON)
    if isinstance(outcome, Vetting):
        assert take(case, step).stage is outcome
    else:
        with pytest.raises(outcome):
            take(case, step)


def test_each_step_has_one_row() -> None:
    assert [rule.step for rule in RULES] == list(Step)


PEOPLE = st.sampled_from([FOCAL, OTHER, NOOR, SECOND, PERSON])
LIKELY = st.sampled_from([Step.NOMINATE, Step.PROVE, Step.CONFIRM, Step.ACTIVATE])
STEPS = st.one_of(LIKELY, LIKELY, LIKELY, st.sampled_from(Step))
ATTEMPTS = st.lists(
    st.one_of(
        st.builds(Done, STEPS, st.sampled_from([F, SEC]), PEOPLE),
        st.builds(Done, STEPS, st.sampled_from([PER, OP])),
    ),
    max_size=80,
)


@given(ATTEMPTS)
def test_nobody_becomes_active_without_two_consents_and_a_proof(attempts: list[Done]) -> None:
    case = Case(person=PERSON)
    for attempt in attempts:
        try:
            case = take(case, attempt)
        except (Conflict, Refused):
            continue
    if case.stage in (A, S):
        confirmed, let_in, nominated = case.by(Step.CONFIRM), case.by(Step.ACTIVATE), case.by(Step.NOMINATE)
        assert confirmed is not None
        assert let_in is not None
        assert nominated is not None
        assert case.by(Step.PROVE) is not None
        assert confirmed.who not in (None, PERSON)
        assert let_in.who not in (confirmed.who, nominated.who, PERSON)
        assert let_in.office in (SEC, OP)
        assert confirmed.office is F or nominated.office is SEC
