"""Finding a consultation for somebody who takes part in it, and an authority that one can be started with."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.consultations.access import may_read, may_start, writing_post
from comity.consultations.models import Consultation, Message, Party
from comity.core.actor import Actor, PostRef
from comity.core.errors import Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.directory.models import Authority
from comity.directory.posts import Post

DEPUTISING = "deputising"
"""The payload's key in the journal for what was said by who stands in for a post."""


def consultation_for(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Consultation:
    """The consultation, for somebody who is a party to it.

    lock: hold its row until the commit. Raises NotFound for everybody else, whether it exists or not.
    """
    query = select(Consultation).where(Consultation.public_id == public_id)
    query = query.options(selectinload(Consultation.parties).joinedload(Party.authority))
    if lock:
        query = query.with_for_update(of=Consultation).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None or not may_read(actor, found.authority_ids):
        raise NotFound
    return found


def speaking_post(actor: Actor, consultation: Consultation) -> PostRef:
    """The post through which the actor speaks in a consultation. Raises NotFound for who has none."""
    post = writing_post(actor, consultation.authority_ids)
    if post is None:
        raise NotFound
    return post


def posting_post(session: Session, actor: Actor, consultation: Consultation) -> PostRef:
    """The post in whose name the actor writes: their own, or the one they stand in for where that one spoke last.

    Raises NotFound for who has none.
    """
    own = speaking_post(actor, consultation)
    absent = {post.id: post for post in actor.posts if post.deputising and post.authority_id == own.authority_id}
    if not absent:
        return own
    query = select(Message.author_post_id).join(Post, Message.author_post_id == Post.id)
    query = query.where(Message.consultation_id == consultation.id, Post.authority_id == own.authority_id)
    last = session.scalar(query.order_by(Message.position.desc()).limit(1)) or consultation.opened_by_post_id
    return absent.get(last, own)


def counterpart_for(session: Session, actor: Actor, authority_id: int) -> Authority:
    """The authority that somebody may start a consultation with.

    Raises Refused for an actor without a post, NotFound for no such authority, Invalid for the actor's own.
    """
    if not may_start(actor):
        raise Refused(N_("Only the holder of a post in an authority can start a consultation."))
    authority = session.get(Authority, authority_id, options=[joinedload(Authority.state)])
    if authority is None:
        raise NotFound
    if authority.id in actor.authority_ids:
        raise Invalid(N_("This is your own authority. Choose the one that you want to consult."), field="authority")
    return authority
