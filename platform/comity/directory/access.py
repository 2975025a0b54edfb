"""Who may do what in the directory. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from comity.core.actor import Actor
from comity.core.permissions import Action, may


def may_view_directory(actor: Actor | None) -> bool:
    """The directory is open to everybody who is signed in, and to nobody else."""
    return may(actor, Action.SEE_DIRECTORY)


def may_see_own_looks(actor: Actor | None) -> bool:
    """Whoever is signed in, and each their own."""
    return may(actor, Action.SEE_OWN_LOOKS)


def may_propose_change(actor: Actor | None) -> bool:
    """Whoever holds a post, and the secretariat, says what should be changed."""
    return may(actor, Action.PROPOSE_CHANGE)


def may_consult(actor: Actor | None, authority_id: int) -> bool:
    """Whether the actor may start a consultation with an authority: holds a post, and in another authority."""
    return may(actor, Action.CONSULT_AUTHORITY, [authority_id])


def may_edit_record(actor: Actor | None) -> bool:
    """Whether the actor keeps States, networks, notifications, arrangements and liaison postings."""
    return may(actor, Action.EDIT_RECORD)


def may_edit_entry(actor: Actor | None, authority_id: int, account_id: int | None) -> bool:
    """Whether the actor may change what the directory says of a person: themselves, or their focal point.

    authority_id, account_id: of the person; no account for one who is listed alone.
    """
    own = actor is not None and account_id is not None and actor.account_id == account_id
    return (own and may(actor, Action.KEEP_OWN_ENTRY)) or may(actor, Action.EDIT_PEOPLE, [authority_id])


def may_edit_guidance(actor: Actor | None, authority_ids: Iterable[int]) -> bool:
    """Whether the actor keeps what a State needs. authority_ids: of the State's authorities."""
    return may(actor, Action.EDIT_GUIDANCE, authority_ids)


def may_edit_some_guidance(actor: Actor | None) -> bool:
    """Whether there is a State of which the actor keeps what it needs; of which one, the service decides."""
    return actor is not None and may_edit_guidance(actor, actor.focal_of)


def may_see_coverage(actor: Actor | None) -> bool:
    """Whether the actor sees what is missing: of all Parties, or a coordinator of their networks' members."""
    return actor is not None and may(actor, Action.SEE_COVERAGE, networks=actor.coordinates)


def may_export(actor: Actor | None) -> bool:
    """Whether the actor takes the directory, as they may see it, out of Comity as files."""
    return may(actor, Action.EXPORT_DIRECTORY)


def may_import(actor: Actor | None) -> bool:
    """Whether the actor brings records in from files."""
    return may(actor, Action.IMPORT_DIRECTORY)


def may_use_exchange(actor: Actor | None) -> bool:
    """Whether the actor sees the page of files at all; the service decides about each of them."""
    return may_export(actor) or may_import(actor)
