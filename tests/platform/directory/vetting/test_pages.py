"""The pages, walked through without scripts, on the demonstration's data."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from comity.core.outbox import OutboxMail
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post
from comity.directory.vetting.models import Nomination, Recovery
from comity.directory.vocabulary import Vetting
from comity.people.events import Origin
from comity.people.hashing import ArgonHasher
from comity.people.models import Account
from comity.people.sessions import open_session
from tests.support.application import Visitor
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, KENYA, SECRETARIAT, SOMSRI, THAILAND

NOVA = "nova.tuayang@attorney.th.example"
FORM = {
    "name": "Nova Tuayang", "email": NOVA, "post": "new", "post_title": "Night desk", "role": "prosecutor",
    "locale": "en", "languages": ["en", "th"],
}  # fmt: skip
SECOND = "second@comity.example"


@pytest.fixture
def focal(application: Flask) -> Visitor:
    return Visitor(application).sign_in(THAILAND)


@pytest.fixture
def noor(application: Flask) -> Visitor:
    return Visitor(application).sign_in(SECRETARIAT)


def _mail(application: Flask, to: str) -> str:
    with application.extensions["comity"].db.reading() as session:
        query = select(OutboxMail).where(OutboxMail.recipient == to).order_by(OutboxMail.id.desc())
        found = session.scalars(query).first()
        assert found is not None
        return str(found.body)


def _path(body: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found
    return found[1]


def _thai_post(application: Flask, title: str) -> int:
    with application.extensions["comity"].db.reading() as session:
        query = select(Post.id).join(Authority).where(Authority.code == "th-a", Post.title.startswith(title))
        return int(session.scalars(query).one())


def test_a_newcomer_sees_a_nomination_that_waits_and_a_hand_over(
    application: Flask, focal: Visitor, noor: Visitor, visitor: Visitor
) -> None:
    assert "Malee Tuayang" in focal.get("/people").text
    assert "Dora Muster" in noor.get("/secretariat").text
    home = visitor.sign_in(AUSTRIA).get("/").text
    path = re.search(r"/hand-over/\d+", home)
    assert path
    page = visitor.get(path[0]).text
    assert "<strong>translation rule</strong>" in page
    assert visitor.post(f"{path[0]}/read", page=path[0]).status_code == 303
    assert "/hand-over/" not in visitor.get("/").text
    answer = visitor.post(path[0], {"note": "Mine <b>now</b>"})
    assert answer.status_code == 303
    assert "Mine &lt;b&gt;now&lt;/b&gt;" in visitor.get(path[0]).text
    assert Visitor(application).sign_in(KENYA).get(path[0]).status_code == 404


def test_from_the_form_to_the_post(application: Flask, focal: Visitor, noor: Visitor, visitor: Visitor) -> None:
    answer = focal.post("/people/nominate", FORM)
    assert answer.status_code == 303, answer.text
    page = answer.location
    link = _path(_mail(application, NOVA))
    assert link.startswith("/prove/")
    assert 'name="name"' in visitor.get(link).text
    assert visitor.post(link, {"answer": "yes", "name": "Nova Tuayang"}).status_code == 422
    proved = visitor.post(link, {"answer": "yes", "name": "Nova B. Tuayang", "agreed": "yes"})
    assert "Your address is confirmed" in proved.text
    assert visitor.get("/account").status_code == 302
    assert visitor.get(link).status_code == 404
    assert "127.0.0.1" in focal.get(page).text
    assert "Nominated under another name: Nova Tuayang" in focal.get(page).text
    assert focal.post(f"{page}/confirm", {"note": ""}, page=page).status_code == 422
    assert focal.post(f"{page}/confirm", {"note": "Sits next door"}, page=page).status_code == 303
    assert focal.post(f"{page}/activate", page=page).status_code == 404
    assert noor.post(f"{page}/activate", page=page).status_code == 303
    assert _path(_mail(application, NOVA)).startswith("/invitations/")
    assert "Nova B. Tuayang" in focal.get("/people").text
    assert noor.post(f"{page}/activate", page=page).status_code == 422


def test_the_person_declines_on_the_page(application: Flask, focal: Visitor, visitor: Visitor) -> None:
    focal.post("/people/nominate", FORM)
    link = _path(_mail(application, NOVA))
    assert visitor.post(link, {"answer": "no", "reason": ""}).status_code == 422
    assert "Declined" in visitor.post(link, {"answer": "no", "reason": "Not me"}).text
    with application.extensions["comity"].db.reading() as session:
        assert session.scalars(select(Nomination).where(Nomination.email == NOVA)).one().stage is Vetting.LEFT


def test_a_form_that_comes_back_keeps_what_was_typed(focal: Visitor) -> None:
    answer = focal.post("/people/nominate", {**FORM, "email": "nonsense", "post_title": ""})
    assert answer.status_code == 422
    assert 'value="nonsense"' in answer.text
    assert 'value="th" checked' in answer.text


@pytest.mark.parametrize("path", ["/secretariat", "/secretariat/offices", "/secretariat/people/1"])
def test_the_secretariats_pages_are_its_own(application: Flask, focal: Visitor, noor: Visitor, path: str) -> None:
    assert focal.get(path).status_code == 404
    assert Visitor(application).get(path).status_code == 302
    assert noor.get(path).status_code == 200


def test_an_officer_sees_colleagues_and_no_nomination(application: Flask, visitor: Visitor) -> None:
    page = visitor.sign_in(AUSTRIA).get("/people").text
    assert "Clara Beispiel" in page
    assert "Dora Muster" not in page
    assert visitor.get(f"/people?authority={_thai_post(application, 'Desk') + 10**6}").status_code == 404
    assert visitor.get(f"/people/posts/{_thai_post(application, 'Desk')}").status_code == 404
    with application.extensions["comity"].db.reading() as session:
        nomination = session.scalars(select(Nomination.public_id)).first()
    assert visitor.get(f"/people/nominations/{nomination}").status_code == 404


def test_a_deputy_is_named_shown_and_ended(application: Flask, focal: Visitor, clock: SetClock) -> None:
    head, desk = _thai_post(application, "Head"), _thai_post(application, "Desk")
    today = clock.now().astimezone(ZoneInfo("Asia/Bangkok")).date()
    page = f"/people/posts/{head}"
    form = {"deputy": desk, "first": today.isoformat(), "last": (today + timedelta(days=9)).isoformat()}
    assert focal.post(f"{page}/deputy", {**form, "last": "soon"}, page=page).status_code == 422
    assert focal.post(f"{page}/deputy", form, page=page).status_code == 303
    authority = re.search(r"/directory/authorities/\d+", focal.get("/people").text)
    assert authority
    assert "away until" in focal.get(authority[0]).text
    deputy = Visitor(application).sign_in("anan.tuayang@attorney.th.example")
    assert "Malee Tuayang" in deputy.get("/people").text  # acts for the focal point
    end = re.search(r"/people/absences/\d+/end", focal.get(page).text)
    assert end
    assert focal.post(end[0], page=page).status_code == 303
    assert "away until" not in focal.get(authority[0]).text
    assert "Malee Tuayang" not in deputy.get("/people").text


def test_a_holding_is_ended_and_the_leaver_is_thrown_out(application: Flask, focal: Visitor) -> None:
    desk, leaver = _thai_post(application, "Desk"), Visitor(application).sign_in("anan.tuayang@attorney.th.example")
    page = f"/people/posts/{desk}"
    holding = re.search(r'name="holding" value="(\d+)"', focal.get(page).text)
    assert holding
    form = {"holding": holding[1], "when": "day", "on": ""}
    assert focal.post(f"{page}/end", form, page=page).status_code == 422
    assert leaver.get("/").status_code == 200
    assert focal.post(f"{page}/end", {**form, "when": "now"}, page=page).status_code == 303
    assert leaver.get("/").status_code == 302
    assert "Vacant" in focal.get("/people").text


def test_suspended_and_restored(application: Flask, focal: Visitor, noor: Visitor) -> None:
    desk, officer = _thai_post(application, "Desk"), Visitor(application).sign_in("anan.tuayang@attorney.th.example")
    page = f"/people/posts/{desk}"
    account = re.search(r'name="account" value="(\d+)"', focal.get(page).text)
    assert account
    form = {"account": account[1], "reason": "Telephone lost"}
    assert focal.post(f"{page}/suspend", {**form, "reason": ""}, page=page).status_code == 422
    assert focal.post(f"{page}/suspend", form, page=page).status_code == 303
    assert officer.get("/").status_code == 302
    restored = noor.post("/secretariat/restore", {"account": account[1]}, page="/secretariat")
    assert restored.status_code == 303
    assert Visitor(application).sign_in("anan.tuayang@attorney.th.example").get("/").status_code == 200


def test_roles_are_given_on_a_page_and_never_to_oneself(application: Flask, noor: Visitor) -> None:
    found = noor.get(f"/secretariat/offices?email={AUSTRIA}")
    assert found.status_code == 302
    page = found.location
    assert noor.get("/secretariat/offices?email=nobody@x.example").status_code == 422
    answer = noor.post(f"{page}/roles", {"roles": ["auditor", "secretariat"]}, page=page)
    assert answer.status_code == 303
    second = Visitor(application).sign_in(AUSTRIA)
    own = second.get(f"/secretariat/offices?email={AUSTRIA}").location
    assert "Nobody changes their own roles" in second.get(own).text
    token = second.token("/secretariat")
    assert second.client.post(f"{own}/roles", data={"csrf_token": token}).status_code == 422
    assert second.get("/secretariat").status_code == 200


def test_a_post_becomes_focal_point_and_coordinator(application: Flask, noor: Visitor) -> None:
    desk = _thai_post(application, "Desk")
    page, office = f"/people/posts/{desk}", f"/secretariat/posts/{desk}"
    assert noor.post(f"{office}/focal", {"on": "yes"}, page=page).status_code == 303
    network = re.search(r'<option value="([a-z0-9-]+)">', noor.get(page).text.partition('name="network"')[2])
    assert network
    answer = noor.post(f"{office}/network", {"on": "yes", "network": network[1]}, page=page)
    assert answer.status_code == 303
    assert "Coordinator of" in noor.get(page).text
    assert "Coordinators of networks" in noor.get("/secretariat/offices").text
    assert "Malee Tuayang" in Visitor(application).sign_in("anan.tuayang@attorney.th.example").get("/people").text


def test_offices_ask_for_a_fresh_factor(application: Flask, clock: SetClock) -> None:
    """Accounts of the demonstration have none, so this one is real."""
    services = application.extensions["comity"]
    with services.db.reading() as session:
        target = session.scalars(select(Account.id).where(Account.email == AUSTRIA)).one()
    visitor = _member(application, clock, roles=["secretariat"])
    page = f"/secretariat/people/{target}"
    assert visitor.post(f"{page}/roles", {"roles": ["auditor"]}, page=page).location == page
    clock.advance(timedelta(minutes=11))
    answer = visitor.post(f"{page}/roles", {"roles": []}, page=page)
    assert answer.location.startswith("/confirm?next=/secretariat/people/")
    with services.db.reading() as session:
        assert session.get_one(Account, target).roles == ["auditor"]


def _member(application: Flask, clock: SetClock, roles: list[str], email: str = SECOND) -> Visitor:
    """A real member, signed in with a factor just shown."""
    services = application.extensions["comity"]
    with services.db.writing() as session:
        account = Account(
            email=email, display_name="Second Member", locale="en", zone="UTC", roles=roles, created_at=clock.now()
        )
        session.add(account)
        session.flush()
        token = open_session(session, account, Origin(), clock.now(), method="test", with_factor=True)
    visitor = Visitor(application)
    with visitor.client.session_transaction() as cookie:
        cookie["sid"] = token
    return visitor


def test_a_new_way_in_needs_two_offices_a_link_and_a_code(
    application: Flask, focal: Visitor, noor: Visitor, visitor: Visitor, clock: SetClock
) -> None:
    application.extensions["comity.hasher"] = ArgonHasher(time_cost=1, memory_cost=8, parallelism=1)
    old = _member(application, clock, [], NOVA)
    with application.extensions["comity"].db.writing() as session:
        nova = session.scalars(select(Account).where(Account.email == NOVA)).one()
        session.add(Holding(post_id=_thai_post(application, "Desk"), account_id=nova.id, since=clock.now()))
    unknown, known = (visitor.post("/recovery", {"email": email}) for email in ("nobody@x.example", NOVA))
    assert _without_token(unknown.text) == _without_token(known.text)
    page = _path(_mail(application, THAILAND))
    assert "Second Member" in focal.get("/people").text
    assert noor.post(f"{page}/approve", page=page).status_code == 422
    assert focal.post(f"{page}/vouch", {"spoke": ""}, page=page).status_code == 422
    assert focal.post(f"{page}/vouch", {"spoke": "telephone"}, page=page).status_code == 303
    assert focal.post(f"{page}/approve", page=page).status_code == 404
    assert old.get("/account").status_code == 200
    assert SOMSRI in noor.get(page).text
    assert noor.post(f"{page}/approve", page=page).status_code == 303
    assert old.get("/account").status_code == 302
    code = re.search(r'class="recovery-code" dir="ltr">([A-Z2-7-]{9})<', focal.get(page).text)
    assert code
    assert code[1] not in noor.get(page).text
    link = _path(_mail(application, NOVA))
    assert visitor.post(link, {"code": "AAAA-AAAA"}).status_code == 422
    onward = visitor.post(link, {"code": code[1]})
    assert onward.status_code == 303
    assert onward.location.startswith("/invitations/")
    new = "copper rain over seven quiet roofs"
    assert visitor.post(onward.location, {"password": new, "repeated": new}).location == "/set-up?next=/"
    assert visitor.get(link).status_code == 404


def test_a_request_is_declined_with_a_reason(
    application: Flask, noor: Visitor, visitor: Visitor, clock: SetClock
) -> None:
    _member(application, clock, ["auditor"])
    visitor.post("/recovery", {"email": SECOND})
    page = _path(_mail(application, SECRETARIAT))
    assert noor.post(f"{page}/decline", {"reason": ""}, page=page).status_code == 422
    assert noor.post(f"{page}/decline", {"reason": "It was somebody else"}, page=page).status_code == 303
    with application.extensions["comity"].db.reading() as session:
        assert session.scalars(select(Recovery)).one().ended_at is not None


def test_asking_is_limited(visitor: Visitor) -> None:
    token = visitor.token("/recovery")
    form = {"email": "x@y.example", "csrf_token": token}
    statuses = [visitor.client.post("/recovery", data=form).status_code for _time in range(6)]
    assert statuses[-1] == 429
    assert statuses[0] == 200


def _without_token(page: str) -> str:
    return re.sub(r'value="[\w.-]{40,}"|nonce="[^"]+"', "", page)
