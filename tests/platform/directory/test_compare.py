"""Two States side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from comity.core.db import Database
from comity.directory.comparing import pairs
from comity.directory.facts import Fact
from comity.directory.loading import load_demonstration, load_reference
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA


@pytest.fixture(scope="module")
def visitor(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with engines.sqlite() as database:
        _fill(database)
        yield Visitor(make_application(database, tmp_path_factory.mktemp("application"), SetClock(NOW))).sign_in(
            AUSTRIA
        )


def _fill(database: Database) -> None:
    with database.writing() as session:
        load_reference(session)
        load_demonstration(session, NOW)


def test_facts_are_paired_by_their_names() -> None:
    found = pairs(
        [Fact("Costs", "Shared", "18(28)"), Fact("Means", items=("Post", "E-mail")), Fact("Alone", "x")],
        [Fact("Means", items=("E-mail", "Post")), Fact("Costs", "Borne", "18(28)"), Fact("Last", "y")],
    )
    assert [(pair.name, pair.differs) for pair in found] == [
        ("Costs", True), ("Means", False), ("Alone", True), ("Last", True)
    ]  # fmt: skip
    assert (found[0].article, found[2].b, found[3].a) == ("18(28)", None, None)


def test_the_page_marks_differences_in_words(visitor: Visitor) -> None:
    page = visitor.get("/directory/compare?a=at&b=TH").text
    for words in ("Austria · Thailand", "Law and practice", "≠ differs", "= same", "Summary of the facts"):
        assert words in page
    facts = page.split("Summary of the facts")[1].split("Assistance sought")[0]
    assert "≠ differs" in facts  # four pages here, two there
    assert "= same" in page.split("Requesting authority")[1].split("Persons concerned")[1].split("Purpose")[0]
    only = visitor.get("/directory/compare?a=AT&b=TH&only=differences").text
    assert "≠ differs" in only
    assert "= same" not in only


def test_the_reader_s_own_state_is_proposed(visitor: Visitor) -> None:
    page = visitor.get("/directory/compare").text
    assert '<option value="AT" selected>' in page
    assert "Law and practice" not in page
    assert "Austria · Thailand" in visitor.get("/directory/compare?b=TH").text


def test_a_state_without_an_entry_is_said_to_have_none(visitor: Visitor) -> None:
    page = visitor.get("/directory/compare?a=AT&b=AF").text
    assert "Afghanistan has no central authority in the directory." in page
    assert visitor.get("/directory/compare?a=AT&b=QQ").status_code == 404


def test_the_same_state_twice_never_differs(visitor: Visitor) -> None:
    assert "≠ differs" not in visitor.get("/directory/compare?a=TH&b=TH").text
