"""What of a practitioner somebody may see. Pure, and the one way out.

Every exit (page, list, search result, vCard, export, API, history) shows `SeenPractitioner` and never the model: `see`
gives one that holds what this viewer may see and nothing else, or None where they may not know of the person at all.
Whoever builds an exit takes people from `roster`, whose every function answers with seen ones, and adds a line to
`EXITS` in the test of visibility, which then tries every field, viewer and visibility on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from comity.core.actor import Actor
from comity.directory.hours import OfficeHours
from comity.directory.vocabulary import (
    DetailKind,
    LanguageLevel,
    PractitionerRole,
    Speciality,
    Vetting,
    Visibility,
)

if TYPE_CHECKING:
    from comity.directory.record import ContactDetail, LiaisonPosting, Practitioner


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. networks: codes of those taken part in or coordinated. focal_of: ids of authorities."""

    account_id: int
    secretariat: bool = False
    networks: frozenset[str] = frozenset()
    focal_of: frozenset[int] = frozenset()

    @classmethod
    def of(cls, actor: Actor) -> Viewer:
        """The viewer that an actor is. A coordinator belongs to the network that they coordinate."""
        return cls(actor.account_id, actor.is_secretariat, actor.networks | actor.coordinates, actor.focal_of)


@dataclass(frozen=True, slots=True)
class SeenDetail:
    """A contact detail that the viewer may see, and who else may. bounced_at: mail to it came back."""

    kind: DetailKind
    value: str
    functional: bool
    visibility: Visibility
    bounced_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenPosting:
    """Where a liaison magistrate or officer is posted. host, covers: alpha-2 codes."""

    host: str
    city: str
    covers: tuple[str, ...]
    since: date
    until: date | None

    def lasts(self, on: date) -> bool:
        """Whether somebody is posted there on a day. The last day counts."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class SeenPractitioner:
    """A practitioner as one viewer may see them.

    account_id, post_id: keys, for what hangs on them; shown nowhere. language: of the name, BCP 47. hours: own ones,
    else the authority's. own_hours: whether they are their own.
    is_self: the viewer is this person. full: the viewer sees every detail, whatever its visibility.
    """

    public_id: str
    account_id: int | None
    post_id: int | None
    name: str
    name_latin: str
    language: str
    title: str
    role: PractitionerRole
    authority_id: int
    authority_name: str
    state: str
    post: str
    languages: tuple[tuple[str, LanguageLevel], ...]
    specialities: tuple[Speciality, ...]
    networks: tuple[tuple[str, str], ...]
    hours: OfficeHours
    own_hours: bool
    vetting: Vetting
    confirmed_on: date | None
    confirmed_by: str
    next_review_on: date | None
    demonstration: bool
    updated_at: datetime
    details: tuple[SeenDetail, ...]
    liaison: SeenPosting | None
    is_self: bool
    full: bool
    deputy: SeenPractitioner | None = None

    @property
    def listed_name(self) -> str:
        """The name with its title."""
        return f"{self.title} {self.name}".strip()


def see(viewer: Viewer, practitioner: Practitioner) -> SeenPractitioner | None:
    """What the viewer may see of a practitioner, and of their deputy; None for one they may not know of."""
    seen = _see(viewer, practitioner)
    if seen is None or practitioner.deputy is None:
        return seen
    return replace(seen, deputy=_see(viewer, practitioner.deputy))


def see_all(viewer: Viewer, practitioners: Iterable[Practitioner]) -> tuple[SeenPractitioner, ...]:
    """Those of the practitioners that the viewer may know of, each as the viewer may see them."""
    return tuple(seen for one in practitioners if (seen := see(viewer, one)) is not None)


def may_know_of(viewer: Viewer, practitioner: Practitioner) -> bool:
    """Whether the viewer may know that somebody stands in the directory at all.

    Who is not active (nominated, suspended, left) is known to themselves, to the focal point and to the secretariat.
    """
    return practitioner.vetting is Vetting.ACTIVE or sees_everything(viewer, practitioner)


def sees_everything(viewer: Viewer, practitioner: Practitioner) -> bool:
    """Whether the viewer sees every detail: the person, the focal point of their authority, the secretariat."""
    return (
        viewer.secretariat
        or (practitioner.account_id is not None and practitioner.account_id == viewer.account_id)
        or practitioner.authority_id in viewer.focal_of
    )


def may_see(viewer: Viewer, practitioner: Practitioner, visibility: Visibility) -> bool:
    """Whether the viewer may see a detail of a practitioner that has the given visibility."""
    if sees_everything(viewer, practitioner):
        return True
    if not may_know_of(viewer, practitioner) or visibility is Visibility.SECRETARIAT:
        return False
    shared = not viewer.networks.isdisjoint(network.code for network in practitioner.networks)
    return visibility is Visibility.MEMBERS or shared


def visible_details(viewer: Viewer, practitioner: Practitioner) -> tuple[SeenDetail, ...]:
    """The contact details that the viewer may see, those of the post first."""
    shown = [one for one in practitioner.details if may_see(viewer, practitioner, one.visibility)]
    return tuple(_detail(one) for one in sorted(shown, key=lambda one: not one.functional))


def _see(viewer: Viewer, one: Practitioner) -> SeenPractitioner | None:
    if not may_know_of(viewer, one):
        return None
    authority = one.authority
    return SeenPractitioner(
        public_id=one.public_id,
        account_id=one.account_id,
        post_id=one.post_id,
        name=one.name,
        name_latin=one.name_latin,
        language=one.language,
        title=one.title,
        role=one.role,
        authority_id=one.authority_id,
        authority_name=authority.name_en,
        state=authority.state_iso2,
        post=one.post.title if one.post else "",
        languages=tuple((code, LanguageLevel(level)) for code, level in one.languages.items()),
        specialities=one.knows,
        networks=tuple((network.code, network.name) for network in one.networks),
        hours=_hours(one),
        own_hours=_has_hours(one),
        vetting=one.vetting,
        confirmed_on=one.confirmed_on,
        confirmed_by=one.confirmed_by,
        next_review_on=one.next_review_on,
        demonstration=one.demonstration,
        updated_at=one.updated_at,
        details=visible_details(viewer, one),
        liaison=_posting(one.liaison) if one.liaison else None,
        is_self=one.account_id is not None and one.account_id == viewer.account_id,
        full=sees_everything(viewer, one),
    )


def _has_hours(one: Practitioner) -> bool:
    return bool(one.zone and one.office_days and one.opens and one.closes)


def _hours(one: Practitioner) -> OfficeHours:
    theirs = one.authority.hours
    if not (one.zone and one.office_days and one.opens and one.closes):
        return theirs
    days = frozenset(int(day) for day in one.office_days)
    # Whoever is posted abroad keeps the hours of that place, not the holidays of their authority's.
    if one.liaison is not None:
        return OfficeHours(one.zone, days, one.opens, one.closes)
    return OfficeHours(one.zone, days, one.opens, one.closes, theirs.calendar, theirs.closed_on)


def _detail(one: ContactDetail) -> SeenDetail:
    return SeenDetail(one.kind, one.value, one.functional, one.visibility, one.bounced_at)


def _posting(one: LiaisonPosting) -> SeenPosting:
    return SeenPosting(one.host_iso2, one.city, tuple(one.covers), one.since, one.until)
