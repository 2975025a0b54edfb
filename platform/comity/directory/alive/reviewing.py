"""Deciding on a proposal: who may, what becomes of the record, and what the proposer hears."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory import fields, history
from comity.directory.alive import letters, parsing, who
from comity.directory.alive.merging import FieldChange, Standing, merge
from comity.directory.alive.models import ChangeProposal, ProposalStatus
from comity.directory.alive.proposing import LONGEST_NOTE, note_in_journal
from comity.directory.search.index import index_authority, raise_version
from comity.directory.snapshots import apply, entity_of, snapshot

LATE_AFTER = timedelta(days=14)
_SUBJECTS = {
    ProposalStatus.ACCEPTED: N_("Your change of %(authority)s was accepted"),
    ProposalStatus.PARTLY_ACCEPTED: N_("Your change of %(authority)s was accepted in part"),
    ProposalStatus.DECLINED: N_("Your change of %(authority)s was declined"),
}
_BODY = N_(
    "Dear %(name)s,\n\n"
    "There is a decision on the change that you proposed for %(authority)s.\n\n"
    "%(reason)s\n\n"
    "See it here:\n%(link)s\n"
)


@dataclass(frozen=True, slots=True)
class Review:
    """A proposal as somebody sees it. version: number of the one that holds. may_decide: the reader does."""

    proposal: ChangeProposal
    changes: tuple[FieldChange, ...]
    version: int
    may_decide: bool
    is_mine: bool

    @property
    def waits(self) -> bool:
        return self.proposal.status is ProposalStatus.WAITING


def decides(actor: Actor, proposal: ChangeProposal, has_focal_point: bool, now: datetime) -> bool:
    """Whether somebody decides on a proposal: never on their own, and late ones fall to the secretariat."""
    if proposal.account_id == actor.account_id:
        return False
    if proposal.own:
        return may(actor, Action.REVIEW_OWN_PROPOSAL, [proposal.authority_id])
    late = not has_focal_point or now - proposal.created_at >= LATE_AFTER
    action = Action.REVIEW_LATE_SUGGESTION if late else Action.REVIEW_SUGGESTION
    return may(actor, action, [proposal.authority_id])


def queue(session: Session, actor: Actor, now: datetime) -> Sequence[ChangeProposal]:
    """The proposals that wait for the actor's decision, the oldest first."""
    query = select(ChangeProposal).where(ChangeProposal.status == ProposalStatus.WAITING)
    if not actor.is_secretariat:
        query = query.where(ChangeProposal.authority_id.in_(actor.focal_of))
    found = session.scalars(query.order_by(ChangeProposal.id).options(joinedload(ChangeProposal.authority)))
    return [one for one in found if decides(actor, one, who.has_focal_point(session, one.authority_id, now), now)]


def mine(session: Session, actor: Actor, most: int = 50) -> Sequence[ChangeProposal]:
    """What the actor proposed, the newest first."""
    query = select(ChangeProposal).where(ChangeProposal.account_id == actor.account_id)
    query = query.order_by(ChangeProposal.id.desc()).limit(most).options(joinedload(ChangeProposal.authority))
    return session.scalars(query).all()


def review(session: Session, actor: Actor, now: datetime, proposal_id: int) -> Review:
    """A proposal against what the record says now: for the proposer, the focal point and whoever decides.

    Raises NotFound for everybody else.
    """
    proposal = session.get(ChangeProposal, proposal_id)
    if proposal is None:
        raise NotFound
    is_mine = proposal.account_id == actor.account_id
    waits = proposal.status is ProposalStatus.WAITING
    focal = who.has_focal_point(session, proposal.authority_id, now)
    deciding = decides(actor, proposal, focal, now)
    if not (is_mine or deciding or actor.is_secretariat or proposal.authority_id in actor.focal_of):
        raise NotFound
    version = history.current(session, entity_of(proposal.authority))
    now_says = version.fields if version else {}
    return Review(
        proposal, merge(fields.EDITABLE, proposal.before, proposal.after, now_says if waits else proposal.before),
        version.number if version else 0, waits and deciding, is_mine,
    )  # fmt: skip


def accept(
    session: Session,
    actor: Actor,
    now: datetime,
    mailer: letters.Mailer,
    proposal_id: int,
    *,
    names: Iterable[str],
    seen: int,
    reason: str = "",
) -> ChangeProposal:
    """Put the chosen fields of a proposal into the record.

    names: of the fields. seen: number of the version that the reviewer saw; Conflict is raised where another one holds.
    Raises NotFound, Refused, Invalid.
    """
    found = _deciding(session, actor, now, proposal_id)
    if found.version != seen:
        raise Conflict(N_("The record has changed since you looked. Please look at the differences again."))
    wanted = set(names)
    chosen = {change.field.name: change.after for change in found.changes if change.field.name in wanted}
    if not chosen:
        raise Invalid(N_("Choose at least one field, or decline."), field="form")
    authority = found.proposal.authority
    problems = parsing.together(snapshot(authority) | chosen)
    if problems:
        raise next(iter(problems.values()))
    if chosen.get("mailbox", authority.mailbox) != authority.mailbox:
        authority.mailbox_bounced_at = None
    apply(authority, chosen)
    authority.updated_at = now
    session.flush()
    index_authority(session, authority)
    raise_version(session)
    history.record(session, authority, actor, now, history.ChangeSource.PROPOSAL, proposal_id=proposal_id)
    open_ones = {change.field.name for change in found.changes if change.standing is not Standing.ALREADY}
    status = ProposalStatus.ACCEPTED if open_ones <= set(chosen) else ProposalStatus.PARTLY_ACCEPTED
    return _decide(session, actor, now, mailer, found.proposal, status, _checked(reason, needed=False))


def decline(
    session: Session, actor: Actor, now: datetime, mailer: letters.Mailer, proposal_id: int, reason: str
) -> ChangeProposal:
    """Leave the record as it is. reason: told to the proposer. Raises NotFound, Refused, Conflict, Invalid."""
    found = _deciding(session, actor, now, proposal_id)
    words = _checked(reason, needed=True)
    return _decide(session, actor, now, mailer, found.proposal, ProposalStatus.DECLINED, words)


def _deciding(session: Session, actor: Actor, now: datetime, proposal_id: int) -> Review:
    proposal = session.get(ChangeProposal, proposal_id)
    if proposal is not None:
        journal.lock(session, entity_of(proposal.authority).topic)
        session.refresh(proposal)
        session.refresh(proposal.authority)
    found = review(session, actor, now, proposal_id)
    if not found.waits:
        raise Conflict(N_("This proposal is decided already."))
    if not found.may_decide:
        raise Refused
    return found


def _decide(
    session: Session,
    actor: Actor,
    now: datetime,
    mailer: letters.Mailer,
    proposal: ChangeProposal,
    status: ProposalStatus,
    reason: str,
) -> ChangeProposal:
    proposal.status, proposal.decided_at, proposal.reason = status, now, reason
    proposal.decided_by_account_id, proposal.decided_by = actor.account_id, history.function_of(actor)
    note_in_journal(session, proposal, f"record.{status.value}", actor, now)
    letters.send(
        session, mailer, [proposal.account], now, _SUBJECTS[status], _BODY,
        authority=proposal.authority.name_en, reason=reason,
        link=f"{mailer.base_url}/directory/proposals/{proposal.id}",
    )  # fmt: skip
    return proposal


def _checked(reason: str, *, needed: bool) -> str:
    words = reason.strip()
    if (needed and not words) or len(words) > LONGEST_NOTE:
        raise Invalid(N_("Please give a reason, in at most %(most)s characters."), field="reason", most=LONGEST_NOTE)
    return words


def count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    """How many proposals wait for the actor's decision."""
    if not actor.is_secretariat and not actor.focal_of:
        return 0
    return len(queue(session, actor, now))
