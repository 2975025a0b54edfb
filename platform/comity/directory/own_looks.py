"""Who looked at one's own data: the latest first. IP addresses stand in the trail and are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core.actor import Actor
from comity.core.audit import trail_of
from comity.core.journal import JournalEntry, Topic
from comity.directory.names import state_name
from comity.directory.posts import Post
from comity.people.events import topic
from comity.people.looks import WORDS, Way
from comity.people.models import Account

PAGE = 50


@dataclass(frozen=True, slots=True)
class OwnLook:
    """Somebody looked. way: a msgid. post, authority, state: empty for who held no post; the state is a name."""

    name: str
    post: str
    authority: str
    state: str
    way: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnLooks:
    """A page of them. older: the cursor of the next page, or None."""

    shown: tuple[OwnLook, ...]
    older: int | None


def own_looks(session: Session, actor: Actor, before: int | None = None) -> OwnLooks:
    """The looks at the actor's own data. before: a cursor that a page before gave."""
    query = select(JournalEntry).join(Topic).where(Topic.name == trail_of(topic(actor.account_id)))
    if before is not None:
        query = query.where(JournalEntry.position < before)
    found = session.scalars(query.order_by(JournalEntry.position.desc()).limit(PAGE + 1)).all()
    entries = found[:PAGE]
    return OwnLooks(_described(session, actor, entries), entries[-1].position if len(found) > PAGE else None)


def _described(session: Session, actor: Actor, entries: Sequence[JournalEntry]) -> tuple[OwnLook, ...]:
    ids = {entry.account_id for entry in entries}
    names = {
        account.id: account.display_name for account in session.scalars(select(Account).where(Account.id.in_(ids)))
    }
    wanted = select(Post).where(Post.id.in_({entry.post_id for entry in entries})).options(joinedload(Post.authority))
    posts = {post.id: post for post in session.scalars(wanted)}
    words = {way.value: text for way, text in WORDS.items()}

    def one(entry: JournalEntry) -> OwnLook:
        post = posts.get(entry.post_id or 0)
        return OwnLook(
            name=names.get(entry.account_id or 0, ""),
            post=post.title if post else "",
            authority=post.authority.name_en if post else "",
            state=state_name(post.authority.state_iso2, actor.locale) if post else "",
            way=words.get(entry.kind, WORDS[Way.ADMINISTRATION]),
            at=entry.at,
        )

    return tuple(one(entry) for entry in entries)
