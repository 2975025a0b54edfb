"""Starting a consultation and speaking in it, on both databases."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comity.consultations import checks
from comity.consultations.models import Consultation, Draft, Message, topic_of
from comity.consultations.services import (
    consultation_for,
    draft_of,
    post_message,
    save_draft,
    start,
)
from comity.consultations.terms import Kind, Side, Stage
from comity.core import journal
from comity.core.db import Database
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from tests.platform.consultations.world import BEGAN, World, opened, said

MINUTE = timedelta(minutes=1)


def test_starting_records_the_two_sides(database: Database, world: World) -> None:
    public_id = opened(database, world)
    with database.reading() as session:
        found = consultation_for(session, world.somsri, public_id)
        assert (found.stage, found.kind) == (Stage.BEFORE_SUBMISSION, Kind.MUTUAL_LEGAL_ASSISTANCE)
        assert found.reference == "CTY-2026-0001"
        sides = {p.authority_id: (p.side, p.reference) for p in found.parties}
        assert sides == {
            world.austria: (Side.REQUESTING, "INT/88/26"),
            world.thailand: (Side.REQUESTED, ""),
        }
        assert [entry.kind for entry in journal.read(session, found.topic)] == ["opened"]
    assert len(public_id) >= 22


def test_a_form_sent_twice_opens_one_consultation(database: Database, world: World) -> None:
    first, again = opened(database, world), opened(database, world)
    assert first == again
    assert opened(database, world, client_id="opening-2") != first
    with database.reading() as session:
        assert consultation_for(session, world.anton, first).reference == "CTY-2026-0001"


def test_references_have_no_gap_under_concurrent_and_failed_openings(database: Database, world: World) -> None:
    def attempt(number: int) -> None:
        with database.writing() as session:
            start(session, world.anton, BEGAN, world.opening(client_id=f"opening-{number:04d}"))
            if number % 3 == 0:
                raise ZeroDivisionError

    def attempted(number: int) -> None:
        with pytest.raises(ZeroDivisionError) if number % 3 == 0 else nullcontext():
            attempt(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempted, range(12)))
    with database.reading() as session:
        numbers = sorted(session.scalars(select(Consultation.reference)))
    assert numbers == [f"CTY-2026-{n:04d}" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "  \n "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"stage": "some-day"}, "stage"),
        ({"kind": ""}, "kind"),
        ({"side": "both"}, "side"),
        ({"reference": "x" * 101}, "reference"),
        ({"client_id": "no spaces"}, "client_id"),
    ],
)
def test_what_cannot_be_used_names_its_field(
    database: Database, world: World, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as problem, database.writing() as session:
        start(session, world.anton, BEGAN, world.opening(**changes))
    assert problem.value.field == field


def test_who_may_start_and_with_whom(database: Database, world: World) -> None:
    with database.writing() as session:
        with pytest.raises(Refused):
            start(session, world.noor, BEGAN, world.opening())
        with pytest.raises(NotFound):
            start(session, world.anton, BEGAN, world.opening(authority_id=99_999))
        with pytest.raises(Invalid):
            start(session, world.anton, BEGAN, world.opening(authority_id=world.austria))


def test_nobody_but_the_parties_finds_it(database: Database, world: World, larch: str) -> None:
    with database.reading() as session:
        for party in (world.anton, world.clara, world.somsri):
            assert consultation_for(session, party, larch).public_id == larch
        for other in (world.amina, world.noor):
            with pytest.raises(NotFound):
                consultation_for(session, other, larch)
    for other in (world.amina, world.noor):
        with pytest.raises(NotFound):
            said(database, other, larch, "Let me in", MINUTE)


def test_a_message_stands_in_the_journal_by_its_digest(database: Database, world: World, larch: str) -> None:
    position = said(database, world.somsri, larch, "  Yes.\r\nAn English draft.  ", MINUTE)
    with database.reading() as session:
        entry = journal.read(session, topic_of(larch), after=position - 1)[0]
        consultation = consultation_for(session, world.anton, larch)
        assert consultation.last_authority_id == world.thailand
        assert consultation.last_message_at == BEGAN + MINUTE
        assert journal.first_break(session, topic_of(larch)) is None
        content = session.scalars(select(Message.sealed_body)).one()
    assert entry.payload == {"sha256": hashlib.sha256(content).hexdigest()}
    assert "draft" not in str(entry.payload)


def test_a_message_sent_again_is_said_once(database: Database, world: World, larch: str) -> None:
    first = said(database, world.anton, larch, "Once", MINUTE, "abcdefgh")
    with database.writing() as session:
        again = post_message(session, world.anton, BEGAN, public_id=larch, client_id="abcdefgh", body="Once")
        assert (again.position, again.again, again.sent_at) == (first, True, BEGAN + MINUTE)
        assert journal.position(session, topic_of(larch)) == first
    other = opened(database, world, client_id="opening-2")
    with pytest.raises(Conflict):
        said(database, world.anton, other, "Once", MINUTE, "abcdefgh")
    # Another author's browser may come to the same name by itself.
    assert said(database, world.somsri, larch, "Mine", MINUTE, "abcdefgh") == first + 1


def test_a_message_resent_by_many_at_once_is_said_once(database: Database, world: World, larch: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        positions = list(pool.map(lambda _: said(database, world.anton, larch, "Once", MINUTE, "same-name"), range(12)))
    assert set(positions) == {2}


@pytest.mark.parametrize("body", ["", " \n\t", "x" * (checks.MOST_BODY + 1)])
def test_empty_and_overlong_messages_are_refused(database: Database, world: World, larch: str, body: str) -> None:
    with pytest.raises(Invalid) as problem:
        said(database, world.anton, larch, body, MINUTE)
    assert problem.value.field == "body"


def test_text_that_a_database_could_not_hold_is_cleaned(database: Database, world: World, larch: str) -> None:
    position = said(database, world.anton, larch, "a\0b \ud800 c", MINUTE)
    assert position == 2


def test_a_draft_is_ones_own_and_goes_when_it_was_sent(database: Database, world: World, larch: str) -> None:
    with database.writing() as session:
        save_draft(session, world.anton, BEGAN, public_id=larch, body="We are prep")
        save_draft(session, world.anton, BEGAN, public_id=larch, body="We are preparing ")
        consultation = consultation_for(session, world.anton, larch)
        assert draft_of(session, world.anton, consultation) == "We are preparing "
        assert draft_of(session, world.clara, consultation) == ""
        with pytest.raises(NotFound):
            save_draft(session, world.amina, BEGAN, public_id=larch, body="x")
    said(database, world.anton, larch, "Something else", MINUTE)
    assert _drafts(database) == 1
    said(database, world.anton, larch, "We are preparing", 2 * MINUTE)
    assert _drafts(database) == 0
    with database.writing() as session:
        save_draft(session, world.anton, BEGAN, public_id=larch, body="More")
        save_draft(session, world.anton, BEGAN, public_id=larch, body="  ")
    assert _drafts(database) == 0


def _drafts(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Draft.id))) or 0
