"""Starting a consultation, and speaking in it. Each service checks who acts, and flushes; the edge commits."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.consultations import attached, attachments, checks, drafts, reading, references, sealed
from comity.consultations.models import Consultation, Message, Party
from comity.consultations.participation import DEPUTISING, consultation_for, counterpart_for, posting_post
from comity.consultations.terms import Kind, Side, Stage
from comity.core import journal
from comity.core.actor import Actor, PostRef
from comity.core.errors import Conflict
from comity.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Opening:
    """What a person typed to start a consultation; not yet checked.

    authority_id: the other side. side: of the one who starts. reference: the starter's own file number.
    client_id: see `Consultation`.
    """

    authority_id: int
    subject: str
    stage: str
    kind: str
    side: str
    reference: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is in the journal. again: it had been there already. position: in the consultation's topic."""

    position: int
    sent_at: datetime
    again: bool


def start(session: Session, actor: Actor, now: datetime, opening: Opening) -> Consultation:
    """Open a consultation with another authority. The same `client_id` again gives the one that it opened.

    Raises Invalid with the field that cannot be used, and what `counterpart_for` raises.
    """
    other = counterpart_for(session, actor, opening.authority_id)
    draft, subject = _checked(actor, now, opening, other.id)
    counter = references.locked_counter(session, now.year)
    known = _opened_before(session, actor, draft.client_id)
    if known is not None:
        return known
    draft.reference = references.take(counter)
    post = actor.posts[0]
    sealed.begin(session, draft, subject)
    draft.last_position = _append(session, draft, "opened", {"reference": draft.reference}, actor, post, now)
    session.add(draft)
    session.flush()
    reading.advance(session, actor, draft, post, draft.last_position, now)
    return draft


def post_message(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    public_id: str,
    client_id: str,
    body: str,
    language: str | None = None,
    files: Sequence[str] = (),
) -> Posted:
    """Say something in a consultation.

    client_id: the same one again says nothing more and answers with the message it stands for. files: ids of those that
    the actor has waiting; with some the body may be empty.
    Raises NotFound for who is no party, Invalid for an empty or overlong body and for a file that is not there,
    Conflict for a client_id used elsewhere.
    """
    consultation = consultation_for(session, actor, public_id, lock=True)
    post = posting_post(session, actor, consultation)
    known = _said_before(session, actor, consultation, checks.client_id(client_id))
    if known is not None:
        return known
    text = checks.body(body, with_files=bool(files))
    given = attachments.wanted(session, actor, consultation, files)
    position = journal.next_position(session, consultation.topic)
    message = Message(
        consultation_id=consultation.id, position=position, author_account_id=actor.account_id,
        author_post_id=post.id, client_id=client_id, language=language, sent_at=now,
    )  # fmt: skip
    message.sealed_body = sealed.seal_body(session, consultation, message, text)
    # The digest puts what was said under the journal's chain; that of the text itself would let a thief try guesses.
    digest = hashlib.sha256(message.sealed_body).hexdigest()
    deputising: dict[str, Any] = {DEPUTISING: True} if post.deputising else {}
    payload = {"sha256": digest, **attached.payload_of(given), **deputising}
    _append(session, consultation, "message", payload, actor, post, now)
    session.add(message)
    session.flush()
    attachments.give(message, given)
    consultation.last_position, consultation.last_message_at = position, now
    consultation.last_authority_id = post.authority_id
    reading.follow_own(session, actor, consultation, post, position, now)
    drafts.discard_sent(session, actor, consultation, text)
    session.flush()
    return Posted(position, now, again=False)


def _checked(actor: Actor, now: datetime, opening: Opening, other_id: int) -> tuple[Consultation, str]:
    """The consultation without its subject, and the subject."""
    post = actor.posts[0]
    side = checks.choice(Side, opening.side, "side", N_("Say on which side of the request you are."))
    reference = checks.line(opening.reference, "reference", checks.MOST_REFERENCE)
    subject = checks.line(opening.subject, "subject", checks.MOST_SUBJECT, N_("Give the consultation a subject."))
    made = Consultation(
        public_id=secrets.token_urlsafe(16),
        stage=checks.choice(Stage, opening.stage, "stage", N_("Choose the stage.")),
        kind=checks.choice(Kind, opening.kind, "kind", N_("Choose the kind of cooperation.")),
        client_id=checks.client_id(opening.client_id),
        opened_by_account_id=actor.account_id,
        opened_by_post_id=post.id,
        created_at=now,
        last_message_at=now,
        last_authority_id=post.authority_id,
        parties=[
            Party(authority_id=post.authority_id, side=side, reference=reference),
            Party(authority_id=other_id, side=side.opposite),
        ],
    )
    return made, subject


def _append(
    session: Session,
    consultation: Consultation,
    kind: str,
    payload: dict[str, Any],
    actor: Actor,
    post: PostRef,
    now: datetime,
) -> int:
    return journal.append(
        session, consultation.topic, kind, payload, now=now, account_id=actor.account_id, post_id=post.id
    )


def _opened_before(session: Session, actor: Actor, client_id: str) -> Consultation | None:
    return session.scalars(
        select(Consultation).where(
            Consultation.opened_by_account_id == actor.account_id, Consultation.client_id == client_id
        )
    ).one_or_none()


def _said_before(session: Session, actor: Actor, consultation: Consultation, client_id: str) -> Posted | None:
    query = select(Message).where(Message.author_account_id == actor.account_id, Message.client_id == client_id)
    message = session.scalars(query).one_or_none()
    if message is None:
        return None
    if message.consultation_id != consultation.id:
        raise Conflict
    return Posted(message.position, message.sent_at, again=True)
