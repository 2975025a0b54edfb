"""Who decides on a proposal, and that two reviewers cannot overwrite one another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from comity.core.errors import Conflict, Invalid, Refused
from comity.directory import history
from comity.directory.alive import proposing, reviewing
from comity.directory.alive.models import ChangeProposal, ProposalStatus
from comity.directory.snapshots import entity_of
from tests.platform.directory.alive.world import COORDINATOR, FOCAL, MAILER, NOW, OFFICER, SECRETARIAT, World

NEW = {"telephone": "+66 2 141 2400", "mailbox": "new@attorney.th.example"}


def propose(world: World, session: Session, email: str, code: str = "th-a") -> ChangeProposal:
    authority = world.authority(session, code)
    version = history.current(session, entity_of(authority))
    assert version is not None
    return proposing.propose(
        session, world.actor(session, email), NOW, MAILER, authority_id=authority.id, based_on=version,
        values=version.fields | NEW, note="Seen on their site",
    )  # fmt: skip


def accept(
    world: World, session: Session, email: str, made: ChangeProposal, *, seen: int = 1, now: datetime = NOW
) -> ChangeProposal:
    actor = world.actor(session, email, now)
    return reviewing.accept(session, actor, now, MAILER, made.id, names=list(NEW), seen=seen)


@pytest.mark.parametrize(
    ("proposer", "code", "days", "deciding"),
    [
        (OFFICER, "th-a", 0, {FOCAL}),
        (COORDINATOR, "th-a", 0, {FOCAL}),
        (SECRETARIAT, "th-a", 0, {FOCAL}),
        (FOCAL, "th-a", 0, {SECRETARIAT}),
        (OFFICER, "th-a", 13, {FOCAL}),
        (OFFICER, "th-a", 14, {FOCAL, SECRETARIAT}),
        (FOCAL, "at-a", 0, {SECRETARIAT}),
        (SECRETARIAT, "th-a", 14, {FOCAL}),
    ],
)
def test_who_decides(world: World, proposer: str, code: str, days: int, deciding: set[str]) -> None:
    later = NOW + timedelta(days=days)
    with world.database.writing() as session:
        made = propose(world, session, proposer, code)
        found = {
            email
            for email in (FOCAL, OFFICER, COORDINATOR, SECRETARIAT)
            if made in reviewing.queue(session, world.actor(session, email, later), later)
        }
        assert found == deciding
        for email in {FOCAL, SECRETARIAT} - deciding:
            with pytest.raises(Refused):
                accept(world, session, email, made, now=later)
        assert world.authority(session, code).telephone != NEW["telephone"]


def test_accepting_changes_the_record_the_search_and_the_history_at_once(world: World) -> None:
    with world.database.writing() as session:
        world.authority(session).mailbox_bounced_at = NOW
        made = propose(world, session, OFFICER)
        accept(world, session, FOCAL, made)
    with world.database.reading() as session:
        authority = world.authority(session)
        assert (authority.telephone, authority.mailbox) == (NEW["telephone"], NEW["mailbox"])
        assert authority.mailbox_bounced_at is None
        version = history.current(session, entity_of(authority))
        assert version is not None
        assert (version.number, version.proposal_id, version.source) == (2, made.id, history.ChangeSource.PROPOSAL)
        assert session.get_one(ChangeProposal, made.id).status is ProposalStatus.ACCEPTED
    assert [mail.recipient for mail in world.mails()] == [FOCAL, OFFICER]


def test_a_reviewer_who_saw_an_older_record_is_told(world: World) -> None:
    with world.database.writing() as session:
        first, second = propose(world, session, OFFICER), propose(world, session, COORDINATOR)
        accept(world, session, FOCAL, first)
        with pytest.raises(Conflict):
            accept(world, session, FOCAL, second, seen=1)
        with pytest.raises(Conflict):
            accept(world, session, FOCAL, first, seen=2)
        assert accept(world, session, FOCAL, second, seen=2).status is ProposalStatus.ACCEPTED


def test_declining_needs_a_reason_and_changes_nothing(world: World) -> None:
    with world.database.writing() as session:
        made, focal = propose(world, session, OFFICER), world.actor(session, FOCAL)
        with pytest.raises(Invalid):
            reviewing.decline(session, focal, NOW, MAILER, made.id, "  ")
        reviewing.decline(session, focal, NOW, MAILER, made.id, "That is our old number.")
        assert world.authority(session).telephone != NEW["telephone"]
    assert "That is our old number." in world.mails()[-1].body


def test_half_a_change_that_makes_no_sense_is_refused(world: World) -> None:
    with world.database.writing() as session:
        authority = world.authority(session)
        version = history.current(session, entity_of(authority))
        assert version is not None
        made = proposing.propose(
            session, world.actor(session, OFFICER), NOW, MAILER, authority_id=authority.id, based_on=version,
            values=version.fields | {"opens": "17:00", "closes": "20:00"}, note="New hours",
        )  # fmt: skip
        with pytest.raises(Invalid):
            reviewing.accept(session, world.actor(session, FOCAL), NOW, MAILER, made.id, names=["opens"], seen=1)
        assert f"{authority.opens:%H:%M}" == version.fields["opens"]


def test_taking_back_is_for_the_proposer_while_it_waits(world: World) -> None:
    with world.database.writing() as session:
        made = propose(world, session, OFFICER)
        proposing.withdraw(session, world.actor(session, OFFICER), NOW, made.id)
        with pytest.raises(Conflict):
            accept(world, session, FOCAL, made)
