"""What the page of a consultation shows, put together for one reader. Texts are message ids or in their language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from comity.consultations import terms
from comity.consultations.attached import File, Listed, listed
from comity.consultations.attachments import waiting
from comity.consultations.drafts import draft_of
from comity.consultations.models import Consultation, Party
from comity.consultations.participation import consultation_for
from comity.consultations.reading import Reader, position_of, readers
from comity.consultations.sealed import subject_of
from comity.consultations.timeline import Entry, Slice, page_before, their_zone
from comity.core.actor import Actor
from comity.directory.names import state_name
from comity.directory.posts import holders

_FOLLOWS_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Person:
    """A holder of a post in a party: who can read and answer."""

    name: str
    post: str


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party beside the thread. state: in the reader's language. side: message id. people: present holders."""

    authority_id: int
    name: str
    original_name: str
    original_language: str
    state: str
    side: str
    reference: str
    ours: bool
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what stands around it. day: heading to put before it. unread: the line "new" comes before it.

    follows: said by the same hand just before, so the face stands once. timed: the time is not the one just above.
    read_by: names, for the reader's own messages. status: whether to show them; where the reader's next message has
    been read by the same people, it stands there.
    """

    entry: Entry
    day: str
    unread: bool
    follows: bool
    timed: bool
    read_by: tuple[str, ...]
    status: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """earlier: position before which the earlier page ends, or None. newest: whether the thread's end is shown.

    waiting: files that the reader has given and not sent. files: of all messages.
    """

    public_id: str
    reference: str
    subject: str
    stage: str
    stage_article: str
    kind: str
    kind_article: str
    parties: tuple[PartyView, ...]
    lines: tuple[Line, ...]
    position: int
    read: int
    readers: tuple[Reader, ...]
    draft: str
    waiting: tuple[File, ...]
    files: tuple[Listed, ...]
    earlier: int | None
    newest: bool


def thread_page(session: Session, actor: Actor, public_id: str, now: datetime, before: int | None) -> ThreadPage:
    """The page of a consultation. before: shows what came before this position. Raises NotFound for who is no party."""
    consultation = consultation_for(session, actor, public_id)
    shown = page_before(session, actor, consultation, before)
    read = position_of(session, actor.account_id, consultation.id)
    known = tuple(readers(session, consultation))
    first = shown.entries[0].position if shown.entries else 1
    return ThreadPage(
        public_id=consultation.public_id,
        reference=consultation.reference,
        subject=subject_of(session, consultation, actor.locale),
        stage=terms.STAGE_LABELS[consultation.stage],
        stage_article=terms.STAGE_ARTICLES.get(consultation.stage, ""),
        kind=terms.KIND_LABELS[consultation.kind],
        kind_article=terms.KIND_ARTICLES[consultation.kind],
        parties=_parties(session, actor, consultation, now),
        lines=tuple(lines(shown.entries, read, known)),
        position=_shown_up_to(shown),
        read=read,
        readers=known,
        draft=draft_of(session, actor, consultation),
        waiting=waiting(session, actor, consultation),
        files=listed(session, actor, consultation, their_zone(actor, consultation)),
        earlier=first if first > 1 else None,
        newest=not shown.more,
    )


def lines(entries: Sequence[Entry], read: int, known: Sequence[Reader]) -> list[Line]:
    """Entries with their surroundings. read: how far the reader has read. Pure."""
    unread = next((e.position for e in entries if e.position > read and e.kind == "message" and not e.mine), None)
    found: list[Line] = []
    previous: Entry | None = None
    for entry in entries:
        if entry.kind == "silent":
            continue
        starts_day = previous is None or previous.day != entry.day
        starts_unread = entry.position == unread
        follows = not starts_day and not starts_unread and previous is not None and _follows(previous, entry)
        timed = not follows or previous is None or previous.time != entry.time
        day = entry.day if starts_day else ""
        found.append(Line(entry, day, starts_unread, follows, timed, _read_by(entry, known), status=False))
        previous = entry
    return _with_status(found)


def _with_status(found: list[Line]) -> list[Line]:
    later: tuple[str, ...] | None = None
    for place in range(len(found) - 1, -1, -1):
        line = found[place]
        if line.entry.mine and line.entry.kind == "message":
            found[place] = replace(line, status=line.read_by != later)
            later = line.read_by
    return found


def _follows(previous: Entry, entry: Entry) -> bool:
    same_hand = previous.kind == entry.kind == "message" and previous.author == entry.author
    return same_hand and datetime.fromisoformat(entry.at) - datetime.fromisoformat(previous.at) < _FOLLOWS_WITHIN


def _read_by(entry: Entry, known: Sequence[Reader]) -> tuple[str, ...]:
    if not entry.mine or entry.kind != "message" or entry.author is None:
        return ()
    return tuple(r.name for r in known if r.position >= entry.position and r.account != entry.author.account)


def _shown_up_to(shown: Slice) -> int:
    return shown.entries[-1].position if shown.entries else shown.position


def _parties(session: Session, actor: Actor, consultation: Consultation, now: datetime) -> tuple[PartyView, ...]:
    people: dict[int, list[Person]] = {}
    for holding in holders(session, consultation.authority_ids, now):
        people.setdefault(holding.post.authority_id, []).append(
            Person(holding.account.display_name, holding.post.title)
        )
    ours_first = sorted(consultation.parties, key=lambda party: party.authority_id not in actor.authority_ids)
    return tuple(_party(party, actor, tuple(people.get(party.authority_id, ()))) for party in ours_first)


def _party(party: Party, actor: Actor, people: tuple[Person, ...]) -> PartyView:
    authority = party.authority
    return PartyView(
        authority_id=authority.id,
        name=authority.name_en,
        original_name=authority.name_original,
        original_language=authority.original_language,
        state=state_name(authority.state_iso2, actor.locale),
        side=terms.SIDE_LABELS[party.side],
        reference=party.reference,
        ours=authority.id in actor.authority_ids,
        people=people,
    )
