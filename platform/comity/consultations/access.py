"""Who may do what with a consultation. Pure: an actor and the authorities that are parties to it.

The decisions come from the table in `core/permissions.py`.

Access is by participation and by nothing else (resolution 8/1, para 12): the secretariat reads no consultation.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.core.actor import Actor, PostRef
from comity.core.permissions import Action, may


def may_start(actor: Actor) -> bool:
    """Whoever holds a post in an authority may start a consultation on its behalf."""
    return may(actor, Action.START_CONSULTATION)


def may_read(actor: Actor, parties: Iterable[int]) -> bool:
    """Whoever holds a post in one of the parties. parties: ids of authorities."""
    return may(actor, Action.READ_CONSULTATION, parties)


def may_write(actor: Actor, parties: Iterable[int]) -> bool:
    """Whoever may read may write: both sides speak through their posts."""
    return may(actor, Action.WRITE_CONSULTATION, parties)


def writing_post(actor: Actor, parties: Iterable[int]) -> PostRef | None:
    """The post through which the actor speaks in a consultation of these parties, or None."""
    return actor.post_in(frozenset(parties))
