from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity.core.actor import Role
from comity.core.db import Base, Database
from comity.directory.acting import actor_for
from comity.directory.loading import ORGANISER, featured_people, load_demonstration, load_reference
from comity.directory.models import Authority, Network, State
from comity.directory.posts import Post, appoint, holders
from comity.directory.vocabulary import Function, Means, Part
from comity.people.models import Account
from tests.platform.directory.moments import NOW


def load(session: Session) -> None:
    load_reference(session)
    load_demonstration(session, NOW)


def counts(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_loading_twice_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        load(session)
        before = counts(session)
    with database.writing() as session:
        load(session)
        assert counts(session) == before
    assert (before["state"], before["network"], before["authority"]) == (198, 18, 65)


def test_what_the_secretariat_edited_stays(database: Database) -> None:
    with database.writing() as session:
        load_reference(session)
        session.get_one(State, "IR").party = True
        session.get_one(Network, "casc").full_name = "Another name"
    with database.writing() as session:
        load_reference(session)
    with database.reading() as session:
        assert session.get_one(State, "IR").party
        assert session.get_one(Network, "casc").full_name == "Another name"


def test_an_authority_has_what_its_file_says(sqlite: Database) -> None:
    with sqlite.writing() as session:
        load(session)
    with sqlite.reading() as session:
        found = session.scalars(select(Authority).where(Authority.code == "th-a")).one()
        assert found.demonstration
        assert found.state_iso2 == "TH"
        assert found.part is Part.A
        assert found.original_language == "th"
        assert Function.EXTRADITION in found.designations
        assert Means.POST in found.transmission
        assert found.practice is not None
        assert found.practice.months_to_execute > 0
        assert {network.code for network in found.state.networks} >= {"seajust", "globe"}
        assert found.reachable(NOW).is_open
        assert not found.reachable(NOW + timedelta(hours=1)).is_open


def test_officers_act_for_their_authorities(sqlite: Database) -> None:
    with sqlite.writing() as session:
        load(session)
    with sqlite.reading() as session:
        people = featured_people()
        accounts = [session.scalars(select(Account).where(Account.email == person.email)).one() for person in people]
        actors = [actor_for(session, account, NOW) for account in accounts]
    assert [[post.state for post in actor.posts] for actor in actors] == [["AT"], ["TH"], []]
    assert all(account.demonstration for account in accounts)
    assert actors[2].roles == {Role.SECRETARIAT, Role.ORGANISER}
    assert people[2].email == ORGANISER[1]


def test_a_holder_who_changed_is_not_put_back(sqlite: Database) -> None:
    with sqlite.writing() as session:
        load(session)
        post = session.scalars(select(Post).join(Authority).where(Authority.code == "at-a").order_by(Post.id)).first()
        assert post is not None
        successor = Account(email="new@justice.at.example", display_name="Neu Muster", created_at=NOW, roles=[])
        session.add(successor)
        session.flush()
        appoint(session, post, successor, NOW + timedelta(days=1))
    with sqlite.writing() as session:
        load_demonstration(session, NOW + timedelta(days=2))
        held = holders(session, [post.authority_id], NOW + timedelta(days=2))
        assert "new@justice.at.example" in {holding.account.email for holding in held}
        assert "clara.beispiel@justice.at.example" not in {holding.account.email for holding in held}
