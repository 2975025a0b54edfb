"""What is asked of which request, in what order, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.consultations.terms import KIND_ARTICLES
from comity.consultations.terms import Kind as ConsultedKind
from comity.directory.guidance.rules import Requirement, by_element, in_order, languages_of, requirements_for
from comity.directory.guidance.terms import Element, Form, Kind, Need, When

MLA = Kind.MUTUAL_LEGAL_ASSISTANCE


def stated(
    key: str = "a",
    element: Element = Element.ASSISTANCE,
    when: When = When.ALWAYS,
    kinds: tuple[Kind, ...] = (),
    forms: tuple[Form, ...] = (),
    position: int = 1,
) -> Requirement:
    texts = {"th": "ข้อความ", "en": "Words"}
    return Requirement(
        key, element, Need.COMPULSORY, when, frozenset(kinds), frozenset(forms), "", "th", texts, position
    )


def test_kinds_are_those_of_consultations() -> None:
    assert [kind.value for kind in Kind] == [kind.value for kind in ConsultedKind]
    assert {kind.value: kind.article for kind in Kind} == {k.value: article for k, article in KIND_ARTICLES.items()}


@pytest.mark.parametrize(
    ("one", "kind", "forms", "urgent", "applies"),
    [
        (stated(), MLA, (), False, True),
        (stated(), Kind.EXTRADITION, (), False, True),
        (stated(kinds=(MLA,)), Kind.EXTRADITION, (), False, False),
        (stated(kinds=(MLA,)), MLA, (Form.SERVICE,), False, True),
        (stated(forms=(Form.SERVICE,)), MLA, (Form.SERVICE,), False, True),
        (stated(forms=(Form.SERVICE,)), MLA, (Form.RECORDS,), False, False),
        (stated(forms=(Form.SERVICE,)), MLA, (), False, True),
        (stated(forms=(Form.SERVICE,)), Kind.EXTRADITION, (Form.SERVICE,), False, False),
        (stated(when=When.URGENT), MLA, (), False, False),
        (stated(when=When.URGENT), MLA, (), True, True),
        (stated(when=When.URGENT), Kind.PROVISIONAL_ARREST, (), False, True),
        (stated(when=When.COERCIVE), MLA, (Form.EVIDENCE,), False, False),
        (stated(when=When.COERCIVE), MLA, (Form.SEARCH_SEIZURE_FREEZING,), False, True),
        (stated(when=When.COERCIVE), Kind.CONFISCATION, (), False, True),
        (stated(when=When.COERCIVE), Kind.SPONTANEOUS_INFORMATION, (), False, False),
        (stated(when=When.BANK_RECORDS), MLA, (Form.RECORDS,), False, True),
        (stated(when=When.BANK_RECORDS), MLA, (Form.SERVICE,), False, False),
        (stated(when=When.ELECTRONIC_EVIDENCE), MLA, (Form.PRESERVATION, Form.SERVICE), False, True),
        (stated(when=When.ELECTRONIC_EVIDENCE), MLA, (), False, True),
    ],
)
def test_what_applies(one: Requirement, kind: Kind, forms: tuple[Form, ...], urgent: bool, applies: bool) -> None:
    assert bool(requirements_for([one], kind, forms, urgent=urgent)) is applies


def test_reasons_name_the_kind_the_forms_and_the_case() -> None:
    one = stated(when=When.ELECTRONIC_EVIDENCE, kinds=(MLA,))
    (asked,) = requirements_for([one], MLA, (Form.TRAFFIC_DATA, Form.SERVICE, Form.PRESERVATION))
    assert asked.reasons.kind is MLA
    assert asked.reasons.forms == (Form.PRESERVATION, Form.TRAFFIC_DATA)
    assert asked.reasons.when is When.ELECTRONIC_EVIDENCE
    (plain,) = requirements_for([stated()], MLA, (Form.SERVICE,))
    assert (plain.reasons.kind, plain.reasons.forms, plain.reasons.when) == (None, (), When.ALWAYS)


def test_order_is_the_article_s_then_the_state_s() -> None:
    found = in_order(
        [stated("c", Element.FACTS, position=2), stated("b", Element.FACTS), stated("a", Element.AUTHORITY, position=9)]
    )
    assert [one.key for one in found] == ["a", "b", "c"]
    assert list(by_element(found)) == [Element.AUTHORITY, Element.FACTS]


def test_a_text_is_read_in_the_first_language_that_there_is() -> None:
    assert stated().words(("fr", "th")) == ("ข้อความ", "th")
    assert stated().words(("fr",)) == ("Words", "en")
    only = Requirement(
        "a", Element.FACTS, Need.COMPULSORY, When.ALWAYS, frozenset(), frozenset(), "", "ar", {"ar": "x"}, 1
    )
    assert only.words(("fr",)) == ("x", "ar")
    assert languages_of([stated(), only], ["ar", "es", "ar"]) == ("ar", "en", "es", "th")


requirements = st.builds(
    stated,
    key=st.text("abcdef", min_size=1, max_size=4),
    element=st.sampled_from(Element),
    when=st.sampled_from(When),
    kinds=st.lists(st.sampled_from(Kind), max_size=2).map(tuple),
    forms=st.lists(st.sampled_from(Form), max_size=2).map(tuple),
    position=st.integers(1, 5),
)


@given(st.lists(requirements, max_size=12), st.sampled_from(Kind), st.sets(st.sampled_from(Form)), st.booleans())
def test_nothing_is_asked_that_is_not_stated_and_more_is_never_less(
    found: list[Requirement], kind: Kind, forms: set[Form], urgent: bool
) -> None:
    asked = [one.requirement for one in requirements_for(found, kind, forms, urgent=urgent)]
    assert all(one in found for one in asked)
    assert asked == list(in_order(asked))
    assert all(kind in one.kinds for one in asked if one.kinds)
    hurried = [one.requirement for one in requirements_for(found, kind, forms, urgent=True)]
    assert all(one in hurried for one in asked)
    if kind is MLA:
        open_yet = [one.requirement for one in requirements_for(found, kind, urgent=urgent)]
        assert all(one in open_yet for one in asked)
