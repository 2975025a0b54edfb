"""The pages of histories, proposals, confirmations and reports, as people use them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from comity.core import journal
from comity.core.outbox import OutboxMail
from comity.directory.alive.asking import ask_due
from comity.directory.alive.letters import mailer
from comity.directory.alive.models import ChangeProposal, OutdatedReport, ProposalStatus
from comity.directory.alive.parsing import typed_from
from comity.directory.models import Authority
from comity.directory.record import Practitioner
from comity.directory.snapshots import snapshot
from tests.support.application import Visitor
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, JORDAN, KENYA, SECRETARIAT, THAILAND


@pytest.fixture
def thailand(application: Flask) -> int:
    return authority_id(application, "th-a")


def authority_id(application: Flask, code: str) -> int:
    with application.extensions["comity"].db.reading() as session:
        return int(session.scalars(select(Authority.id).where(Authority.code == code)).one())


def form_of(application: Flask, number: int, **changes: str | list[str]) -> dict[str, object]:
    """The form of a record as a browser sends it, with some fields changed, a reason, and the version it shows."""
    with application.extensions["comity"].db.reading() as session:
        typed = typed_from(snapshot(session.get_one(Authority, number)), "en")
    sent: dict[str, object] = {name: values for name, values in typed.items() if values}
    page = Visitor(application).sign_in(AUSTRIA).get(f"/directory/authorities/{number}/propose").text
    based_on = re.search(r'name="based_on" value="(\d+)"', page)
    assert based_on
    return {**sent, "note": "They told us.", "based_on": based_on[1], **changes}


def mails_to(application: Flask, address: str) -> list[OutboxMail]:
    with application.extensions["comity"].db.reading() as session:
        return list(session.scalars(select(OutboxMail).where(OutboxMail.recipient == address).order_by(OutboxMail.id)))


def newest_proposal(application: Flask) -> ChangeProposal:
    with application.extensions["comity"].db.reading() as session:
        found: ChangeProposal = session.scalars(
            select(ChangeProposal).order_by(ChangeProposal.id.desc()).limit(1)
        ).one()
    return found


def test_the_history_shows_each_change_as_a_difference(application: Flask, thailand: int) -> None:
    page = Visitor(application).sign_in(AUSTRIA).get(f"/directory/authorities/{thailand}/history").text
    assert "The entry begins." in page
    assert "<del><bdi>+66 00 555 0100</bdi></del>" in page
    assert "<ins><bdi>+66 00 555 0108</bdi></ins>" in page
    assert "?on=2022-09-09" in page


def test_any_day_can_be_read(application: Flask, thailand: int) -> None:
    visitor = Visitor(application).sign_in(AUSTRIA)
    then = visitor.get(f"/directory/authorities/{thailand}?on=2025-10-01").text
    assert "As it was on Wed 1 Oct 2025" in then
    assert "+66 00 555 0100" in then
    assert "+66 00 555 0108" not in then
    assert "consultations/new" not in then
    today = visitor.get(f"/directory/authorities/{thailand}").text
    assert "+66 00 555 0108" in today
    assert "As it was" not in today
    before = visitor.get(f"/directory/authorities/{thailand}?on=2001-01-01").text
    assert "No entry on that day" in before
    assert "+66" not in before


def test_a_states_page_can_be_read_as_it_was(application: Flask) -> None:
    visitor = Visitor(application).sign_in(AUSTRIA)
    assert "Office of the Attorney General" in visitor.get("/directory/states/TH?on=2025-10-01").text
    before = visitor.get("/directory/states/TH?on=2001-01-01").text
    assert "Office of the Attorney General" not in before
    assert before.count("No entry on that day") == 3
    assert visitor.get("/directory/states/TH/history").status_code == 200


@pytest.mark.parametrize("on", ["2999-01-01", "yesterday", "2025-13-01"])
def test_a_day_that_is_none_or_to_come_is_refused(application: Flask, thailand: int, on: str) -> None:
    assert Visitor(application).sign_in(AUSTRIA).get(f"/directory/authorities/{thailand}?on={on}").status_code == 422


def test_a_suggestion_is_reviewed_by_the_focal_point_and_shown_then(
    application: Flask, thailand: int, clock: SetClock
) -> None:
    suggest, page = Visitor(application).sign_in(AUSTRIA), f"/directory/authorities/{thailand}"
    form = form_of(
        application, thailand, telephone="+66 2 141 2400", languages_accepted="Thai, English, 中文, français"
    )
    assert suggest.post(f"{page}/propose", form).status_code == 302
    made = newest_proposal(application)
    assert made.after == {"telephone": "+66 2 141 2400", "languages_accepted": ["th", "en", "zh", "fr"]}
    assert "+66 2 141 2400" not in suggest.get(page).text
    assert [mail.subject for mail in mails_to(application, THAILAND)] == [
        "A change of Office of the Attorney General (demonstration) is proposed"
    ]
    clock.advance(timedelta(days=1))
    somsri, review = Visitor(application).sign_in(THAILAND), f"/directory/proposals/{made.id}"
    assert review in somsri.get("/directory/proposals").text
    assert "<ins><bdi>+66 2 141 2400</bdi></ins>" in somsri.get(review).text
    seen = re.search(r'name="seen" value="(\d+)"', somsri.get(review).text)
    assert seen
    answer = somsri.post(review, {"decision": "accept", "field": ["telephone"], "seen": seen[1], "reason": "Thanks"})
    assert answer.status_code == 302
    suggest = Visitor(application).sign_in(AUSTRIA)
    shown = suggest.get(page).text
    assert "+66 2 141 2400" in shown
    assert "French" not in shown
    assert newest_proposal(application).status is ProposalStatus.PARTLY_ACCEPTED
    assert "Thanks" in mails_to(application, AUSTRIA)[-1].body
    history = suggest.get(f"{page}/history").text
    assert "<ins><bdi>+66 2 141 2400</bdi></ins>" in history
    assert "Head of international cooperation" in history
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    assert "+66 00 555 0108" in suggest.get(f"{page}?on={yesterday}").text


def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(application: Flask, thailand: int) -> None:
    bad = {
        "telephone": "01 234 567", "zone": "Europe/Wien", "languages_accepted": "Thai, Klingonian", "mailbox": "nobody",
        "opens": "18:00", "closes": "09:00", "web": "ftp://x", "closed_on": "24.12.2026", "name_en": "",
        "holiday_calendar": "QQ", "months_to_execute": "many",
    }  # fmt: skip
    answer = (
        Visitor(application)
        .sign_in(AUSTRIA)
        .post(f"/directory/authorities/{thailand}/propose", form_of(application, thailand, **bad))
    )
    assert answer.status_code == 422
    for name, value in bad.items():
        if name != "opens":
            assert f'id="{name}-error"' in answer.text, name
        assert value in answer.text, name
    assert "They told us." in answer.text


def test_a_proposal_that_changes_nothing_or_gives_no_reason_is_refused(application: Flask, thailand: int) -> None:
    visitor, path = Visitor(application).sign_in(AUSTRIA), f"/directory/authorities/{thailand}/propose"
    assert "Nothing is changed yet." in visitor.post(path, form_of(application, thailand)).text
    answer = visitor.post(path, form_of(application, thailand, address="Elsewhere", note=" "))
    assert 'id="note-error"' in answer.text
    assert "Elsewhere" in answer.text


def test_a_form_on_an_older_version_is_told_of_the_conflict(application: Flask, thailand: int, clock: SetClock) -> None:
    amina, path = Visitor(application).sign_in(KENYA), f"/directory/authorities/{thailand}/propose"
    late = form_of(application, thailand, address="Third Street", unit="Desk")
    Visitor(application).sign_in(AUSTRIA).post(path, form_of(application, thailand, address="Second Street"))
    made = newest_proposal(application)
    somsri = Visitor(application).sign_in(THAILAND)
    somsri.post(f"/directory/proposals/{made.id}", {"decision": "accept", "field": "address", "seen": late["based_on"]})
    answer = amina.post(path, late)
    assert answer.status_code == 422
    assert "It says now: Second Street" in answer.text
    assert "Third Street" in answer.text
    again = re.search(r'name="based_on" value="(\d+)"', answer.text)
    assert again
    assert amina.post(path, {**late, "based_on": again[1]}).status_code == 302
    assert newest_proposal(application).after == {"address": "Third Street", "unit": "Desk"}
    assert newest_proposal(application).before["address"] == "Second Street"


def test_the_pages_of_a_proposal_are_for_those_concerned(application: Flask, thailand: int) -> None:
    path = f"/directory/proposals/{newest_proposal(application).id}"
    for email, status in ((AUSTRIA, 200), (THAILAND, 200), (SECRETARIAT, 200), (KENYA, 404), (JORDAN, 404)):
        assert Visitor(application).sign_in(email).get(path).status_code == status, email
    somsri, anton = Visitor(application).sign_in(THAILAND), Visitor(application).sign_in(AUSTRIA)
    assert "Accept the chosen fields" in somsri.get(path).text
    assert "Accept the chosen fields" not in anton.get(path).text
    assert anton.post(path, {"decision": "decline", "reason": "No"}, page="/account").status_code == 403


def test_a_focal_point_confirms_on_the_page_and_home_says_so(application: Flask) -> None:
    somsri = Visitor(application).sign_in(THAILAND)
    assert "Directory entries that need you" in somsri.get("/").text
    page = somsri.get("/directory/confirmations").text
    action = re.search(r'action="(/directory/confirmations/practitioner/[\w-]+)"', page)
    assert action
    assert Visitor(application).sign_in(AUSTRIA).post(action[1], page="/account").status_code == 404
    while action:
        assert somsri.post(action[1], page="/directory/confirmations").status_code == 302
        page = somsri.get("/directory/confirmations").text
        action = re.search(r'action="(/directory/confirmations/practitioner/[\w-]+)"', page)
    assert "Nothing to confirm" in somsri.get("/directory/confirmations").text


def test_a_report_marks_the_record_until_it_is_answered(application: Flask) -> None:
    austria, anton = authority_id(application, "at-a"), Visitor(application).sign_in(THAILAND)
    path = f"/directory/authorities/{austria}/report"
    assert anton.post(path, {"words": " "}).status_code == 422
    assert anton.post(path, {"words": "The street has another name."}).status_code == 302
    assert "Reported as outdated on" in anton.get(f"/directory/authorities/{austria}").text
    again = anton.post(path, {"words": "Once more"})
    assert again.status_code == 409
    assert "Once more" in again.text
    focal = next(mail.recipient for mail in _all_mails(application) if "The street has another name." in mail.body)
    desk = Visitor(application).sign_in(focal)
    with application.extensions["comity"].db.reading() as session:
        report = session.scalars(select(OutdatedReport).where(OutdatedReport.authority_id == austria)).one()
    assert (
        desk.post(f"/directory/reports/{report.id}", {"answer": ""}, page="/directory/confirmations").status_code == 422
    )
    assert (
        Visitor(application)
        .sign_in(KENYA)
        .post(f"/directory/reports/{report.id}", {"answer": "x"}, page="/account")
        .status_code
        == 404
    )
    desk.post(f"/directory/reports/{report.id}", {"answer": "It is corrected."}, page="/directory/confirmations")
    assert "It is corrected." in mails_to(application, THAILAND)[-1].body
    assert "Reported as outdated on" not in anton.get(f"/directory/authorities/{austria}").text


def test_what_nobody_confirmed_is_greyed_out_on_pages_and_in_results(application: Flask, clock: SetClock) -> None:
    clock.advance(timedelta(days=800))
    visitor = Visitor(application).sign_in(AUSTRIA)
    assert "Not confirmed since" in visitor.get("/directory/states/TH").text
    assert 'class="stale"' in visitor.get("/directory?q=thailand").text
    answer = visitor.get("/directory/search.json?q=attorney+general+thailand").json
    assert answer is not None
    assert any("Not confirmed since" in one["detail"] for one in answer["results"])


def test_the_link_of_a_mail_changes_nothing_until_its_button_is_pressed(application: Flask, clock: SetClock) -> None:
    services, stranger = application.extensions["comity"], Visitor(application)
    with services.db.writing() as session:
        ask_due(session, clock.now(), mailer(services.config), services.config.secret_key)
        names = session.scalars(select(Practitioner.name)).all()
    link = re.search(r"/directory/confirm/\S+", mails_to(application, THAILAND)[-1].body)
    assert link
    for _ in range(2):
        page = stranger.get(link[0])
        assert page.status_code == 200
        [name] = [name for name in names if name in page.text]
    waiting = Visitor(application).sign_in(THAILAND).get("/directory/confirmations").text.count(name)
    answer = stranger.post(link[0])
    assert answer.location == "/directory/confirmed"
    assert "Thank you" in stranger.get(answer.location).text
    over = stranger.get(link[0])
    assert over.status_code == 400
    assert "no longer good" in over.text
    assert Visitor(application).sign_in(THAILAND).get("/directory/confirmations").text.count(name) < waiting


def test_a_person_s_history_is_for_few_and_looks_are_noted(application: Flask) -> None:
    with application.extensions["comity"].db.reading() as session:
        person = session.scalars(select(Practitioner).where(Practitioner.name == "Anan Tuayang")).one()
    path = f"/directory/people/{person.public_id}/history"
    for email, status in ((THAILAND, 200), (SECRETARIAT, 200), (AUSTRIA, 404), (KENYA, 404)):
        assert Visitor(application).sign_in(email).get(path).status_code == status, email
    with application.extensions["comity"].db.reading() as session:
        looks = journal.read(session, f"audit:record:practitioner:{person.public_id}")
    assert [look.kind for look in looks] == ["access.history"] * 2


@pytest.mark.parametrize("path", ["propose", "report", "history"])
def test_the_pages_in_arabic(application: Flask, thailand: int, path: str) -> None:
    page = Visitor(application).sign_in(JORDAN).get(f"/directory/authorities/{thailand}/{path}")
    assert page.status_code == 200
    assert 'dir="rtl"' in page.text


def _all_mails(application: Flask) -> list[OutboxMail]:
    with application.extensions["comity"].db.reading() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
