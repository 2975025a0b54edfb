"""The coverage page: for the secretariat of all Parties, for a coordinator of the members of their networks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from comity.core.db import Database
from comity.directory.acting import actor_for
from comity.directory.coverage import services
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Authority, State, network_membership
from comity.directory.record import NetworkCoordinator, Practitioner
from comity.directory.vocabulary import Vetting
from comity.people.models import Account
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, SECRETARIAT

PAGE = "/directory/coverage"


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
    return {email: Visitor(application).sign_in(email) for email in (coordinator(loaded), AUSTRIA, SECRETARIAT)}


def coordinator(database: Database) -> str:
    """A person whose post coordinates a network."""
    query = (
        select(Account.email)
        .join(Practitioner, Practitioner.account_id == Account.id)
        .join(NetworkCoordinator, NetworkCoordinator.post_id == Practitioner.post_id)
        .order_by(Account.id)
    )
    with database.reading() as session:
        return session.scalars(query).first() or ""


def table(visitor: Visitor, query: str = "") -> list[dict[str, str]]:
    answer = visitor.get(f"{PAGE}.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def tiles(page: str) -> list[str]:
    return re.findall(r'<a class="cover (\w+)"', page)


def test_all_parties_stand_in_table_and_picture(loaded: Database, visitors: dict[str, Visitor]) -> None:
    with loaded.reading() as session:
        parties = session.scalar(select(func.count()).select_from(State).where(State.party))
    page = visitors[SECRETARIAT].get(PAGE).text
    assert len(tiles(page)) == parties == len(table(visitors[SECRETARIAT]))
    assert set(tiles(page)) == {"complete", "partly", "missing"}
    afghanistan = re.search(r'<a class="cover missing"[^>]*title="(Afghanistan[^"]*)"[^>]*><b>AF</b>', page)
    assert afghanistan is not None
    assert "No designation" in afghanistan[1]


def test_one_gap_alone_is_looked_at(visitors: dict[str, Visitor]) -> None:
    found = table(visitors[SECRETARIAT], "?gap=guidance")
    assert found
    assert {row["Guidance"] for row in found} == {"No"}
    assert all("No guidance" in row["Missing"] for row in found)
    page = visitors[SECRETARIAT].get(f"{PAGE}?gap=guidance").text
    assert tiles(page).count("missing") == len(found)
    assert "partly" not in tiles(page)


def test_another_provision_counts_other_notifications(visitors: dict[str, Visitor]) -> None:
    one = {row["Code"] for row in table(visitors[SECRETARIAT], "?gap=notification&provision=18(13)")}
    other = {row["Code"] for row in table(visitors[SECRETARIAT], "?gap=notification&provision=16(5)(a)")}
    assert one != other


def test_rows_are_filtered_and_sorted(visitors: dict[str, Visitor]) -> None:
    african = table(visitors[SECRETARIAT], "?group=african")
    assert {row["Regional group"] for row in african} == {"African States"}
    names = [row["State"] for row in table(visitors[SECRETARIAT], "?sort=name&down=yes")]
    assert names == [row["State"] for row in table(visitors[SECRETARIAT])][::-1]
    gaps = [
        len(row["Missing"].split("; ")) if row["Missing"] else 0
        for row in table(visitors[SECRETARIAT], "?sort=gaps&down=yes")
    ]
    assert gaps == sorted(gaps, reverse=True)
    assert 'aria-sort="descending"' in visitors[SECRETARIAT].get(f"{PAGE}?sort=gaps&down=yes").text


def test_a_coordinator_sees_the_members_of_their_network(loaded: Database, visitors: dict[str, Visitor]) -> None:
    email = coordinator(loaded)
    with loaded.reading() as session:
        actor = actor_for(session, session.scalars(select(Account).where(Account.email == email)).one(), NOW)
        members = set(
            session.scalars(
                select(network_membership.c.state_iso2)
                .join(State, State.iso2 == network_membership.c.state_iso2)
                .where(network_membership.c.network_code.in_(actor.coordinates), State.party)
            )
        )
    assert members
    assert {row["Code"] for row in table(visitors[email])} == members
    assert len(members) < len(table(visitors[SECRETARIAT]))


def test_nobody_else_finds_the_page(visitors: dict[str, Visitor]) -> None:
    for path in (PAGE, f"{PAGE}.csv"):
        assert visitors[AUSTRIA].get(path).status_code == 404
    assert PAGE not in visitors[AUSTRIA].get("/directory").text
    assert PAGE in visitors[SECRETARIAT].get("/directory").text


def test_standings_come_from_what_the_database_holds(database: Database) -> None:
    with database.writing() as session:
        load_reference(session)
        load_demonstration(session, NOW)
        session.flush()
        for one in session.scalars(select(Practitioner).join(Authority).where(Authority.state_iso2 == "TH")):
            one.vetting = Vetting.LEFT
        for authority in session.scalars(select(Authority).where(Authority.state_iso2 == "TH")):
            authority.next_review_on = NOW.date()
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == SECRETARIAT)).one()
        actor = actor_for(session, account, NOW)
        found = {one.iso2: one for one in services.standings(session, actor, NOW.date())}
        assert (found["TH"].practitioners, found["TH"].overdue, found["TH"].has_guidance) == (0, 0, True)
        assert found["TH"].central_authorities == 1
        later = {one.iso2: one for one in services.standings(session, actor, NOW.date().replace(day=24))}
        assert later["TH"].overdue == later["TH"].entries
        assert (found["AF"].entries, found["AF"].has_guidance) == (0, False)
