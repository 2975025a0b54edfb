"""Leaving, being suspended, coming back; and what a post keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.directory.acting import actor_for
from comity.directory.posts import Holding, appoint, holders
from comity.directory.record import Practitioner
from comity.directory.vetting import leaving
from comity.directory.vetting.leaving import LastOfSecretariat
from comity.directory.vetting.machine import SamePerson
from comity.directory.vocabulary import Vetting
from comity.people.events import Origin
from comity.people.models import Account
from comity.people.services import find_account
from comity.people.sessions import open_session, sessions_of
from tests.platform.directory.moments import NOW
from tests.platform.directory.vetting.conftest import SENDER, Office


def holding_of(office: Office, name: str) -> int:
    with office.database.reading() as session:
        query = select(Holding.id).where(Holding.post_id == office.posts[name], Holding.until.is_(None))
        return session.scalars(query).one()


def signed_in(office: Office, name: str) -> int:
    with office.database.writing() as session:
        account = find_account(session, f"{name}@comity.example")
        assert account is not None
        open_session(session, account, Origin(), NOW, method="test", with_factor=True)
        return account.id


def test_who_leaves_loses_the_post_and_every_session_at_once(office: Office) -> None:
    account_id = signed_in(office, "clara")
    with office.database.writing() as session:
        leaving.end_holding(session, office.actor("anton"), NOW, holding_of(office, "clara"), SENDER)
    assert office.actor("clara").posts == ()
    with office.database.reading() as session:
        account = session.get_one(Account, account_id)
        entry = session.scalars(select(Practitioner).where(Practitioner.account_id == account_id)).one()
        assert (account.closed_at, sessions_of(session, account_id, NOW)) == (NOW, [])
        assert (entry.vetting, entry.post_id) == (Vetting.LEFT, None)
        kinds = [one.kind for one in journal.read(session, f"post:{office.posts['clara']}")]
        assert kinds == ["post.left"]


def test_who_keeps_a_role_or_another_post_stays_signed_in(office: Office) -> None:
    account_id = signed_in(office, "clara")
    with office.database.writing() as session:
        session.get_one(Account, account_id).roles = ["organiser"]
    with office.database.writing() as session:
        leaving.end_holding(session, office.actor("noor"), NOW, holding_of(office, "clara"), SENDER)
    with office.database.reading() as session:
        account = session.get_one(Account, account_id)
        assert account.closed_at is None
        assert len(sessions_of(session, account_id, NOW)) == 1
        assert actor_for(session, account, NOW).posts == ()


def test_a_day_to_come_ends_it_by_itself(office: Office) -> None:
    account_id, ends = signed_in(office, "clara"), NOW + timedelta(days=3)
    with office.database.writing() as session:
        leaving.end_holding(session, office.actor("anton"), NOW, holding_of(office, "clara"), SENDER, ends)
        assert leaving.settle_ended(session, ends - timedelta(seconds=1)) == 0
    with office.database.reading() as session:
        account = session.get_one(Account, account_id)
        assert len(actor_for(session, account, ends - timedelta(seconds=1)).posts) == 1
        assert actor_for(session, account, ends).posts == ()
    with office.database.writing() as session:
        assert leaving.settle_ended(session, ends) == 1
        assert leaving.settle_ended(session, ends) == 0
        assert session.get_one(Account, account_id).closed_at == ends


def test_a_day_that_is_over_is_refused(office: Office) -> None:
    with office.database.writing() as session, pytest.raises(Invalid):
        leaving.end_holding(session, office.actor("anton"), NOW, holding_of(office, "clara"), SENDER, NOW)


@pytest.mark.parametrize(
    ("by", "whose", "error"),
    [
        ("clara", "anton", NotFound),
        ("somsri", "clara", NotFound),
        ("anton", "somsri", NotFound),
        ("anton", "anton", SamePerson),
    ],
)
def test_others_end_nothing(office: Office, by: str, whose: str, error: type[Exception]) -> None:
    with office.database.writing() as session, pytest.raises(error):
        leaving.end_holding(session, office.actor(by), NOW, holding_of(office, whose), SENDER)


def test_a_holding_ends_once(office: Office) -> None:
    number = holding_of(office, "clara")
    with office.database.writing() as session:
        leaving.end_holding(session, office.actor("anton"), NOW, number, SENDER)
    with office.database.writing() as session, pytest.raises(Conflict):
        leaving.end_holding(session, office.actor("anton"), NOW, number, SENDER)


def test_suspended_at_once_and_restored_with_everything(office: Office) -> None:
    account_id = signed_in(office, "clara")
    with office.database.writing() as session, pytest.raises(Invalid):
        leaving.suspend(session, office.actor("anton"), NOW, account_id, "", SENDER)
    with office.database.writing() as session:
        leaving.suspend(session, office.actor("anton"), NOW, account_id, "Telephone lost", SENDER)
    with office.database.reading() as session:
        account = session.get_one(Account, account_id)
        assert (account.may_sign_in, sessions_of(session, account_id, NOW)) == (False, [])
        assert [one.id for one in leaving.suspended(session)] == [account_id]
        assert account_id not in [one.account_id for one in holders(session, [office.world.austria], NOW)]
    with office.database.writing() as session, pytest.raises(NotFound):
        leaving.restore(session, office.actor("anton"), NOW, account_id, SENDER)
    with office.database.writing() as session:
        leaving.restore(session, office.actor("noor"), NOW, account_id, SENDER)
    with office.database.writing() as session, pytest.raises(Conflict):
        leaving.restore(session, office.actor("noor"), NOW, account_id, SENDER)
    assert len(office.actor("clara").posts) == 1
    with office.database.reading() as session:
        kinds = [one.kind for one in journal.read(session, f"account:{account_id}")]
        assert kinds[-3:] == ["account.session-ended", "account.suspended", "account.restored"]


def test_a_focal_point_suspends_its_own_people_alone(office: Office) -> None:
    anton = office.actor("anton")
    with office.database.writing() as session:
        for name, error in (("somsri", NotFound), ("noor", NotFound), ("anton", SamePerson)):
            account = find_account(session, f"{name}@comity.example")
            assert account is not None
            with pytest.raises(error):
                leaving.suspend(session, anton, NOW, account.id, "No", SENDER)
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        clara.roles = ["auditor"]
        session.flush()
        with pytest.raises(Refused):
            leaving.suspend(session, anton, NOW, clara.id, "No", SENDER)


def test_the_last_of_the_secretariat_stays(office: Office) -> None:
    with office.database.writing() as session:
        sami = find_account(session, "sami@comity.example")
        assert sami is not None
        leaving.suspend(session, office.actor("noor"), NOW, sami.id, "Gone", SENDER)
    with office.database.writing() as session:
        noor = find_account(session, "noor@comity.example")
        assert noor is not None
        with pytest.raises(LastOfSecretariat):
            leaving.suspend(session, office.sami, NOW, noor.id, "Me too", SENDER)


def test_a_successor_takes_over_and_the_holder_before_is_out(office: Office) -> None:
    with office.database.writing() as session:
        somsri = find_account(session, "somsri@comity.example")
        assert somsri is not None
        post = session.get_one(Holding, holding_of(office, "clara")).post
        leaving.take_over(session, post, somsri, NOW, by=None, sender=SENDER)
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        assert clara.closed_at == NOW
        assert appoint(session, post, somsri, NOW + timedelta(days=1)).account_id == somsri.id
