"""Every term has its words, and its article where there is one."""

from __future__ import annotations

from comity.consultations.happenings import sentence
from comity.consultations.terms import (
    KIND_ARTICLES,
    KIND_LABELS,
    SIDE_LABELS,
    STAGE_ARTICLES,
    STAGE_LABELS,
    Kind,
    Side,
    Stage,
)


def test_every_term_has_words() -> None:
    assert set(KIND_LABELS) == set(KIND_ARTICLES) == set(Kind)
    assert set(STAGE_LABELS) == set(Stage)
    assert set(SIDE_LABELS) == set(Side)


def test_articles_of_consultations_that_the_convention_demands() -> None:
    assert STAGE_ARTICLES == {Stage.BEFORE_REFUSAL: "16(16), 18(26)", Stage.BEFORE_POSTPONEMENT: "18(25)-(26)"}
    assert KIND_ARTICLES[Kind.PROVISIONAL_ARREST] == "16(9)"


def test_the_sides_face_each_other() -> None:
    assert [side.opposite.opposite for side in Side] == list(Side)
    assert Side.REQUESTING.opposite is Side.REQUESTED


def test_what_nobody_needs_to_see_has_no_sentence() -> None:
    assert sentence("opened", "Anton Muster", "en") == "Anton Muster started the consultation."
    assert sentence("something-of-a-later-version", "Anton Muster", "en") == ""
