"""Nominations from the first step to the last, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.errors import Conflict, Invalid, NotFound
from comity.directory.posts import Holding, Post
from comity.directory.record import Practitioner
from comity.directory.vetting import nominations
from comity.directory.vetting.activation import activate, activate_as_operator
from comity.directory.vetting.machine import NotNow, NotThisOffice, SamePerson
from comity.directory.vetting.models import Nomination
from comity.directory.vocabulary import Vetting
from comity.people.events import Origin
from comity.people.models import Account
from comity.people.services import find_account, find_invitation
from comity.people.sessions import open_session, sessions_of
from tests.platform.directory.moments import NOW
from tests.platform.directory.vetting.conftest import SENDER, Office

NOVA = "nova@justice.at.example"


def link(office: Office) -> str:
    """The token in the last mail to Nova."""
    with office.database.reading() as session:
        found = re.search(r"/(?:prove|invitations)/(\S+)", office.mails(session, NOVA)[-1].body)
        assert found
        return found[1]


def nominated(office: Office, by: str = "anton", **changes: object) -> str:
    with office.database.writing() as session:
        return nominations.nominate(session, office.actor(by), NOW, office.draft(**changes), SENDER).public_id


def proved(office: Office, by: str = "anton", **changes: object) -> str:
    public_id = nominated(office, by, **changes)
    with office.database.writing() as session:
        nominations.prove(session, link(office), "Nova E. Muster", "192.0.2.9", NOW, SENDER)
    return public_id


def confirmed(office: Office, by: str = "anton", **changes: object) -> str:
    public_id = proved(office, by, **changes)
    with office.database.writing() as session:
        nominations.confirm(session, office.actor(by), NOW, public_id, "Sits next door", SENDER)
    return public_id


def test_from_the_nomination_to_the_post(office: Office) -> None:
    public_id = confirmed(office, post_id=office.posts["clara"])
    with office.database.writing() as session:
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        open_session(session, clara, Origin(), NOW, method="test", with_factor=True)
    with office.database.writing() as session:
        holding = activate(session, office.actor("noor"), NOW, public_id, SENDER)
        assert holding.post_id == office.posts["clara"]
    with office.database.reading() as session:
        found = session.scalars(select(Nomination)).one()
        account = find_account(session, NOVA)
        assert account is not None
        assert (found.stage, found.name, account.display_name) == (Vetting.ACTIVE, "Nova E. Muster", "Nova E. Muster")
        assert find_invitation(session, link(office), NOW).id == account.id
        entry = session.scalars(select(Practitioner).where(Practitioner.account_id == account.id)).one()
        assert (entry.vetting, entry.post_id, entry.role.value) == (Vetting.ACTIVE, holding.post_id, "prosecutor")
        assert set(entry.languages) == {"en", "fr"}
        clara = session.scalars(select(Account).where(Account.email == "clara@comity.example")).one()
        assert clara.closed_at == NOW
        assert sessions_of(session, clara.id, NOW) == []
        assert office.actor("clara").posts == ()
        step = found.steps[1]
        assert (step.address, step.account_id, step.note) == ("192.0.2.9", None, "Nova Muster")
        kinds = [entry.kind for entry in journal.read(session, found.topic)]
        assert kinds == [f"nomination.{step}" for step in ("nominate", "prove", "confirm", "activate")]
        assert journal.breaks(session, found.topic) == []


def test_each_is_told_in_their_language(office: Office) -> None:
    activated = confirmed(office)
    with office.database.reading() as session:
        (asked,) = office.mails(session, NOVA)
        assert (asked.language, asked.recipient_name) == ("fr", "Nova Muster")
        assert "https://comity.test/prove/" in asked.body
        assert [mail.subject for mail in office.mails(session, "anton@comity.example")] == [
            "Comity: please confirm a person"
        ]
        for one in ("noor", "sami"):
            (mail,) = office.mails(session, f"{one}@comity.example")
            assert f"https://comity.test/people/nominations/{activated}" in mail.body
        assert office.mails(session, "clara@comity.example") == []


def test_a_link_is_good_once_for_a_week_and_until_a_newer_one(office: Office) -> None:
    public_id = nominated(office)
    first = link(office)
    with office.database.writing() as session:
        nominations.remind(session, office.actor("anton"), NOW, public_id, SENDER)
    second = link(office)
    with office.database.reading() as session:
        for token, at in ((first, NOW), (second, NOW + nominations.LINK_LASTS), ("x", NOW)):
            with pytest.raises(NotFound):
                nominations.by_link(session, token, at)
        assert nominations.by_link(session, second, NOW + nominations.LINK_LASTS - timedelta(seconds=1))
    with office.database.writing() as session:
        nominations.prove(session, second, "Nova Muster", "", NOW, SENDER)
    with office.database.writing() as session, pytest.raises(NotFound):
        nominations.prove(session, second, "Nova Muster", "", NOW, SENDER)
    with office.database.writing() as session, pytest.raises(Conflict):
        nominations.remind(session, office.actor("anton"), NOW, public_id, SENDER)


@pytest.mark.parametrize("by", ["clara", "somsri", "amina"])
def test_others_know_of_no_nomination(office: Office, by: str) -> None:
    public_id = proved(office)
    stranger = office.actor(by)
    with office.database.writing() as session:
        for act in (
            lambda: nominations.nominate(session, stranger, NOW, office.draft(email="x@y.example"), SENDER),
            lambda: nominations.nomination_for(session, stranger, public_id),
            lambda: nominations.confirm(session, stranger, NOW, public_id, "I know", SENDER),
            lambda: nominations.decline(session, stranger, NOW, public_id, "No", SENDER),
            lambda: activate(session, stranger, NOW, public_id, SENDER),
        ):
            with pytest.raises(NotFound):
                act()


def test_the_focal_point_cannot_let_in_nor_a_secretariat_member_who_is_one_do_both(office: Office) -> None:
    with office.database.writing() as session:
        anton = find_account(session, "anton@comity.example")
        assert anton is not None
    public_id = confirmed(office)
    with office.database.writing() as session, pytest.raises(NotFound):
        activate(session, office.actor("anton"), NOW, public_id, SENDER)
    with office.database.writing() as session:
        anton = find_account(session, "anton@comity.example")
        assert anton is not None
        anton.roles = ["secretariat"]
    with office.database.writing() as session, pytest.raises(SamePerson):
        activate(session, office.actor("anton"), NOW, public_id, SENDER)
    with office.database.writing() as session:
        assert activate(session, office.actor("noor"), NOW, public_id, SENDER)


def test_the_first_focal_point_needs_two_of_the_secretariat_or_the_operator(office: Office) -> None:
    thai = {"authority_id": office.world.thailand, "focal": True}
    public_id = confirmed(office, "noor", **thai)
    with office.database.writing() as session, pytest.raises(SamePerson):
        activate(session, office.actor("noor"), NOW, public_id, SENDER)
    with office.database.writing() as session:
        holding = activate(session, office.actor("sami"), NOW, public_id, SENDER)
        post = session.get_one(Post, holding.post_id)
        assert (post.focal, post.title, post.authority_id) == (True, "Duty officer", office.world.thailand)


def test_the_operator_stands_in_for_a_second_member(office: Office) -> None:
    confirmed(office, "noor", authority_id=office.world.thailand, focal=True)
    with office.database.writing() as session:
        found = session.scalars(select(Nomination)).one()
        activate_as_operator(session, found, NOW, SENDER)
        with pytest.raises(NotNow):
            activate_as_operator(session, found, NOW, SENDER)


def test_the_secretariat_leaves_nominating_to_the_focal_point(office: Office) -> None:
    with office.database.writing() as session, pytest.raises(Invalid):
        nominations.nominate(session, office.actor("noor"), NOW, office.draft(), SENDER)
    public_id = proved(office)
    with office.database.writing() as session, pytest.raises(NotThisOffice):
        nominations.confirm(session, office.actor("noor"), NOW, public_id, "I know", SENDER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"name": " "}, "display_name"),
        ({"locale": "xx"}, "language"),
        ({"role": "king"}, "role"),
        ({"post_title": ""}, "post_title"),
        ({"post_id": 10**6}, "post"),
    ],
)
def test_what_cannot_be_used_is_named(office: Office, changes: dict[str, object], field: str) -> None:
    with office.database.writing() as session, pytest.raises(Invalid) as found:
        nominations.nominate(session, office.actor("anton"), NOW, office.draft(**changes), SENDER)
    assert found.value.field == field


def test_a_person_is_nominated_once_at_a_time(office: Office) -> None:
    nominated(office)
    with office.database.writing() as session, pytest.raises(Conflict):
        nominations.nominate(session, office.actor("anton"), NOW, office.draft(), SENDER)


def test_declining_needs_a_reason_ends_it_and_tells_those_concerned(office: Office) -> None:
    public_id = proved(office)
    with office.database.writing() as session, pytest.raises(Invalid):
        nominations.decline(session, office.actor("noor"), NOW, public_id, "  ", SENDER)
    with office.database.writing() as session:
        nominations.decline(session, office.actor("noor"), NOW, public_id, "Unknown there", SENDER)
    with office.database.writing() as session, pytest.raises(NotNow):
        nominations.confirm(session, office.actor("anton"), NOW, public_id, "I know", SENDER)
    with office.database.reading() as session:
        assert session.scalars(select(Nomination)).one().stage is Vetting.LEFT
        for one in (NOVA, "anton@comity.example"):
            assert "Unknown there" in office.mails(session, one)[-1].body


def test_the_person_may_decline_by_the_link(office: Office) -> None:
    nominated(office)
    with office.database.writing() as session:
        nominations.decline_by_link(session, link(office), "Not me", "192.0.2.9", NOW, SENDER)
    with office.database.reading() as session:
        assert "Not me" in office.mails(session, "anton@comity.example")[-1].body


def test_who_had_left_comes_back_without_the_old_ways_in(office: Office) -> None:
    with office.database.writing() as session:
        account = Account(
            email=NOVA, display_name="Nova Muster", locale="fr", zone="UTC", roles=[], created_at=NOW, closed_at=NOW,
            password_hash="old",
        )  # fmt: skip
        session.add(account)
    public_id = confirmed(office)
    with office.database.writing() as session:
        activate(session, office.actor("noor"), NOW, public_id, SENDER)
    with office.database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == NOVA)).one()
        assert (account.closed_at, account.password_hash) == (None, None)
        assert find_invitation(session, link(office), NOW).id == account.id


def test_a_member_who_is_nominated_for_another_post_keeps_their_ways_in(office: Office) -> None:
    with office.database.writing() as session:
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        clara.password_hash = "kept"
    public_id = nominated(office, email="clara@comity.example")
    with office.database.reading() as session:
        found = re.search(r"/prove/(\S+)", office.mails(session, "clara@comity.example")[-1].body)
        assert found
    with office.database.writing() as session:
        nominations.prove(session, found[1], "Clara Beispiel", "", NOW, SENDER)
        nominations.confirm(session, office.actor("anton"), NOW, public_id, "Known", SENDER)
    with office.database.writing() as session:
        activate(session, office.actor("noor"), NOW, public_id, SENDER)
    with office.database.reading() as session:
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        assert clara.password_hash == "kept"
        assert len(office.actor("clara").posts) == 2
        held = session.scalars(select(Holding).where(Holding.account_id == clara.id, Holding.until.is_(None))).all()
        assert len(held) == 2
