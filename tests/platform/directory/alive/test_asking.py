"""The daily run: one mail a person, each step once, a kill in the middle loses and repeats nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.errors import NotFound
from comity.directory import history
from comity.directory.alive import confirming, tokens
from comity.directory.alive.asking import TOPIC, ask_due
from comity.directory.alive.confirming import Cycle, LinkOver
from comity.directory.alive.models import ConfirmationRequest
from comity.directory.record import Practitioner
from comity.directory.snapshots import EntityKind, entity_of
from tests.platform.directory.alive.world import (
    COORDINATOR,
    FOCAL,
    MAILER,
    NOW,
    OFFICER,
    SECRET,
    SECRETARIAT,
    World,
)

LINK = re.compile(r"https://comity\.example/directory/confirm/(\S+)")


def run(world: World, now: datetime = NOW) -> int:
    with world.database.writing() as session:
        return ask_due(session, now, MAILER, SECRET)


def _run_and_die(world: World) -> None:
    with world.database.writing() as session:
        assert ask_due(session, NOW, MAILER, SECRET) == 2
        raise RuntimeError("killed before the commit")


def test_one_mail_lists_all_records_of_a_focal_point(world: World) -> None:
    assert run(world) == 2
    to_focal, to_secretariat = world.mails()
    assert (to_focal.recipient, to_secretariat.recipient) == (FOCAL, SECRETARIAT)
    assert len(LINK.findall(to_focal.body)) == 2
    assert "Office of the Attorney General" in to_focal.body
    assert "Royal Thai Police" in to_focal.body
    assert "/propose" in to_focal.body
    assert "Ministry of Justice" in to_secretariat.body  # nobody is focal point there
    with world.database.reading() as session:
        assert [entry.payload for entry in journal.read(session, TOPIC)] == [{"steps": 3, "mails": 2}]


def test_running_again_asks_nobody_again(world: World) -> None:
    run(world)
    assert run(world, NOW + timedelta(days=1)) == 0
    assert len(world.mails()) == 2


def test_a_run_that_dies_before_its_end_did_nothing_and_the_next_one_asks_once(world: World) -> None:
    with pytest.raises(RuntimeError):
        _run_and_die(world)
    assert world.mails() == []
    with world.database.reading() as session:
        assert session.scalars(select(ConfirmationRequest)).all() == []
    assert run(world) == 2
    assert run(world) == 0
    assert len(world.mails()) == 2


def test_who_hears_when_nobody_answers(world: World) -> None:
    heard = []
    for days in range(0, 80, 7):
        before = len(world.mails())
        run(world, NOW + timedelta(days=days))
        heard += [(days, mail.recipient) for mail in world.mails()[before:] if "Office of the Attorney" in mail.body]
    assert heard == [(0, FOCAL), (14, FOCAL), (28, FOCAL), (42, COORDINATOR), (56, SECRETARIAT)]
    assert "asked before, on 2026-11-23" in world.mails()[2].body


def test_a_link_confirms_without_signing_in_and_once(world: World) -> None:
    run(world)
    later = NOW + timedelta(days=3)
    first, second = LINK.findall(world.mails()[0].body)
    with world.database.reading() as session:
        looked_at = confirming.asked_by(session, SECRET, first, later)
        assert looked_at.name.startswith("Office of the Attorney General")
    with world.database.reading() as session:
        assert world.authority(session).next_review_on == NOW.date()  # looking changes nothing
    with world.database.writing() as session:
        confirming.confirm_by_link(session, SECRET, first, later, Cycle(), MAILER)
    with world.database.reading() as session:
        authority = world.authority(session)
        assert (authority.confirmed_on, authority.confirmed_by) == (later.date(), confirming.BY_FOCAL_POINT)
        assert authority.next_review_on.isoformat() == "2027-11-26"
        version = history.current(session, entity_of(authority))
        assert version is not None
        assert version.source is history.ChangeSource.CONFIRMED
        with pytest.raises(LinkOver):
            confirming.asked_by(session, SECRET, first, later)
        assert confirming.asked_by(session, SECRET, second, later).name.startswith("Royal Thai Police")
    assert run(world, NOW + timedelta(days=14)) == 2  # the other one is reminded of, and the one without a focal point
    assert "Office of the Attorney General" not in world.mails()[2].body


def test_a_link_is_over_when_the_record_changes_or_the_focal_point_does(world: World) -> None:
    run(world)
    first, second = LINK.findall(world.mails()[0].body)
    with world.database.writing() as session:
        authority = world.authority(session)
        authority.address = "Another street"
        history.record(session, authority, None, NOW, history.ChangeSource.EDITED)
        world.account(session, FOCAL).closed_at = NOW
    with world.database.reading() as session:
        for token in (first, second, "forged"):
            with pytest.raises(LinkOver):
                confirming.asked_by(session, SECRET, token, NOW)


def test_a_link_is_good_for_nobody_else(world: World) -> None:
    with world.database.reading() as session:
        entity = entity_of(world.authority(session))
        officer = world.account(session, OFFICER).id
        token = tokens.write(SECRET, tokens.Asked(entity.kind, entity.ref, 1, officer, NOW))
        with pytest.raises(LinkOver):
            confirming.asked_by(session, SECRET, token, NOW)


@pytest.mark.parametrize(
    ("email", "code", "may"),
    [(FOCAL, "th-a", True), (OFFICER, "th-a", False), (SECRETARIAT, "th-a", False), (COORDINATOR, "th-a", False),
     (SECRETARIAT, "at-a", True), (OFFICER, "at-a", False), (FOCAL, "at-a", False)],
)  # fmt: skip
def test_who_confirms(world: World, email: str, code: str, may: bool) -> None:
    with world.database.writing() as session:
        ref, actor = str(world.authority(session, code).id), world.actor(session, email)
        if may:
            confirming.confirm(session, actor, NOW, Cycle(), MAILER, kind=EntityKind.AUTHORITY, ref=ref)
            assert world.authority(session, code).next_review_on > NOW.date()
        else:
            with pytest.raises(NotFound):
                confirming.confirm(session, actor, NOW, Cycle(), MAILER, kind=EntityKind.AUTHORITY, ref=ref)


def test_people_are_confirmed_twice_as_often(world: World) -> None:
    with world.database.writing() as session:
        person = session.scalars(select(Practitioner)).one()
        person.next_review_on = None
        cycle, actor = Cycle(people=6, authorities=12), world.actor(session, SECRETARIAT)
        found = confirming.confirm(
            session, actor, NOW, cycle, MAILER, kind=EntityKind.PRACTITIONER, ref=person.public_id
        )
        assert found.next_review_on is not None
        assert found.next_review_on.isoformat() == "2027-05-23"
        assert person.confirmed_by == "Secretariat"
