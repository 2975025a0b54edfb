"""What happened in a consultation, as its reader sees it: the journal's entries, with the messages they stand for.

A page and a live reader use the same function, with positions of the journal as cursors: no gap, no repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.consultations import sealed
from comity.consultations.attached import File, files_of
from comity.consultations.happenings import sentence
from comity.consultations.models import Consultation, Message
from comity.consultations.participation import DEPUTISING, consultation_for
from comity.core import journal, times
from comity.core.actor import Actor
from comity.core.i18n import N_, catalogue
from comity.core.journal import JournalEntry
from comity.core.text import to_html
from comity.directory.names import state_name
from comity.directory.posts import Post
from comity.people.models import Account

_FOR = N_("%(authority)s, for %(post)s")

PAGE = 50
"""Entries on one page of a thread."""

MOST_ENTRIES = 200
"""Entries in one answer to a live reader."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, in which post, for which authority. state: its name in the reader's language."""

    account: int
    name: str
    initials: str
    post: str
    authority: str
    state: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the thread for one reader.

    kind: message, event (a sentence in `text`) or silent (nothing to show). at: ISO 8601 in UTC. time: both clocks.
    moment: both zones with the day. day: heading in the reader's zone. mine: by the reader. ours: by the reader's
    side. html: clean. files: of a message. client_id: of the reader's own messages alone.
    """

    position: int
    kind: str
    at: str
    time: str
    moment: str
    day: str
    author: Author | None
    mine: bool
    ours: bool
    html: str = ""
    text: str = ""
    client_id: str | None = None
    language: str | None = None
    files: tuple[File, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive entries. position: of the topic's last entry. more: there is more behind the last one here."""

    entries: tuple[Entry, ...]
    position: int
    more: bool

    def as_json(self) -> dict[str, Any]:
        return {"entries": [entry.as_json() for entry in self.entries], "position": self.position, "more": self.more}


def events_after(session: Session, actor: Actor, public_id: str, *, after: int, limit: int = MOST_ENTRIES) -> Slice:
    """The entries behind a cursor, in order. after: the last position known, 0 for none.

    Raises NotFound for who is no party.
    """
    consultation = consultation_for(session, actor, public_id)
    return slice_after(session, actor, consultation, after=after, limit=limit)


def page_before(session: Session, actor: Actor, consultation: Consultation, before: int | None) -> Slice:
    """The last entries, or the last ones before a position. For a caller that has checked access."""
    last = journal.position(session, consultation.topic)
    end = last if before is None else max(0, min(before - 1, last))
    start = max(0, end - PAGE)
    return slice_after(session, actor, consultation, after=start, limit=end - start)


def slice_after(
    session: Session, actor: Actor, consultation: Consultation, *, after: int, limit: int = MOST_ENTRIES
) -> Slice:
    """As `events_after`, for a caller that has checked access."""
    position = journal.position(session, consultation.topic)
    rows = journal.read(session, consultation.topic, after=max(0, after), limit=max(0, min(limit, MOST_ENTRIES)))
    messages = _messages(session, consultation, rows)
    said = [(messages[row.position], row.account_id) for row in rows if row.position in messages]
    bodies = sealed.bodies(session, consultation, said)
    files = files_of(session, actor, consultation, rows)
    view = _View(actor, consultation, messages, bodies, files, *_people(session, rows))
    entries = tuple(view.entry(row) for row in rows)
    return Slice(entries, position, bool(entries) and entries[-1].position < position)


def their_zone(actor: Actor, consultation: Consultation) -> str | None:
    """The IANA zone of the other party's office."""
    others = (p.authority.zone for p in consultation.parties if p.authority_id not in actor.authority_ids)
    return next(others, None)


@dataclass(frozen=True, slots=True)
class _View:
    """What one reader needs to see journal rows as entries. bodies: by position, None for what does not open."""

    actor: Actor
    consultation: Consultation
    messages: Mapping[int, Message]
    bodies: Mapping[int, str | None]
    files: Mapping[int, tuple[File, ...]]
    accounts: Mapping[int, Account]
    posts: Mapping[int, Post]

    def entry(self, row: JournalEntry) -> Entry:
        locale, zones = self.actor.locale, (self.actor.zone, their_zone(self.actor, self.consultation))
        author = self._author(row)
        mine = row.account_id == self.actor.account_id
        post = self.posts.get(row.post_id or 0)
        message = self.messages.get(row.position) if row.kind == "message" else None
        body = self.bodies.get(row.position) if message else None
        text = "" if body is not None else self._sentence(row, author)
        return Entry(
            position=row.position,
            kind="event" if text else "message" if message else "silent",
            at=row.at.isoformat(),
            time=times.both_clocks(row.at, locale, *zones),
            moment=times.both_zones(row.at, locale, *zones),
            day=_day(row.at, locale, self.actor.zone),
            author=author,
            mine=mine,
            ours=post is not None and post.authority_id in self.actor.authority_ids,
            html=to_html(body) if body is not None else "",
            text=text,
            client_id=message.client_id if message and mine else None,
            language=message.language if message else None,
            files=self.files.get(row.position, ()) if message else (),
        )

    def _sentence(self, row: JournalEntry, author: Author | None) -> str:
        if row.kind == "message":
            return catalogue(self.actor.locale).gettext(sealed.UNREADABLE)
        return sentence(row.kind, author.name if author else "", self.actor.locale)

    def _author(self, row: JournalEntry) -> Author | None:
        account, post = self.accounts.get(row.account_id or 0), self.posts.get(row.post_id or 0)
        if account is None:
            return None
        return Author(
            account=account.id,
            name=account.display_name,
            initials=initials(account.display_name),
            post=post.title if post else "",
            authority=self._spoken_for(row, post) if post else "",
            state=state_name(post.authority.state_iso2, self.actor.locale) if post else "",
        )

    def _spoken_for(self, row: JournalEntry, post: Post) -> str:
        """The authority; for who stands in, with the post that they speak for."""
        if not row.payload.get(DEPUTISING):
            return post.authority.name_en
        words = catalogue(self.actor.locale).gettext(_FOR)
        return words % {"authority": post.authority.name_en, "post": post.title}


def initials(name: str) -> str:
    """One or two letters for a face: of the first word and the last."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def _day(at: datetime, locale: str, zone: str) -> str:
    return times.day(at.astimezone(ZoneInfo(zone)).date(), locale)


def _messages(session: Session, consultation: Consultation, rows: Sequence[JournalEntry]) -> dict[int, Message]:
    positions = [row.position for row in rows if row.kind == "message"]
    query = select(Message).where(Message.consultation_id == consultation.id, Message.position.in_(positions))
    return {message.position: message for message in session.scalars(query)} if positions else {}


def _people(session: Session, rows: Sequence[JournalEntry]) -> tuple[dict[int, Account], dict[int, Post]]:
    account_ids, post_ids = {row.account_id for row in rows}, {row.post_id for row in rows}
    accounts = session.scalars(select(Account).where(Account.id.in_(account_ids - {None})))
    posts = session.scalars(select(Post).where(Post.id.in_(post_ids - {None})).options(joinedload(Post.authority)))
    return {account.id: account for account in accounts}, {post.id: post for post in posts}
