"""Roles of persons, offices of posts."""

from __future__ import annotations

import threading

import pytest

from comity.core import journal
from comity.core.actor import Role
from comity.core.errors import Conflict, Invalid, NotFound
from comity.directory.vetting import offices
from comity.directory.vetting.leaving import LastOfSecretariat
from comity.directory.vetting.machine import SamePerson
from comity.people.models import Account
from comity.people.services import find_account
from tests.platform.directory.moments import NOW
from tests.platform.directory.vetting.conftest import SENDER, Office


def id_of(office: Office, name: str) -> int:
    with office.database.reading() as session:
        account = find_account(session, f"{name}@comity.example")
        assert account is not None
        return account.id


def test_roles_are_given_and_taken_journalled_and_told(office: Office) -> None:
    clara = id_of(office, "clara")
    with office.database.writing() as session:
        offices.give_roles(session, office.actor("noor"), NOW, clara, ["auditor", "organiser"], SENDER)
    assert office.actor("clara").roles == {Role.AUDITOR, Role.ORGANISER}
    with office.database.reading() as session:
        entry = journal.read(session, f"account:{clara}")[-1]
        assert (entry.kind, entry.account_id) == ("account.roles-changed", id_of(office, "noor"))
        assert (entry.payload["before"], entry.payload["after"]) == ("", "auditor organiser")
        assert "Auditor" in office.mails(session, "sami@comity.example")[-1].body
        assert office.mails(session, "clara@comity.example")[-1].language == "fr"
        assert office.mails(session, "noor@comity.example") == []
        assert {one.display_name for one in offices.with_roles(session, office.actor("noor"))} == {
            "Clara Beispiel", "Noor Sample", "Sami Sample",
        }  # fmt: skip


def test_nobody_changes_their_own_and_nobody_else_changes_any(office: Office) -> None:
    noor = id_of(office, "noor")
    with office.database.writing() as session:
        with pytest.raises(SamePerson):
            offices.give_roles(session, office.actor("noor"), NOW, noor, [], SENDER)
        for by in ("anton", "clara"):
            with pytest.raises(NotFound):
                offices.give_roles(session, office.actor(by), NOW, noor, [], SENDER)
            with pytest.raises(NotFound):
                offices.set_focal(session, office.actor(by), NOW, office.posts["clara"], True, SENDER)
        with pytest.raises(Invalid):
            offices.give_roles(session, office.actor("noor"), NOW, id_of(office, "clara"), ["king"], SENDER)


def test_who_is_left_with_nothing_is_closed_and_not_changed_any_more(office: Office) -> None:
    sami = id_of(office, "sami")
    with office.database.writing() as session:
        offices.give_roles(session, office.actor("noor"), NOW, sami, [], SENDER)
        assert session.get_one(Account, sami).closed_at == NOW
    with office.database.writing() as session, pytest.raises(Conflict):
        offices.give_roles(session, office.actor("noor"), NOW, sami, ["auditor"], SENDER)


def test_two_members_cannot_remove_each_other_at_once(office: Office) -> None:
    noor, sami = office.actor("noor"), office.sami
    refused: list[Exception] = []
    together = threading.Barrier(2)

    def remove(by: object, whom: int) -> None:
        together.wait(10)
        try:
            with office.database.writing() as session:
                offices.give_roles(session, by, NOW, whom, [], SENDER)  # type: ignore[arg-type]
        except (NotFound, LastOfSecretariat, Conflict) as error:
            refused.append(error)

    pairs = ((noor, sami.account_id), (sami, noor.account_id))
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    with office.database.reading() as session:
        left = [session.get_one(Account, one.account_id) for one in (noor, sami)]
        assert sorted(bool(one.roles) for one in left) == [False, True]


def test_a_post_becomes_focal_point_and_coordinator_and_ceases(office: Office) -> None:
    noor, post = office.actor("noor"), office.posts["clara"]
    with office.database.writing() as session:
        offices.set_focal(session, noor, NOW, post, True, SENDER)
        offices.set_coordinator(session, noor, NOW, post, "netw", True, SENDER)
        offices.set_coordinator(session, noor, NOW, post, "netw", True, SENDER)
    clara = office.actor("clara")
    assert clara.focal_of == {office.world.austria}
    assert clara.coordinates == {"netw"}
    with office.database.writing() as session:
        offices.set_focal(session, noor, NOW, post, False, SENDER)
        offices.set_coordinator(session, noor, NOW, post, "netw", False, SENDER)
        kinds = [one.kind for one in journal.read(session, f"post:{post}")]
        assert kinds == [
            "post.focal-point", "post.coordinates", "post.no-focal-point", "post.coordinates-no-longer",
        ]  # fmt: skip
        assert len(office.mails(session, "clara@comity.example")) == 4
    clara = office.actor("clara")
    assert (clara.focal_of, clara.coordinates) == (frozenset(), frozenset())


def test_a_network_must_be_one_of_the_state(office: Office) -> None:
    with office.database.writing() as session, pytest.raises(Invalid):
        offices.set_coordinator(session, office.actor("noor"), NOW, office.posts["somsri"], "netw", True, SENDER)


def test_authorities_without_a_focal_point_are_listed(office: Office) -> None:
    with office.database.reading() as session:
        found = offices.without_focal_point(session, office.actor("noor"), NOW)
        assert [one.state_iso2 for one in found] == ["KE", "TH"]
