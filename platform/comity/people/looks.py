"""Looks at people's own data: who saw their entry, took their card, or had it in an export. Shown to them alone.

Whoever shows persons says so in one line before: `looks.note(actor(), ids, Way.DIRECTORY)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from comity.core import looking
from comity.core.actor import Actor
from comity.core.audit import Look
from comity.core.i18n import N_
from comity.core.web import origin
from comity.people.events import topic


class Way(StrEnum):
    """The kind of an entry in the trail of an account."""

    DIRECTORY = "access.directory"
    CARD = "access.card"
    EXPORT = "access.export"
    ADMINISTRATION = "access.administration"


WORDS: Mapping[Way, str] = {
    Way.DIRECTORY: N_("saw your entry in the directory"),
    Way.CARD: N_("took your contact card"),
    Way.EXPORT: N_("exported your details"),
    Way.ADMINISTRATION: N_("looked at your account"),
}


def note(person: Actor, accounts: Iterable[int], way: Way) -> None:
    """Write that a person looks at other people's data, once in fifteen minutes for each. One's own is not noted.

    accounts: ids of those who are shown. Where it cannot be written, it raises and nothing is to be shown.
    """
    shown = tuple(sorted(set(accounts) - {person.account_id}))
    if not shown:
        return
    post_id, here = (person.posts[0].id if person.posts else None), origin()
    looking.note(
        ("people", person.account_id, post_id, here, way, shown),
        lambda _session: [Look(topic(each), way.value, person.account_id, post_id, here) for each in shown],
    )
