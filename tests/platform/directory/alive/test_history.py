"""The history in the database: one version a change, none for nothing, and nothing personal of who has left."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from comity.core import journal
from comity.directory import history
from comity.directory.history import ChangeSource
from comity.directory.models import Network, State
from comity.directory.record import Practitioner
from comity.directory.snapshots import entity_of, restored, snapshot
from comity.directory.vocabulary import Vetting
from tests.platform.directory.alive.world import NOW, OFFICER, World


def test_a_change_ends_one_version_and_begins_the_next_in_the_same_instant(world: World) -> None:
    later = NOW + timedelta(days=2)
    with world.database.writing() as session:
        authority = world.authority(session)
        old, authority.address = authority.address, "Another street"
        made = history.record(session, authority, world.actor(session, OFFICER), later, ChangeSource.EDITED)
        assert (made.number, made.by) == (2, "Desk, Central Authority, Ministry of Justice (demonstration)")
    with world.database.reading() as session:
        entity = entity_of(world.authority(session))
        first, second = history.versions(session, entity)
        assert first.valid_until == second.valid_from == later
        assert (first.fields["address"], second.fields["address"]) == (old, "Another street")
        assert second.fields == snapshot(world.authority(session))
        for days, number in ((0, 1), (1, 1), (2, 2), (30, 2)):
            found = history.on(session, entity, (NOW + timedelta(days=days)).date())
            assert found is not None
            assert found.number == number
        assert history.on(session, entity, (NOW - timedelta(days=1)).date()) is None
        entry = journal.read(session, entity.topic)[-1]
        assert (entry.kind, entry.payload["fields"], entry.account_id is None) == ("record.version", ["address"], False)


def test_nothing_is_written_where_nothing_changed_nor_where_it_was_rolled_back(world: World) -> None:
    with world.database.writing() as session:
        authority = world.authority(session)
        assert history.record(session, authority, None, NOW + timedelta(days=1), ChangeSource.EDITED).number == 1
    with world.database.reading() as session:
        assert len(history.versions(session, entity_of(world.authority(session)))) == 1


def test_what_is_removed_ends(world: World) -> None:
    with world.database.writing() as session:
        network = session.get_one(Network, "seajust")
        history.close(session, network, None, NOW + timedelta(days=1), ChangeSource.EDITED)
        entity = entity_of(network)
    with world.database.reading() as session:
        assert history.current(session, entity) is None
        assert history.on(session, entity, NOW.date()) is not None
        assert history.on(session, entity, (NOW + timedelta(days=1)).date()) is None


def test_a_record_as_it_was_is_the_record_and_no_part_of_the_session(world: World) -> None:
    with world.database.reading() as session:
        authority = world.authority(session)
        before = len(authority.state.authorities)
        found = restored(authority, snapshot(authority) | {"telephone": "+66 1"})
        assert found.telephone == "+66 1"
        assert snapshot(found) | {"telephone": authority.telephone} == snapshot(authority)
        assert found.hours == authority.hours
        assert found.practice is not None
        assert len(authority.state.authorities) == before
        assert found not in session


def test_nothing_personal_stays_of_somebody_who_has_left(world: World) -> None:
    with world.database.writing() as session:
        person = session.scalars(select(Practitioner)).one()
        person.title = "Dr"
        history.record(session, person, None, NOW + timedelta(days=1), ChangeSource.EDITED)
        person.vetting = Vetting.LEFT
        history.record(session, person, None, NOW + timedelta(days=2), ChangeSource.EDITED)
        entity = entity_of(person)
    with world.database.reading() as session:
        versions = history.versions(session, entity)
        assert len(versions) == 3
        for version in versions:
            assert set(version.fields) == {"authority", "post", "role", "vetting"}
            assert "Officer" not in str(version.fields)


def test_contact_details_are_no_part_of_a_history(world: World) -> None:
    with world.database.reading() as session:
        person = session.scalars(select(Practitioner)).one()
        assert person.details[0].value == OFFICER
        assert OFFICER not in str(snapshot(person))


def test_everything_has_a_history_once_it_is_loaded(world: World) -> None:
    with world.database.reading() as session:
        for thing in [*session.scalars(select(State)), *session.scalars(select(Network))]:
            version = history.current(session, entity_of(thing))
            assert version is not None
            assert version.fields == snapshot(thing)
