"""The life of a request: each rule of the Convention as a table, and what no sequence of steps can reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.consultations.requests import document, errors
from comity.consultations.requests.acts import STEPS, TABLE, Act, article_of
from comity.consultations.requests.errors import NotNow, NotYours, RuleBroken, WrongDate
from comity.consultations.requests.labels import LABELS
from comity.consultations.requests.machine import Request, Taken, open_to, take
from comity.consultations.requests.terms import ConditionState, Form, Ground, Status
from comity.consultations.terms import Kind, Side
from comity.core.errors import ComityError, Invalid

DAY = date(2026, 3, 2)
TODAY = date(2026, 11, 23)
GROUNDS = frozenset({Ground.ESSENTIAL_INTERESTS})


def request(status: Status = Status.UNDER_REVIEW, **others: object) -> Request:
    fresh = Request(Kind.MUTUAL_LEGAL_ASSISTANCE, status, DAY)
    return replace(fresh, **others)  # type: ignore[arg-type]


def taken(act: Act, **others: object) -> Taken:
    by = Side.REQUESTED if Side.REQUESTED in STEPS[act].by else Side.REQUESTING
    step = Taken(act, by, DAY, "For these reasons.", GROUNDS, "Regional Court", 0)
    return replace(step, **others)  # type: ignore[arg-type]


REFUSALS = (Act.REFUSE, Act.REFUSE_IN_PART, Act.POSTPONE)
SMUGGLED = [
    (Kind.MUTUAL_LEGAL_ASSISTANCE, frozenset({Ground.BANK_SECRECY}), "18(8)"),
    (Kind.MUTUAL_LEGAL_ASSISTANCE, frozenset({Ground.FISCAL_MATTERS}), "18(22)"),
    (Kind.MUTUAL_LEGAL_ASSISTANCE, frozenset({Ground.FISCAL_MATTERS, Ground.BANK_SECRECY}), "18(8)"),
    (Kind.MUTUAL_LEGAL_ASSISTANCE, frozenset({Ground.NATIONALITY}), "16(10)"),
    (Kind.MUTUAL_LEGAL_ASSISTANCE, frozenset(), "18(21)"),
    (Kind.EXTRADITION, frozenset({Ground.FISCAL_MATTERS}), "16(15)"),
    (Kind.EXTRADITION, frozenset({Ground.NOT_IN_CONFORMITY}), "18(21)(a)"),
]


@pytest.mark.parametrize("act", REFUSALS)
@pytest.mark.parametrize(("kind", "article"), [(Kind.MUTUAL_LEGAL_ASSISTANCE, "18(26)"), (Kind.EXTRADITION, "16(16)")])
def test_a_consultation_comes_before_a_refusal_or_postponement(act: Act, kind: Kind, article: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        take(request(kind=kind), taken(act), TODAY)
    assert caught.value.article == article
    assert article in str(caught.value)


@pytest.mark.parametrize("act", REFUSALS)
def test_reasons_are_compulsory(act: Act) -> None:
    with pytest.raises(RuleBroken, match="reasons") as caught:
        take(request(Status.CONSULTATION, offered_on=DAY), taken(act, reasons=" "), TODAY)
    assert (caught.value.article, caught.value.field) == ("18(23)", "reasons")


@pytest.mark.parametrize(("kind", "grounds", "article"), SMUGGLED)
def test_a_refusal_stands_on_a_ground_of_its_own_article(kind: Kind, grounds: frozenset[Ground], article: str) -> None:
    thinking = request(Status.CONSULTATION, kind=kind, offered_on=DAY)
    with pytest.raises(RuleBroken, match="Article") as caught:
        take(thinking, taken(Act.REFUSE, grounds=grounds), TODAY)
    assert article in caught.value.article


def test_bank_secrecy_may_stand_beside_a_real_ground() -> None:
    refused = take(
        request(Status.CONSULTATION, offered_on=DAY),
        taken(Act.REFUSE, grounds=frozenset({Ground.BANK_SECRECY, Ground.ESSENTIAL_INTERESTS})),
        TODAY,
    )
    assert refused.status is Status.REFUSED


@pytest.mark.parametrize("act", [Act.EXECUTE, Act.REFUSE])
def test_an_oral_request_is_not_decided_before_its_written_confirmation(act: Act) -> None:
    spoken = request(Status.IN_EXECUTION, oral=True, offered_on=DAY)
    with pytest.raises(RuleBroken) as caught:
        take(spoken, taken(act), TODAY)
    assert caught.value.article == "18(14)"
    written = take(spoken, taken(Act.CONFIRM_IN_WRITING), TODAY)
    assert take(written, taken(act), TODAY).status in {Status.EXECUTED, Status.REFUSED}


@pytest.mark.parametrize("state", [ConditionState.PROPOSED, ConditionState.DECLINED])
@pytest.mark.parametrize("act", [Act.ACCEPT, Act.TRANSMIT])
def test_nothing_goes_on_over_a_condition_that_is_not_agreed(act: Act, state: ConditionState) -> None:
    with pytest.raises(RuleBroken, match="condition"):
        take(request(conditions=(state,)), taken(act), TODAY)


def test_a_condition_is_proposed_by_one_side_and_accepted_by_the_other() -> None:
    proposed = take(request(), taken(Act.PROPOSE_CONDITION), TODAY)
    with pytest.raises(NotYours):
        take(proposed, taken(Act.ACCEPT_CONDITION, by=Side.REQUESTED), TODAY)
    accepted = take(proposed, taken(Act.ACCEPT_CONDITION), TODAY)
    assert accepted.conditions == (ConditionState.ACCEPTED,)
    assert take(accepted, taken(Act.ACCEPT), TODAY).status is Status.ACCEPTED
    with pytest.raises(NotNow):
        take(accepted, taken(Act.TAKE_BACK_CONDITION), TODAY)


@pytest.mark.parametrize("index", [None, -1, 1])
def test_a_condition_that_is_not_there(index: int | None) -> None:
    with pytest.raises(Invalid):
        take(request(conditions=(ConditionState.PROPOSED,)), taken(Act.ACCEPT_CONDITION, condition=index), TODAY)


def test_the_competent_authority_is_named() -> None:
    with pytest.raises(RuleBroken) as caught:
        take(request(), taken(Act.TRANSMIT, authority=""), TODAY)
    assert caught.value.article == "18(13)"


@pytest.mark.parametrize("on", [DAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_date_before_the_last_step_or_in_the_future(on: date) -> None:
    with pytest.raises(WrongDate):
        take(request(), taken(Act.ACCEPT, on=on), TODAY)


def test_an_offer_counts_for_the_thought_it_was_made_for_alone() -> None:
    offered = take(request(), taken(Act.OFFER_CONSULTATION), TODAY)
    resumed = take(offered, taken(Act.RESUME_REVIEW), TODAY)
    with pytest.raises(RuleBroken):
        take(resumed, taken(Act.REFUSE), TODAY)


def test_every_step_has_one_row_a_label_and_a_way_in() -> None:
    assert [step.act for step in TABLE] == list(Act)
    assert all(step.label and step.by and step.after for step in TABLE)


def test_every_message_of_a_rule_cites_its_article() -> None:
    texts = [value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)]
    assert len(texts) == 8
    assert all("%(article)s" in text for text in texts)


def test_every_term_has_a_name() -> None:
    assert {*Status, *Form, *Ground, *ConditionState} <= set(LABELS)


def test_the_document_is_printed_from_the_table() -> None:
    page = Path(__file__).parents[4] / "docs/requests.md"
    assert page.read_text("utf-8") == document.document()


def test_extradition_cites_article_16() -> None:
    assert article_of(STEPS[Act.OFFER_CONSULTATION], Kind.EXTRADITION) == "16(16)"
    assert article_of(STEPS[Act.TRANSMIT], Kind.EXTRADITION) == ""


steps = st.lists(
    st.builds(
        Taken,
        st.sampled_from(Act),
        st.sampled_from(Side),
        st.integers(0, 40).map(lambda days: DAY + timedelta(days=days)),
        st.sampled_from(["", "Because."]),
        st.sets(st.sampled_from(Ground), max_size=3).map(frozenset),
        st.sampled_from(["", "Court"]),
        st.integers(0, 2),
    ),
    max_size=60,
)


@given(steps, st.booleans(), st.sampled_from(Kind))
def test_whatever_is_tried_the_rules_hold(tried: list[Taken], oral: bool, kind: Kind) -> None:
    now = Request(kind, Status.DRAFT_SHARED, DAY, oral=oral)
    consulted = withdrawn = False
    for step in tried:
        try:
            after = take(now, step, TODAY)
        except ComityError:
            continue
        consulted = step.act is Act.OFFER_CONSULTATION or (consulted and after.status is not Status.UNDER_REVIEW)
        withdrawn = after.status is Status.WITHDRAWN or (withdrawn and after.status is Status.CLOSED)
        if after.status is not now.status and after.status in {
            Status.REFUSED,
            Status.REFUSED_IN_PART,
            Status.POSTPONED,
        }:
            assert consulted
            assert step.reasons
        if after.status in {Status.EXECUTED, Status.REFUSED, Status.CLOSED} and not withdrawn:
            assert not after.awaits_writing
        if after.status is Status.EXECUTED:
            assert {ConditionState.ACCEPTED, ConditionState.TAKEN_BACK}.issuperset(after.conditions)
        assert after.since >= now.since
        now = after


def test_every_status_is_reachable_through_the_steps_that_are_offered() -> None:
    start = Request(Kind.MUTUAL_LEGAL_ASSISTANCE, Status.DRAFT_SHARED, DAY)
    seen, waiting = {start}, [start]
    while waiting:
        current = waiting.pop()
        for side in Side:
            for step in open_to(current, side):
                if step.act in {Act.PROPOSE_CONDITION, Act.ACCEPT_CONDITION, Act.DECLINE_CONDITION}:
                    continue
                after = take(current, taken(step.act, by=side), TODAY)
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
    assert {found.status for found in seen} == set(Status)


def test_what_is_offered_on_a_page_can_be_done() -> None:
    for status in Status:
        for side in Side:
            here = request(status, conditions=(ConditionState.ACCEPTED,), offered_on=DAY)
            assert all(take(here, taken(step.act, by=side), TODAY) for step in open_to(here, side))
