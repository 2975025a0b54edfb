"""Whatever form saves a record, its history tells the difference, and yesterday's page shows what stood before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from comity.core import journal
from comity.directory.models import Authority
from comity.directory.posts import Post
from comity.directory.record import Arrangement, Notification, Practitioner
from comity.directory.vocabulary import NotificationStatus
from comity.people.models import Account
from tests.platform.directory.test_record_forms import ARRANGEMENT, CLARA, ENTRY
from tests.support.application import Visitor
from tests.support.clock import SetClock
from tests.support.people import AUSTRIA, JORDAN, SECRETARIAT


@dataclass(frozen=True)
class Save:
    """A form that somebody sends. page, topic: of the record. form: where it is sent. form_page: where it stands.

    old, new: words of the difference that the history shows; a dash for nothing.
    """

    by: str
    page: str
    form: str
    fields: dict[str, Any]
    old: str
    new: str
    topic: str
    form_page: str = ""


def _person(application: Flask, name: str) -> str:
    with application.extensions["comity"].db.reading() as session:
        return str(session.scalars(select(Practitioner.public_id).where(Practitioner.name_latin == name)).one())


def own_entry(application: Flask) -> Save:
    mine = _person(application, "Anton Muster")
    fields = {**ENTRY, "name_latin": "Anton Newname"}
    page = f"/directory/people/{mine}"
    return Save(AUSTRIA, page, "/account/entry", fields, "Anton Muster", "Anton Newname", f"record:practitioner:{mine}")


def entry_of_a_colleague(application: Flask) -> Save:
    mine = _person(application, "Anton Muster")
    page, fields = f"/directory/people/{mine}", {**ENTRY, "title": "Prof."}
    return Save(CLARA, page, f"{page}/edit", fields, "Mag.", "Prof.", f"record:practitioner:{mine}")


def posting(application: Flask) -> Save:
    mine = _person(application, "Anton Muster")
    page = f"/directory/people/{mine}"
    fields = {
        "role": "liaison_magistrate",
        "host": "KE",
        "city": "Nairobi",
        "covers": ["KE", "UG"],
        "since": "2026-01-01",
    }
    return Save(
        SECRETARIAT, page, f"{page}/liaison", fields, "–", "Nairobi", f"record:practitioner:{mine}"
    )  # fmt: skip


NETWORK = {
    "name": "GlobE", "full_name": "GlobE anew", "year": "2021", "web": "https://globe.example/", "about": "Words.",
    "members": ["AT", "TH"], "languages": ["en"],
}  # fmt: skip


def network(application: Flask) -> Save:
    page = "/directory/networks/globe"
    old = "Global Operational Network of Anti-Corruption Law Enforcement Authorities"
    return Save(SECRETARIAT, page, f"{page}/edit", NETWORK, old, "GlobE anew", "record:network:globe")


def coordinator(application: Flask) -> Save:
    page = "/directory/networks/globe"
    with application.extensions["comity"].db.reading() as session:
        post = session.scalars(select(Post).join(Authority).where(Authority.code == "jo-a")).first()
        return Save(
            SECRETARIAT, page, f"{page}/coordinators", {"post": str(post.id)}, "", post.title, "record:network:globe",
            form_page=f"{page}/edit",
        )  # fmt: skip


def _notice(application: Flask) -> Notification:
    with application.extensions["comity"].db.reading() as session:
        found: Notification = session.scalars(
            select(Notification).where(Notification.status == NotificationStatus.CURRENT).order_by(Notification.id)
        ).first()
    return found


def notification_marked(application: Flask) -> Save:
    code = _notice(application).code
    page = f"/directory/notifications/{code}"
    return Save(
        SECRETARIAT, page, f"{page}/status", {"status": "review_requested"}, "Current", "Review requested",
        f"record:notification:{code}", form_page=page,
    )  # fmt: skip


def notification_superseded(application: Flask) -> Save:
    one = _notice(application)
    fields = {
        "state": one.state_iso2, "provision": one.provision.value, "status": "current", "language": "en",
        "deposited_on": "2026-11-01", "text": "Other words.", "english": "", "supersedes": one.code,
    }  # fmt: skip
    page = f"/directory/notifications/{one.code}"
    return Save(
        SECRETARIAT, page, "/directory/notifications/new", fields, "Current", "Outdated",
        f"record:notification:{one.code}",
    )  # fmt: skip


def arrangement(application: Flask) -> Save:
    with application.extensions["comity"].db.reading() as session:
        one = session.scalars(select(Arrangement).order_by(Arrangement.id)).first()
    page = f"/directory/arrangements/{one.code}"
    return Save(SECRETARIAT, page, f"{page}/edit", ARRANGEMENT, one.name, "Desk", f"record:arrangement:{one.code}")


def state(application: Flask) -> Save:
    page = "/directory/states/AT"
    return Save(SECRETARIAT, page, f"{page}/edit", {"also": "Austria", "party": "no"}, "Yes", "No", "record:state:AT")


@pytest.mark.parametrize(
    "make",
    [
        own_entry, entry_of_a_colleague, posting, network, coordinator, notification_marked, notification_superseded,
        arrangement, state,
    ],
)  # fmt: skip
def test_a_save_is_told_once_and_what_stood_before_can_be_read(
    application: Flask, clock: SetClock, make: Callable[[Flask], Save]
) -> None:
    save = make(application)
    yesterday = clock.now().date()
    clock.advance(timedelta(days=1))
    visitor = Visitor(application).sign_in(save.by)
    with application.extensions["comity"].db.reading() as session:
        before = journal.position(session, save.topic)
    assert visitor.post(save.form, save.fields, page=save.form_page or None).status_code == 303
    history = visitor.get(f"{save.page}/history").text
    newest = history.split('<li class="card')[1]
    assert f"<bdi>{save.new}" in newest.split("<ins>", 1)[1]
    assert save.old in newest
    assert f"{save.page}?on={clock.now().date()}" in newest
    then = visitor.get(f"{save.page}?on={yesterday}").text
    assert "As it was on" in then
    assert save.old == "–" or save.old in then
    assert save.old == "Yes" or save.new not in then.split("<main", 1)[1]  # "No" stands in many words
    assert f'href="{save.page}/history"' in visitor.get(save.page).text
    with application.extensions["comity"].db.reading() as session:
        assert journal.position(session, save.topic) == before + 1


def test_a_persons_past_is_for_those_who_look_after_it(application: Flask, clock: SetClock) -> None:
    page, yesterday = f"/directory/people/{_person(application, 'Anton Muster')}", clock.now().date()
    clock.advance(timedelta(days=1))
    stranger = Visitor(application).sign_in(JORDAN)
    assert stranger.get(page).status_code == 200
    assert stranger.get(f"{page}?on={yesterday}").status_code == 404
    assert f"{page}/history" not in stranger.get(page).text
    assert f'href="{page}/report"' in stranger.get(page).text
    assert stranger.post(f"{page}/report", {"words": "Moved to another post."}).location == page
    assert "Reported as outdated on" in Visitor(application).sign_in(AUSTRIA).get(page).text


def test_a_day_before_the_entry_says_so(application: Flask) -> None:
    page = Visitor(application).sign_in(AUSTRIA).get("/directory/networks/globe?on=2001-01-01").text
    assert "No entry on that day" in page


def test_who_coordinates_a_network_stands_on_its_page(application: Flask, clock: SetClock) -> None:
    with application.extensions["comity"].db.reading() as session:
        account = session.scalars(select(Account).where(Account.email == AUSTRIA)).one()
        one = session.scalars(select(Practitioner).where(Practitioner.account_id == account.id)).one()
        post_id, public_id = one.post_id, one.public_id
    page = "/directory/networks/globe"
    secretariat = Visitor(application).sign_in(SECRETARIAT)
    card = '<h2 id="coordinators">'
    assert public_id not in secretariat.get(page).text.split(card)[1]
    secretariat.post(f"{page}/coordinators", {"post": str(post_id)}, page=f"{page}/edit")
    assert f'href="/directory/people/{public_id}"' in secretariat.get(page).text.split(card)[1]


def _found(visitor: Visitor, asked: str) -> str:
    return visitor.get(f"/directory?q={asked}").text


def test_search_follows_what_is_saved(application: Flask) -> None:
    one = own_entry(application)
    visitor, secretariat = Visitor(application).sign_in(AUSTRIA), Visitor(application).sign_in(SECRETARIAT)
    assert f'href="{one.page}"' not in _found(visitor, "newname")
    visitor.post(one.form, one.fields)
    assert f'href="{one.page}"' in _found(visitor, "newname")
    secretariat.post("/directory/networks/globe/edit", {**NETWORK, "name": "Zuberwald"})
    assert 'href="/directory/networks/globe"' in _found(visitor, "zuberwald")
