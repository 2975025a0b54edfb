"""What stands in the navigation, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from comity.consultations import services as consultations
from comity.core.actor import Actor
from comity.core.permissions import Action, may
from comity.core.web import reading, services


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. count: how many things wait there; 0 shows nothing."""

    label: str
    url: str
    current: bool
    icon: str
    count: int = 0


def entries(actor: Actor | None) -> list[Entry]:
    """The links for a signed-in person; none for anybody else."""
    if actor is None:
        return []
    with reading() as session:
        unread = consultations.unread_count(session, actor)
    links = [
        _entry(_("Home"), "home.page", "home"),
        _entry(_("Directory"), "directory.index", "directory"),
        _entry(_("Consultations"), "consultations.index", "consultations", unread),
    ]
    if actor.posts:
        links.append(_entry(_("Our people"), "people_of.index", "people", area="people_of"))
    if may(actor, Action.LET_IN):
        links.append(_entry(_("Secretariat"), "secretariat.queue", "check", area="secretariat"))
    if may(actor, Action.SEE_KEPT_MAIL) and services().config.smtp_relay is None:
        links.append(_entry(_("Mail kept here"), "mail.index", "mail"))
    if may(actor, Action.SEE_PROVIDERS):
        links.append(_entry(_("Sign-in providers"), "providers.index", "lock"))
    if may(actor, Action.SEE_AUDIT):
        links.append(_entry(_("Audit"), "audit.index", "lock"))
    return links


def _entry(label: str, endpoint: str, icon: str, count: int = 0, area: str = "") -> Entry:
    """area: blueprint of the pages that belong to it, and the beginning of their paths; the icon's name when absent."""
    area = area or icon
    current = (request.blueprint or "").partition(".")[0] == area or request.path.startswith(f"/{area}/")
    return Entry(label, url_for(endpoint), current, icon, count)
