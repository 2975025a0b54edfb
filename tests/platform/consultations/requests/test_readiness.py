"""What a request needs to contain, what is missing, and where the two sides see it differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.consultations.requests.labels import LABELS
from comity.consultations.requests.readiness import (
    ARTICLES,
    Element,
    Mark,
    Need,
    Requirement,
    disagreed,
    items,
    missing,
)
from comity.consultations.requests.terms import Form
from comity.consultations.terms import Kind, Side

BANK = Requirement("bank", Element.PERSONS, "Account number, or the holder's identity document", "en")
CUSTOM = Requirement("stamp", Element.URGENCY, "Seal of the court", "en", Need.WHERE_POSSIBLE)
LETTERS = ["authority", "subject", "facts", "assistance", "persons", "purpose"]


def test_the_elements_stand_in_the_order_of_the_article() -> None:
    check = items(Kind.MUTUAL_LEGAL_ASSISTANCE, [Form.EVIDENCE], [])
    assert [item.key for item in check] == LETTERS
    assert [ARTICLES[item.element] for item in check] == [f"18(15)({letter})" for letter in "abcdef"]


@pytest.mark.parametrize(
    ("forms", "need"),
    [
        ([Form.SERVICE], Need.NOT_NEEDED),
        ([Form.SERVICE, Form.EVIDENCE], Need.COMPULSORY),
        ([], Need.COMPULSORY),
    ],
)
def test_service_of_documents_alone_needs_no_summary_of_the_facts(forms: list[Form], need: Need) -> None:
    check = items(Kind.MUTUAL_LEGAL_ASSISTANCE, forms, [])
    assert next(item.need for item in check if item.element is Element.FACTS) is need


def test_a_provisional_arrest_says_why_it_is_urgent() -> None:
    assert Element.URGENCY in {item.element for item in items(Kind.PROVISIONAL_ARREST, [], [])}
    assert Element.URGENCY not in {item.element for item in items(Kind.EXTRADITION, [], [])}


def test_the_state_s_own_requirements_stand_beneath_their_element_and_none_is_lost() -> None:
    keys = [item.key for item in items(Kind.MUTUAL_LEGAL_ASSISTANCE, [Form.RECORDS], [CUSTOM, BANK])]
    assert keys == [*LETTERS[:5], "persons/bank", "purpose", "urgency/stamp"]


def test_a_draft_is_ready_for_the_side_that_ticked_all_that_is_needed() -> None:
    check = items(Kind.MUTUAL_LEGAL_ASSISTANCE, [Form.RECORDS], [BANK])
    marks = {(item.key, Side.REQUESTED): Mark(ticked=True) for item in check if item.need is Need.COMPULSORY}
    assert missing(check, marks) == ()
    assert len(missing(check, marks, Side.REQUESTING)) == len(marks)
    del marks["persons/bank", Side.REQUESTED]
    assert [item.key for item in missing(check, marks)] == ["persons/bank"]


def test_where_the_two_sides_differ_is_named() -> None:
    check = items(Kind.MUTUAL_LEGAL_ASSISTANCE, [Form.EVIDENCE], [])
    marks = {
        ("facts", Side.REQUESTING): Mark(ticked=True),
        ("facts", Side.REQUESTED): Mark(ticked=False, comment="Which account?"),
        ("purpose", Side.REQUESTING): Mark(ticked=True),
    }
    assert [item.key for item in disagreed(check, marks)] == ["facts"]


@given(st.sampled_from(Kind), st.sets(st.sampled_from(Form)), st.sets(st.sampled_from(["bank", "stamp"])))
def test_every_item_has_a_name_an_article_and_a_key_of_its_own(kind: Kind, forms: set[Form], own: set[str]) -> None:
    check = items(kind, forms, [one for one in (BANK, CUSTOM) if one.key in own])
    assert len({item.key for item in check}) == len(check)
    assert all(item.element in ARTICLES and item.element in LABELS and item.need in LABELS for item in check)
    assert {item.requirement.key for item in check if item.requirement} == own
