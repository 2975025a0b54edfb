"""What a State needs: read by everybody, kept by its focal points and the secretariat."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.db import Database
from comity.directory.guidance import loading
from comity.directory.guidance.models import GuidanceLink, GuidanceRequirement
from comity.directory.loading import load_demonstration, load_reference
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, SECRETARIAT, THAILAND

PAGE = "/directory/states/TH/guidance"
TYPED = {
    "element": "facts", "need": "compulsory", "case": "always", "law": "s. 99",
    "language-1": "th", "text-1": "แนบผังความสัมพันธ์ของบุคคล",
    "language-2": "en", "text-2": "Enclose a chart of who knows whom.",
    "language-3": "", "text-3": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(engines: Engines) -> Iterator[Database]:
    with engines.sqlite() as database:
        with database.writing() as session:
            load_reference(session)
            load_demonstration(session, NOW)
        yield database


@pytest.fixture(scope="module")
def visitors(loaded: Database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visitor]:
    application = make_application(loaded, tmp_path_factory.mktemp("application"), SetClock(NOW))
    return {email: Visitor(application).sign_in(email) for email in (AUSTRIA, THAILAND, SECRETARIAT)}


def entries(database: Database, state: str = "TH") -> list[journal.JournalEntry]:
    with database.reading() as session:
        return list(journal.read(session, f"guidance:{state}"))


def keys(database: Database, element: str) -> list[str]:
    query = select(GuidanceRequirement.key).where(
        GuidanceRequirement.state_iso2 == "TH", GuidanceRequirement.element == element
    )
    with database.reading() as session:
        return list(session.scalars(query.order_by(GuidanceRequirement.position)))


def test_the_page_shows_what_this_request_needs(visitors: dict[str, Visitor]) -> None:
    everything = visitors[AUSTRIA].get(PAGE).text
    for words in (
        "Enclose the decision of a court",
        "For bank records",
        "Not needed",
        "18(15)(a)",
        "In their own words",
    ):
        assert words in everything
    assert '<p class="quote" lang="th" dir="ltr">' in everything
    records = visitors[AUSTRIA].get(f"{PAGE}?kind=mutual-legal-assistance&form=records&language=en").text
    assert "Name the bank and branch" in records
    assert "Enclose the decision of a court" not in records
    assert "Identity and description of the person" not in records
    extradition = visitors[AUSTRIA].get(f"{PAGE}?kind=extradition").text
    assert "Identity and description of the person" in extradition
    assert "Name the bank and branch" not in extradition


def test_it_is_read_in_a_language_of_one_s_choice(visitors: dict[str, Visitor]) -> None:
    page = visitors[AUSTRIA].get(f"{PAGE}?language=th").text
    assert '<p class="bidi" lang="th" dir="ltr">ระบุหน่วยงานผู้ร้องขอ' in page
    assert "<h2>ก่อนส่ง</h2>" in page
    arabic = visitors[AUSTRIA].get("/directory/states/EG/guidance?language=ar").text
    assert '<p class="bidi" lang="ar" dir="rtl">' in arabic
    assert 'lang="en"' in visitors[AUSTRIA].get(f"{PAGE}?language=xx").text


def test_a_state_without_guidance_says_so(visitors: dict[str, Visitor]) -> None:
    assert "No guidance yet" in visitors[AUSTRIA].get("/directory/states/AF/guidance").text
    assert visitors[AUSTRIA].get("/directory/states/QQ/guidance").status_code == 404


@pytest.mark.parametrize("path", ["/edit", "/requirements/new", "/requirements/facts", "/text"])
def test_others_find_no_form(visitors: dict[str, Visitor], path: str) -> None:
    """Austria's desk officer is no focal point; Thailand's focal point keeps Thailand's guidance alone."""
    assert visitors[AUSTRIA].get(PAGE + path).status_code == 404
    assert visitors[THAILAND].get(PAGE + path).status_code == 200
    assert visitors[THAILAND].get(f"/directory/states/EG/guidance{path}").status_code == 404
    assert visitors[SECRETARIAT].get(f"/directory/states/EG/guidance{path}").status_code == 200


def test_others_change_nothing(loaded: Database, visitors: dict[str, Visitor]) -> None:
    for path, form in (
        ("/requirements/new", TYPED), ("/requirements/facts", TYPED), ("/requirements/facts/remove", {}),
        ("/requirements/facts/move", {"direction": "up"}), ("/text", {"language": "fr", "body": "x"}),
        ("/links", {"kind": "law", "title": "x", "language": "en", "url": "https://x.example"}),
        ("/links/1/remove", {}),
    ):  # fmt: skip
        assert visitors[THAILAND].post("/directory/states/EG/guidance" + path, form).status_code == 404
    assert entries(loaded, "EG") == []


def test_a_requirement_is_previewed_added_changed_moved_and_removed(
    loaded: Database, visitors: dict[str, Visitor]
) -> None:
    focal = visitors[THAILAND]
    before = keys(loaded, "facts")
    shown = focal.post(f"{PAGE}/requirements/new", {**TYPED, "preview": "yes"}).text
    assert 'id="preview"' in shown
    assert "Enclose a chart of who knows whom." in shown
    assert keys(loaded, "facts") == before
    assert focal.post(f"{PAGE}/requirements/new", TYPED).location == f"{PAGE}/edit"
    *_rest, key = keys(loaded, "facts")
    assert "Enclose a chart" in focal.get(PAGE).text
    assert entries(loaded)[-1].kind == "guidance.added"
    focal.post(f"{PAGE}/requirements/{key}", {**TYPED, "text-2": "Enclose a chart.", "kinds": ["extradition"]})
    changes = entries(loaded)[-1].payload["changes"]
    assert changes["texts"]["old"]["en"] == "Enclose a chart of who knows whom."
    assert changes["kinds"] == {"old": [], "new": ["extradition"]}
    focal.post(f"{PAGE}/requirements/{key}/move", {"direction": "up"})
    assert keys(loaded, "facts") == [key, *before]
    focal.post(f"{PAGE}/requirements/{key}/move", {"direction": "up"})
    assert keys(loaded, "facts") == [key, *before]
    focal.post(f"{PAGE}/requirements/{key}/remove")
    assert keys(loaded, "facts") == before
    assert [entry.kind for entry in entries(loaded)] == [
        "guidance.added", "guidance.changed", "guidance.moved", "guidance.removed"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"element": "nothing"}, "element", "one of those offered"),
        ({"kinds": ["extradition"], "forms": ["service"]}, "forms", "belong to mutual legal assistance"),
        ({"language-2": "th"}, "language-2", "in this language already"),
        ({"language-2": "klingon"}, "language-2", "no such language"),
        ({"text-1": "", "text-2": ""}, "text-1", "Please fill this in"),
        ({"text-1": "x" * 2001}, "text-1", "at most 2000 characters"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_place(
    loaded: Database, visitors: dict[str, Visitor], changed: dict[str, object], field: str, words: str
) -> None:
    before = keys(loaded, "facts")
    answer = visitors[SECRETARIAT].post(f"{PAGE}/requirements/new", {**TYPED, **changed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert keys(loaded, "facts") == before


def test_a_text_is_previewed_kept_clean_and_taken_away(loaded: Database, visitors: dict[str, Visitor]) -> None:
    typed = {"language": "fr", "body": "**Bref** <script>alert(1)</script>"}
    assert "<strong>Bref</strong>" in visitors[SECRETARIAT].post(f"{PAGE}/text", {**typed, "preview": "yes"}).text
    assert "<strong>Bref</strong>" not in visitors[AUSTRIA].get(f"{PAGE}?language=fr").text
    visitors[SECRETARIAT].post(f"{PAGE}/text", typed)
    page = visitors[AUSTRIA].get(f"{PAGE}?language=fr").text
    assert "<strong>Bref</strong>" in page
    assert "<script>alert" not in page
    assert visitors[SECRETARIAT].post(f"{PAGE}/text", {**typed, "language": "xx"}).status_code == 422
    visitors[SECRETARIAT].post(f"{PAGE}/text", {**typed, "body": ""})
    assert "<strong>Bref</strong>" not in visitors[AUSTRIA].get(f"{PAGE}?language=fr").text
    assert entries(loaded)[-1].payload["changes"]["body"]["new"] == ""


def test_links_are_checked_added_and_removed(loaded: Database, visitors: dict[str, Visitor]) -> None:
    typed = {"kind": "model", "title": "Model form", "language": "en", "url": "https://forms.th.example/model"}
    for wrong in ("javascript:alert(1)", "forms.th.example", "https://user@forms.th.example"):
        assert visitors[THAILAND].post(f"{PAGE}/links", {**typed, "url": wrong}).status_code == 422
    visitors[THAILAND].post(f"{PAGE}/links", typed)
    assert 'href="https://forms.th.example/model"' in visitors[AUSTRIA].get(PAGE).text
    with loaded.reading() as session:
        found = session.scalars(select(GuidanceLink.id).where(GuidanceLink.url == typed["url"])).one()
    assert visitors[SECRETARIAT].post(f"/directory/states/EG/guidance/links/{found}/remove").status_code == 404
    visitors[THAILAND].post(f"{PAGE}/links/{found}/remove")
    assert "forms.th.example" not in visitors[AUSTRIA].get(PAGE).text


def test_loading_again_leaves_what_was_kept(loaded: Database, visitors: dict[str, Visitor]) -> None:
    visitors[SECRETARIAT].post("/directory/states/FJ/guidance/requirements/facts/remove")
    with loaded.writing() as session:
        before = len(session.scalars(select(GuidanceRequirement)).all())
        loading.load(session, NOW)
        assert len(session.scalars(select(GuidanceRequirement)).all()) == before
