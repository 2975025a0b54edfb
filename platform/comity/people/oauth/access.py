"""Who may do what with applications. Pure; the decisions come from the table in `core/permissions.py`."""

from __future__ import annotations

from comity.core.actor import Actor
from comity.core.permissions import Action, may


def may_keep_applications(actor: Actor | None) -> bool:
    """Each their own: tools that act for them, application passwords."""
    return may(actor, Action.KEEP_APPLICATIONS)


def may_keep_clients(actor: Actor, authority_id: int) -> bool:
    """Whoever holds a post at an authority keeps its case systems and tools, and may let these tools act for them."""
    return may(actor, Action.KEEP_CLIENTS, [authority_id])
