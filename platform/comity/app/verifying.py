"""Walking the journal's chains: all, for the command and the nightly job, or one, for the auditor's page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from comity.core import audit, checkpoints, journal
from comity.core.chain import Break
from comity.core.checkpoints import Checkpoint
from comity.core.clock import Clock
from comity.core.db import Database

_AT_ONCE = 200


def verify_all(database: Database, known: Sequence[Checkpoint], clock: Clock) -> list[Break]:
    """Every break of every topic, by topic, and what disagrees with the checkpoints. Each topic's state is kept.

    known: read before this call, so that no checkpoint is younger than what is read here.
    """
    with database.reading() as session:
        journal.steady(session)
        against = {one.topic: one for one in checkpoints.breaks(session, list(known))}
        heads = list(session.execute(select(journal.Topic.name, journal.Topic.position).order_by(journal.Topic.name)))
        found = {name: journal.breaks(session, name) for name, _position in heads}
    for topic, one in against.items():
        # A chain that does not hold tells better where; the checkpoint speaks for what the chain cannot tell.
        if not found.get(topic):
            found.setdefault(topic, []).append(one)
    for start in range(0, len(heads), _AT_ONCE):
        with database.writing() as session:
            for name, position in heads[start : start + _AT_ONCE]:
                audit.note_verification(session, name, position, next(iter(found[name]), None), clock.now())
    return [one for topic in sorted(found) for one in found[topic]]


def verify_one(database: Database, topic_id: int, clock: Clock) -> bool:
    """Walk one topic's chain and keep its state. Returns whether there is such a topic.

    A fault that only a checkpoint told of stays, for the chain alone cannot take it back.
    """
    with database.reading() as session:
        journal.steady(session)
        topic = session.get(journal.Topic, topic_id)
        if topic is None:
            return False
        name, position = topic.name, topic.position
        found = journal.breaks(session, name)
        told = audit.told_by_checkpoint(session, topic_id)
    if found or not told:
        with database.writing() as session:
            audit.note_verification(session, name, position, next(iter(found), None), clock.now())
    return True
