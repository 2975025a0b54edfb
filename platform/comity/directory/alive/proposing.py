"""Proposing a change of an authority's record, and taking the proposal back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory import fields, history
from comity.directory.alive import letters, who
from comity.directory.alive.merging import changed
from comity.directory.alive.models import ChangeProposal, ProposalStatus
from comity.directory.models import Authority
from comity.directory.snapshots import entity_of

LONGEST_NOTE = 2000
_SUBJECT = N_("A change of %(authority)s is proposed")
_BODY = N_(
    "Dear %(name)s,\n\n"
    "%(by)s proposes a change of the entry of %(authority)s in the directory.\n\n"
    "Look at it and decide:\n%(link)s\n"
)


def authority_to_change(session: Session, actor: Actor, authority_id: int) -> tuple[Authority, history.RecordVersion]:
    """An authority that the actor may propose a change of, and the version that holds. Raises NotFound, Refused."""
    found = session.get(Authority, authority_id)
    if found is None or not may(actor, Action.SEE_DIRECTORY):
        raise NotFound
    if not may(actor, Action.PROPOSE_CHANGE):
        raise Refused
    version = history.current(session, entity_of(found))
    if version is None:
        raise NotFound
    return found, version


def propose(
    session: Session,
    actor: Actor,
    now: datetime,
    mailer: letters.Mailer,
    *,
    authority_id: int,
    based_on: history.RecordVersion,
    values: Mapping[str, Any],
    note: str,
) -> ChangeProposal:
    """Propose a change, and tell who decides.

    based_on: the version that the actor saw. values: what the record is to say, checked already. note: why.
    Raises Invalid where nothing is changed or no reason is given.
    """
    authority, _version = authority_to_change(session, actor, authority_id)
    before, after = changed(fields.EDITABLE, based_on.fields, values)
    if not after:
        raise Invalid(N_("Nothing is changed yet."), field="form")
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Invalid(N_("Please say why, or from where you know, in at most %(most)s characters."), field="note",
                      most=LONGEST_NOTE)  # fmt: skip
    post = actor.post_in(frozenset({authority_id})) or (actor.posts[0] if actor.posts else None)
    proposal = ChangeProposal(
        authority=authority, based_on=based_on.number, before=before, after=after,
        own=authority_id in actor.focal_of, note=note.strip(), account_id=actor.account_id,
        post_id=post.id if post else None, by=history.function_of(actor), status=ProposalStatus.WAITING, created_at=now,
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    note_in_journal(session, proposal, "record.proposed", actor, now, {"fields": sorted(after)})
    _tell(session, proposal, mailer, now)
    return proposal


def withdraw(session: Session, actor: Actor, now: datetime, proposal_id: int) -> ChangeProposal:
    """Take one's own proposal back while it waits. Raises NotFound, Conflict."""
    proposal = session.get(ChangeProposal, proposal_id)
    if proposal is None or proposal.account_id != actor.account_id:
        raise NotFound
    if proposal.status is not ProposalStatus.WAITING:
        raise Conflict
    proposal.status, proposal.decided_at = ProposalStatus.WITHDRAWN, now
    note_in_journal(session, proposal, "record.withdrawn", actor, now)
    return proposal


def waiting_for(session: Session, authority_id: int, actor: Actor) -> ChangeProposal | None:
    """The actor's own proposal for an authority that waits."""
    query = select(ChangeProposal).where(
        ChangeProposal.authority_id == authority_id,
        ChangeProposal.account_id == actor.account_id,
        ChangeProposal.status == ProposalStatus.WAITING,
    )
    return session.scalars(query.order_by(ChangeProposal.id.desc())).first()


def note_in_journal(
    session: Session,
    proposal: ChangeProposal,
    kind: str,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    """An entry about a proposal in the record's topic."""
    journal.append(
        session, entity_of(proposal.authority).topic, kind, {"proposal": proposal.id, **(more or {})}, now=now,
        account_id=actor.account_id, post_id=actor.posts[0].id if actor.posts else None,
    )  # fmt: skip


def _tell(session: Session, proposal: ChangeProposal, mailer: letters.Mailer, now: datetime) -> None:
    focal = () if proposal.own else who.focal_points(session, proposal.authority_id, now)
    people = [account for account in focal or who.secretariat(session) if account.id != proposal.account_id]
    letters.send(
        session, mailer, people, now, _SUBJECT, _BODY,
        authority=proposal.authority.name_en, by=proposal.by,
        link=f"{mailer.base_url}/directory/proposals/{proposal.id}",
    )  # fmt: skip
