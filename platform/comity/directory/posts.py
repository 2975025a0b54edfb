"""Posts and their holders: consultations, lists and meetings belong to the post and pass to the next holder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.models import Authority
from comity.people.models import Account


class Post(Base):
    """A post in an authority. title: in English or the authority's language, as the authority gives it.

    focal: its holder is the authority's focal point: nominates people and keeps the entry true.
    """

    __tablename__ = "post"

    id: Mapped[Key]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    title: Mapped[ShortText]
    focal: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]

    authority: Mapped[Authority] = relationship()


class Holding(Base):
    """Who holds a post, from when to when. until: None while it lasts."""

    __tablename__ = "holding"

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    since: Mapped[Instant]
    until: Mapped[Instant | None]

    post: Mapped[Post] = relationship()
    account: Mapped[Account] = relationship()


def holders(session: Session, authority_ids: Iterable[int], now: datetime) -> Sequence[Holding]:
    """The holdings in force in the given authorities, of people who may sign in."""
    query = select(Holding).join(Post).join(Account, Holding.account_id == Account.id)
    query = query.where(Post.authority_id.in_(list(authority_ids)), Account.closed_at.is_(None), *in_force(now))
    return session.scalars(query.order_by(Holding.id)).all()


def appoint(session: Session, post: Post, account: Account, now: datetime) -> Holding:
    """Make an account the holder of a post; whoever held it holds it no longer."""
    for holding in session.scalars(select(Holding).where(Holding.post_id == post.id, *in_force(now))):
        holding.until = now
    holding = Holding(post=post, account=account, since=now)
    session.add(holding)
    session.flush()
    return holding


def in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a holding meets at an instant."""
    return (Holding.since <= now, or_(Holding.until.is_(None), Holding.until > now))


def post_topic(post_id: int) -> str:
    """The journal's topic about one post."""
    return f"post:{post_id}"
