"""What a post hands over: to its holder alone, sealed where it is stored, until the next one has read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from comity.consultations import handing_over
from comity.consultations.threads import post_message
from comity.consultations.timeline import events_after
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.errors import Invalid, NotFound
from comity.directory.acting import actor_for
from comity.directory.posts import Post, appoint
from comity.directory.vetting.models import Absence
from comity.people.models import Account
from tests.platform.consultations.world import BEGAN, World, opened, said

NOTE = "Call **Bangkok** before noon."
LATER = BEGAN + timedelta(days=2)


def _holder(database: Database, name: str, at: object = LATER) -> Actor:
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.email == f"{name}@comity.example")).one()
        return actor_for(session, account, at)  # type: ignore[arg-type]


def _handed_to_clara(database: Database, world: World) -> tuple[Actor, int]:
    """Anton writes a note and leaves; his post is Clara's from the next day on."""
    post_id = world.anton.posts[0].id
    with database.writing() as session:
        handing_over.write_note(session, world.anton, BEGAN, post_id, NOTE)
        clara = session.scalars(select(Account).where(Account.email == "clara@comity.example")).one()
        appoint(session, session.get_one(Post, post_id), clara, BEGAN + timedelta(days=1))
    return _holder(database, "clara"), post_id


def test_the_next_holder_is_greeted_until_they_have_read_it(database: Database, world: World) -> None:
    clara, post_id = _handed_to_clara(database, world)
    with database.writing() as session:
        assert [(post.id, before) for post, before in handing_over.waiting_for(session, clara, LATER)] == [
            (post_id, "Anton Muster")
        ]
        page = handing_over.page_of(session, clara, LATER, post_id)
        assert (page.note, page.noted_by, page.before, page.unread_by_holder) == (
            NOTE, "Anton Muster", "Anton Muster", True,
        )  # fmt: skip
        handing_over.mark_taken_over(session, clara, LATER, post_id)
        handing_over.mark_taken_over(session, clara, LATER, post_id)
        assert handing_over.waiting_for(session, clara, LATER) == []
        assert not handing_over.page_of(session, clara, LATER, post_id).unread_by_holder


def test_who_was_first_in_a_post_is_greeted_with_nothing(database: Database, world: World) -> None:
    with database.reading() as session:
        assert handing_over.waiting_for(session, world.anton, LATER) == []


def test_it_is_for_the_holder_alone(database: Database, world: World) -> None:
    _clara, post_id = _handed_to_clara(database, world)
    for stranger in [_holder(database, name) for name in ("anton", "somsri", "noor")]:
        with database.writing() as session:
            with pytest.raises(NotFound):
                handing_over.page_of(session, stranger, LATER, post_id)
            with pytest.raises(NotFound):
                handing_over.write_note(session, stranger, LATER, post_id, "x")
            with pytest.raises(NotFound):
                handing_over.mark_taken_over(session, stranger, LATER, post_id)


def test_the_note_is_sealed_and_does_not_open_elsewhere(database: Database, world: World) -> None:
    clara, post_id = _handed_to_clara(database, world)
    with database.writing() as session:
        row = session.scalars(select(handing_over.HandOver)).one()
        assert b"Bangkok" not in row.sealed_note
        other = clara.posts[0].id
        handing_over.write_note(session, clara, LATER, other, "Another one")
        row.sealed_note = session.scalars(
            select(handing_over.HandOver.sealed_note).where(handing_over.HandOver.post_id == other)
        ).one()
        session.flush()
        assert handing_over.page_of(session, clara, LATER, post_id).note is None
        assert handing_over.page_of(session, clara, LATER, other).note == "Another one"


def test_a_note_has_a_length(database: Database, world: World) -> None:
    with database.writing() as session, pytest.raises(Invalid):
        handing_over.write_note(session, world.anton, BEGAN, world.anton.posts[0].id, "x" * 20_001)


def test_what_waits_on_the_post_comes_first_with_the_people_to_know(database: Database, world: World) -> None:
    answered = opened(database, world)
    said(database, world.somsri, answered, "Which period?", timedelta(hours=1))
    waiting = opened(database, world, BEGAN + timedelta(hours=2), client_id="opening-2", subject="Hearing by video")
    clara, post_id = _handed_to_clara(database, world)
    with database.reading() as session:
        page = handing_over.page_of(session, clara, LATER, post_id)
        assert [one.public_id for one in page.waiting] == [answered]
        assert [one.public_id for one in page.others] == [waiting]
        assert page.waiting[0].unread == 1
        assert [(one.name, one.state) for one in page.people] == [("Somsri Tuayang", "Thaïlande")]
        colleague = handing_over.page_of(session, clara, LATER, clara.posts[0].id)
        assert (colleague.waiting, colleague.others) == ((), ())


def test_who_stands_in_speaks_for_the_post_that_spoke_last(database: Database, world: World) -> None:
    public_id = opened(database, world)
    clara_post = world.clara.posts[0].id
    with database.writing() as session:
        session.add(
            Absence(
                post_id=world.anton.posts[0].id, deputy_post_id=clara_post, named_by_id=world.anton.account_id,
                since=BEGAN, until=LATER,
            )
        )  # fmt: skip
    deputy = _holder(database, "clara", BEGAN + timedelta(hours=1))
    said(database, deputy, public_id, "For a colleague", timedelta(hours=1))
    back = _holder(database, "clara", LATER)
    said(database, back, public_id, "For myself", timedelta(days=3))
    with database.reading() as session:
        lines = [
            one for one in events_after(session, world.somsri, public_id, after=0).entries if one.kind == "message"
        ]
    first, second = (line.author for line in lines)
    assert first is not None
    assert second is not None
    assert (first.name, first.post) == ("Clara Beispiel", "Desk of Anton Muster")
    assert first.authority == "Central Authority of AT, for Desk of Anton Muster"
    assert (second.post, second.authority) == ("Desk of Clara Beispiel", "Central Authority of AT")
    with database.writing() as session:
        assert post_message(session, deputy, LATER, public_id=public_id, client_id="again-and-again", body="x").position
