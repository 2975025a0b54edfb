"""Deputies: while a post's holder is away, the holder of another post of the authority stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core import journal, times
from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory.posts import Holding, Post, in_force, post_topic
from comity.directory.vetting.mails import Sender, Text, tell
from comity.directory.vetting.models import Absence

LONGEST = timedelta(days=366)


def name_deputy(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    post_id: int,
    deputy_id: int,
    first: date,
    last: date,
    sender: Sender,
) -> Absence:
    """Say who stands in for a post from one day to another, both included, in the authority's zone.

    Raises NotFound for who may not, Invalid with the field, Conflict when somebody stands in already.
    """
    post = session.get(Post, post_id, with_for_update=True)
    if post is None or not may(actor, Action.NAME_DEPUTY, [post.authority_id], posts=[post.id]):
        raise NotFound
    deputy = session.get(Post, deputy_id)
    if deputy is None or deputy.authority_id != post.authority_id or deputy.id == post.id:
        raise Invalid(N_("Please choose another post of this authority."), field="deputy")
    holders = _holders(session, [deputy.id], now)
    if not holders:
        raise Invalid(N_("Nobody holds this post now."), field="deputy")
    since, until = _span(post, first, last, now)
    taken = select(Absence.id).where(Absence.post_id == post.id, Absence.since < until, Absence.until > since)
    if session.scalar(taken.limit(1)) is not None:
        raise Conflict(N_("Somebody stands in on these days already. Please end that first."), field="first")
    found = Absence(post=post, deputy=deputy, named_by_id=actor.account_id, since=since, until=until)
    session.add(found)
    session.flush()
    span = {"deputy": deputy.id, "since": since.isoformat(), "until": until.isoformat()}
    journal.append(session, post_topic(post.id), "post.deputy-named", span, now=now, account_id=actor.account_id)
    for holding in holders:
        reader = holding.account
        words = {name: times.day(day, reader.locale) for name, day in (("since", first), ("until", last))}
        tell(session, sender, Text.DEPUTY, reader, now, post=post.title, link="/", **words)
    return found


def end_absence(session: Session, actor: Actor, now: datetime, absence_id: int) -> Absence:
    """The holder is back, or will not be away. Raises NotFound, Conflict for one that is over."""
    found = session.get(Absence, absence_id, with_for_update=True)
    if found is None or not may(actor, Action.NAME_DEPUTY, [found.post.authority_id], posts=[found.post_id]):
        raise NotFound
    if found.until <= now:
        raise Conflict
    found.since, found.until = min(found.since, now), now
    session.flush()
    journal.append(
        session, post_topic(found.post_id), "post.deputy-ended", {"deputy": found.deputy_post_id},
        now=now, account_id=actor.account_id,
    )  # fmt: skip
    return found


def standing_in(session: Session, post_ids: Iterable[int], now: datetime) -> Sequence[Post]:
    """The posts whose holders are away, and for which the holder of one of the given posts stands in now."""
    query = (
        select(Post)
        .join(Absence, Absence.post_id == Post.id)
        .where(Absence.deputy_post_id.in_(list(post_ids)), Absence.since <= now, Absence.until > now)
        .options(joinedload(Post.authority))
        .order_by(Absence.id)
    )
    return session.scalars(query).all()


def absences(session: Session, authority_ids: Iterable[int], now: datetime) -> Sequence[Absence]:
    """Those that last or are to come, of an authority's posts."""
    query = select(Absence).join(Post, Absence.post_id == Post.id)
    query = query.where(Post.authority_id.in_(list(authority_ids)), Absence.until > now)
    return session.scalars(query.options(joinedload(Absence.deputy)).order_by(Absence.since, Absence.id)).all()


def away_now(session: Session, authority_ids: Iterable[int], now: datetime) -> dict[int, Absence]:
    """The absences that last, by post."""
    return {one.post_id: one for one in absences(session, authority_ids, now) if one.since <= now}


def last_day(absence: Absence) -> date:
    """The last day away, in the authority's zone."""
    return (absence.until - timedelta(seconds=1)).astimezone(ZoneInfo(absence.post.authority.zone)).date()


def first_day(absence: Absence) -> date:
    """The first day away, in the authority's zone."""
    return absence.since.astimezone(ZoneInfo(absence.post.authority.zone)).date()


def _span(post: Post, first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    zone = ZoneInfo(post.authority.zone)
    today = now.astimezone(zone).date()
    if first < today:
        raise Invalid(N_("Please choose today or a day to come."), field="first")
    if last < first:
        raise Invalid(N_("The last day comes before the first."), field="last")
    if last - first > LONGEST:
        raise Invalid(N_("A deputy stands in for a year at most."), field="last")
    begins = now if first == today else datetime.combine(first, time(), zone)
    return begins, datetime.combine(last + timedelta(days=1), time(), zone)


def _holders(session: Session, post_ids: Iterable[int], now: datetime) -> Sequence[Holding]:
    query = select(Holding).where(Holding.post_id.in_(list(post_ids)), *in_force(now))
    return session.scalars(query.options(joinedload(Holding.account))).all()
