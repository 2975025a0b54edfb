"""The pages and calls of consultations, as a browser without script uses them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from comity.core.web import Services
from comity.directory.models import Authority
from tests.support import people
from tests.support.application import Visitor


@pytest.fixture
def anton(visitor: Visitor) -> Visitor:
    return visitor.sign_in(people.AUSTRIA)


@pytest.fixture
def somsri(visitor: Visitor) -> Visitor:
    return Visitor(visitor.application).sign_in(people.THAILAND)


def authority(visitor: Visitor, code: str) -> int:
    services: Services = visitor.application.extensions["comity"]
    with services.db.reading() as session:
        return session.scalars(select(Authority.id).where(Authority.code == code)).one()


def typed(visitor: Visitor, **changes: str) -> dict[str, str]:
    page = visitor.get(f"/consultations/new?authority={authority(visitor, 'th-a')}").text
    name = re.search(r'name="client_id" value="([^"]+)"', page)
    assert name
    return {
        "subject": "Bank records, operation Larch", "side": "requesting", "stage": "before-refusal",
        "kind": "mutual-legal-assistance", "reference": "INT/88/26", "client_id": name[1], **changes,
    }  # fmt: skip


def opened(visitor: Visitor) -> str:
    """The address of a consultation that was started through the form."""
    answer = visitor.post(f"/consultations/new?authority={authority(visitor, 'th-a')}", typed(visitor))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_starting_and_talking_without_script(anton: Visitor, somsri: Visitor) -> None:
    address = opened(anton)
    page = anton.get(address).text
    for words in ("CTY-", "Bank records, operation Larch", "Before refusal", "UNTOC 16(16), 18(26)", "INT/88/26"):
        assert words in page
    assert "not a channel of formal transmission" in page
    assert "style=" not in page
    sent = anton.post(f"{address}/messages", {"body": "Is *English* enough?", "client_id": "no-script-1"}, page=address)
    assert sent.headers["Location"].endswith("#e2")
    theirs = somsri.get(address).text
    assert "Is <em>English</em> enough?" in theirs
    assert 'id="unread"' in theirs
    listed = somsri.get("/consultations").text
    assert "1 unread" in listed
    somsri.post(f"{address}/read", {"position": "2"}, page=address)
    assert "1 unread" not in somsri.get("/consultations").text
    assert "Read by" in anton.get(address).text


def test_a_form_that_comes_back_keeps_what_was_typed(anton: Visitor) -> None:
    path = f"/consultations/new?authority={authority(anton, 'th-a')}"
    form = typed(anton, subject="", reference="INT/88/26", kind="extradition")
    answer = anton.post(path, form)
    assert answer.status_code == 422
    assert answer.text.count("Give the consultation a subject.") == 2
    assert 'value="INT/88/26"' in answer.text
    assert '<option value="extradition" selected>' in answer.text
    assert f'value="{form["client_id"]}"' in answer.text


def test_an_overlong_message_comes_back_as_typed(anton: Visitor) -> None:
    address = opened(anton)
    body = "x" * 20_001
    answer = anton.post(f"{address}/messages", {"body": body, "client_id": "no-script-1"}, page=address)
    assert answer.status_code == 422
    assert body in answer.text
    assert "at most 20000 characters" in answer.text


def test_the_same_as_json(anton: Visitor, somsri: Visitor) -> None:
    address = opened(anton)
    for _attempt in range(2):
        body = {"client_id": "over-http-1", "body": "Once"}
        said = anton.post_json(f"{address}/messages.json", body, page=address)
        assert said.get_json()["position"] == 2
    events = somsri.get(f"{address}/events.json?after=1").get_json()
    assert [entry["position"] for entry in events["entries"]] == [2]
    assert (events["position"], events["more"]) == (2, False)
    read = somsri.post_json(f"{address}/read.json", {"position": 2}, page=address)
    assert read.get_json() == {"position": 2}
    assert somsri.post_json(f"{address}/draft.json", {"body": "We wi"}, page=address).status_code == 204
    assert "We wi</textarea>" in somsri.get(address).text
    for name, wrong in (("messages", {"body": 1}), ("read", {"position": "2"}), ("draft", []), ("draft", "x")):
        assert somsri.post_json(f"{address}/{name}.json", wrong, page=address).status_code == 422


@pytest.mark.parametrize("email", [people.KENYA, people.JORDAN, people.SECRETARIAT])
def test_nobody_else_gets_anything(anton: Visitor, email: str) -> None:
    address = opened(anton)
    other = Visitor(anton.application).sign_in(email)
    for path in (address, f"{address}/events.json", f"{address}/room"):
        assert other.get(path).status_code == 404
    for name, body in (
        ("messages", {"client_id": "let-me-in", "body": "x"}),
        ("read", {"position": 1}),
        ("draft", {"body": "x"}),
    ):
        assert other.post_json(f"{address}/{name}.json", body, page="/consultations").status_code == 404
    for name in ("messages", "read"):
        form = {"body": "x", "client_id": "let-me-in", "position": "1"}
        assert other.post(f"{address}/{name}", form, page="/consultations").status_code == 404
    assert "Larch" not in other.get("/consultations").text


def test_one_must_be_signed_in(anton: Visitor) -> None:
    address = opened(anton)
    stranger = Visitor(anton.application)
    assert stranger.get(address).headers["Location"].startswith("/sign-in")
    assert stranger.get(f"{address}/events.json").status_code == 401


def test_with_whom_one_cannot_start(anton: Visitor) -> None:
    assert anton.get("/consultations/new").status_code == 404
    assert anton.get("/consultations/new?authority=99999").status_code == 404
    own = anton.get(f"/consultations/new?authority={authority(anton, 'at-a')}")
    assert own.status_code == 422
    secretariat = Visitor(anton.application).sign_in(people.SECRETARIAT)
    assert secretariat.get(f"/consultations/new?authority={authority(anton, 'th-a')}").status_code == 403
