"""Who may do what about providers. Pure."""

from __future__ import annotations

from comity.core.actor import Actor
from comity.core.permissions import Action, may


def provider_itself(actor: Actor | None) -> bool:
    """No person but an authority's provider: the view checks the token that it signed."""
    return may(actor, Action.REPORT_LOGOUT)


def may_see_providers(actor: Actor | None) -> bool:
    return may(actor, Action.SEE_PROVIDERS)
