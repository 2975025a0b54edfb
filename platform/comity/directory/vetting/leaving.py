"""Leaving a post, being suspended, coming back. The post keeps everything; the person keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from comity.core import journal, times
from comity.core.actor import Actor, Role
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory.posts import Holding, Post, appoint, in_force, post_topic
from comity.directory.record import Practitioner
from comity.directory.vetting import entries
from comity.directory.vetting.machine import Case, Done, Office, Step, take
from comity.directory.vetting.mails import Sender, Text, secretariat, tell
from comity.directory.vetting.nominations import office_of, required
from comity.directory.vocabulary import Vetting
from comity.people.events import Kind, record
from comity.people.models import Account
from comity.people.sessions import end_other_sessions

OFFICES_LOCK = "offices"
"""A topic of the journal that is held while roles change: two members cannot remove each other at once."""


class LastOfSecretariat(Conflict):
    code = "last-of-secretariat"
    message = N_("The last member of the secretariat stays. Please give the role to somebody else first.")


def take_over(
    session: Session, post: Post, account: Account, now: datetime, *, by: int | None, sender: Sender
) -> Holding:
    """Make somebody the holder of a post; whoever held it is out at once. by: account, None for the operator."""
    query = select(Holding).where(Holding.post_id == post.id, *in_force(now)).options(joinedload(Holding.account))
    before = [holding for holding in session.scalars(query) if holding.account_id != account.id]
    journal.append(session, post_topic(post.id), "post.taken-over", {"holder": account.id}, now=now, account_id=by)
    holding = appoint(session, post, account, now)
    for left in before:
        _left(session, left, now, by, sender)
    return holding


def end_holding(
    session: Session, actor: Actor, now: datetime, holding_id: int, sender: Sender, on: datetime | None = None
) -> Holding:
    """End somebody's holding of a post: at once, or at an instant to come.

    Raises NotFound, Refused for one's own, Invalid for an instant that is over.
    """
    holding = session.get(Holding, holding_id, with_for_update=True)
    if holding is None or not may(actor, Action.TEND_PEOPLE, [holding.post.authority_id]):
        raise NotFound
    if holding.until is not None and holding.until <= now:
        raise Conflict
    office = office_of(actor, holding.post.authority_id)
    take(Case(Vetting.ACTIVE, holding.account_id), Done(Step.LEAVE, office, actor.account_id))
    if on is not None and on <= now:
        raise Invalid(N_("Please choose a day to come, or end it at once."), field="on")
    holding.until = on or now
    if on is None:
        _left(session, holding, now, actor.account_id, sender)
    else:
        session.flush()
        ends = {"holder": holding.account_id, "on": on.isoformat()}
        journal.append(session, post_topic(holding.post_id), "post.ends", ends, now=now, account_id=actor.account_id)
        _tell_ended(session, holding, on, now, sender)
    return holding


def settle_ended(session: Session, now: datetime) -> int:
    """Close the accounts whose last post has ended by its date. Returns how many."""
    held = select(Holding.id).where(Holding.account_id == Account.id, or_(Holding.until.is_(None), Holding.until > now))
    ended = select(Holding.id).where(Holding.account_id == Account.id, Holding.until <= now)
    query = select(Account).where(Account.closed_at.is_(None), ended.exists(), ~held.exists())
    found = [account for account in session.scalars(query.with_for_update()) if not account.roles]
    for account in found:
        _close(session, account, now, None)
    return len(found)


def suspend(session: Session, actor: Actor, now: datetime, account_id: int, reason: str, sender: Sender) -> Account:
    """Take everything from somebody at once, until they are restored. Raises NotFound, Refused, Invalid, Conflict."""
    journal.lock(session, OFFICES_LOCK)
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    authorities = authorities_of(session, account.id, now)
    if Role.SECRETARIAT not in actor.roles:
        if not authorities & actor.focal_of:
            raise NotFound
        if account.roles or authorities - actor.focal_of:
            raise Refused(N_("This person has posts or roles elsewhere. Please ask the secretariat to suspend them."))
    if not account.may_sign_in:
        raise Conflict
    take(Case(Vetting.ACTIVE, account.id), Done(Step.SUSPEND, _any_office(actor, authorities), actor.account_id))
    if Role.SECRETARIAT.value in account.roles:
        require_another(session, account.id)
    words = required(reason, N_("Please give a reason."), "reason")
    account.closed_at = account.suspended_at = now
    _set_vetting(session, account.id, Vetting.SUSPENDED, now, actor.account_id)
    end_other_sessions(session, account.id, now)
    record(session, Kind.SUSPENDED, account.id, now, by=actor.account_id, reason=words)
    tell(session, sender, Text.SUSPENDED, account, now, reason=words)
    return account


def restore(session: Session, actor: Actor, now: datetime, account_id: int, sender: Sender) -> Account:
    """Give a suspended person back what they had. Raises NotFound, Refused, Conflict."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None or not may(actor, Action.LET_IN):
        raise NotFound
    if account.suspended_at is None:
        raise Conflict
    office = _any_office(actor, frozenset())
    take(Case(Vetting.SUSPENDED, account.id), Done(Step.RESTORE, office, actor.account_id))
    account.closed_at = account.suspended_at = None
    _set_vetting(session, account.id, Vetting.ACTIVE, now, actor.account_id)
    record(session, Kind.RESTORED, account.id, now, by=actor.account_id)
    tell(session, sender, Text.RESTORED, account, now, link="/sign-in")
    return account


def suspended(session: Session) -> Sequence[Account]:
    """Who is suspended, by name."""
    return session.scalars(
        select(Account).where(Account.suspended_at.is_not(None)).order_by(Account.display_name)
    ).all()


def authorities_of(session: Session, account_id: int, now: datetime) -> frozenset[int]:
    """The authorities in which somebody holds a post now."""
    query = select(Post.authority_id).join(Holding).where(Holding.account_id == account_id, *in_force(now))
    return frozenset(session.scalars(query))


def require_another(session: Session, account_id: int) -> None:
    """See that the secretariat has another member. Call it with `OFFICES_LOCK` held. Raises LastOfSecretariat."""
    if not secretariat(session, but=[account_id]):
        raise LastOfSecretariat


def close_if_nothing_left(session: Session, account: Account, now: datetime, by: int | None) -> bool:
    """Close the account of somebody who has neither post nor role; their sessions end at once."""
    still = select(Holding.id).where(
        Holding.account_id == account.id, or_(Holding.until.is_(None), Holding.until > now)
    )
    if account.roles or not account.may_sign_in or session.scalar(still.limit(1)) is not None:
        return False
    _close(session, account, now, by)
    return True


def _left(session: Session, holding: Holding, now: datetime, by: int | None, sender: Sender) -> None:
    session.flush()
    account = holding.account
    journal.append(session, post_topic(holding.post_id), "post.left", {"holder": account.id}, now=now, account_id=by)
    if not close_if_nothing_left(session, account, now, by):
        _move_entry(session, holding, now, by)
    _tell_ended(session, holding, now, now, sender)


def _tell_ended(session: Session, holding: Holding, when: datetime, now: datetime, sender: Sender) -> None:
    account, authority = holding.account, holding.post.authority
    words = times.both_zones(when, account.locale, account.zone)
    tell(session, sender, Text.ENDED, account, now, post=holding.post.title, authority=authority.name_en, when=words)


def _close(session: Session, account: Account, now: datetime, by: int | None) -> None:
    account.closed_at = now
    _set_vetting(session, account.id, Vetting.LEFT, now, by)
    record(session, Kind.CLOSED, account.id, now, by=by)
    end_other_sessions(session, account.id, now)


def _set_vetting(session: Session, account_id: int, vetting: Vetting, now: datetime, by: int | None) -> None:
    entry = session.scalars(select(Practitioner).where(Practitioner.account_id == account_id)).one_or_none()
    if entry is not None:
        entry.vetting, entry.updated_at = vetting, now
        if vetting is Vetting.LEFT:
            entry.post = None
        entries.keep(session, entry, by, now)
    session.flush()


def _move_entry(session: Session, left: Holding, now: datetime, by: int | None) -> None:
    """In the directory the person stands at another post that they still hold, or at none."""
    entry = session.scalars(select(Practitioner).where(Practitioner.account_id == left.account_id)).one_or_none()
    if entry is None or entry.post_id != left.post_id:
        return
    query = select(Holding).where(Holding.account_id == left.account_id, *in_force(now)).order_by(Holding.since)
    other = session.scalars(query.limit(1)).one_or_none()
    entry.post, entry.updated_at = (other.post if other else None), now
    if other is not None:
        entry.authority = other.post.authority
    entries.keep(session, entry, by, now)


def _any_office(actor: Actor, authorities: frozenset[int]) -> Office:
    return office_of(actor, next(iter(authorities & actor.focal_of), 0))
