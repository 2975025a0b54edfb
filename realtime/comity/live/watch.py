"""Sockets outlive the request they began with: whether each may still be open.

A socket ends with the sign-in session it came with, and when its person's posts change; the browser then connects again
and is judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from comity.directory.posts import Holding, Post
from comity.live.access import Seat
from comity.people.models import Account, SignInSession

_AT_ONCE = 500
_ACCOUNT = "account:"


def overdue(session: Session, seats: Sequence[Seat], now: datetime) -> list[Seat]:
    """The seats that must be left: two queries for five hundred of them."""
    found: list[Seat] = []
    for start in range(0, len(seats), _AT_ONCE):
        some = seats[start : start + _AT_ONCE]
        lasting = _lasting(session, {seat.sign_in for seat in some}, now)
        held = _held(session, {seat.actor.account_id for seat in some}, now)
        found += [
            seat
            for seat in some
            if seat.sign_in not in lasting or held.get(seat.actor.account_id, frozenset()) != seat.actor.post_ids
        ]
    return found


def account_of(topic: str) -> int | None:
    """The account that a topic of the journal is about, or None."""
    number = topic.removeprefix(_ACCOUNT)
    return int(number) if topic.startswith(_ACCOUNT) and number.isdecimal() else None


def _lasting(session: Session, sign_ins: set[int], now: datetime) -> set[int]:
    query = (
        select(SignInSession.id)
        .join(Account)
        .where(SignInSession.id.in_(sign_ins), SignInSession.ended_at.is_(None), SignInSession.expires_at > now)
        .where(Account.closed_at.is_(None))
    )
    return set(session.scalars(query))


def _held(session: Session, accounts: set[int], now: datetime) -> dict[int, frozenset[int]]:
    query = (
        select(Holding.account_id, Post.id)
        .join(Post)
        .where(
            Holding.account_id.in_(accounts), Holding.since <= now, or_(Holding.until.is_(None), Holding.until > now)
        )
    )
    held: dict[int, set[int]] = {}
    for account_id, post_id in session.execute(query):
        held.setdefault(account_id, set()).add(post_id)
    return {account_id: frozenset(posts) for account_id, posts in held.items()}
