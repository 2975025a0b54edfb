"""What the directory holds of each Party: all for the secretariat, members of their networks for coordinators."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from comity.core.actor import Actor, Role
from comity.core.errors import NotFound
from comity.directory.access import may_see_coverage
from comity.directory.coverage.measure import Standing
from comity.directory.guidance.models import GuidanceRequirement, GuidanceText
from comity.directory.models import Authority, State, network_membership
from comity.directory.record import Notification, Practitioner
from comity.directory.vocabulary import NotificationStatus, NotifiedProvision, Part, Vetting


def standings(session: Session, actor: Actor, today: date) -> tuple[Standing, ...]:
    """How each Party stands that the actor looks after, by its code. today: where they are. Raises NotFound."""
    if not may_see_coverage(actor):
        raise NotFound
    query = select(State).where(State.party.is_(True)).order_by(State.iso2)
    if Role.SECRETARIAT not in actor.roles:
        members = select(network_membership.c.state_iso2).where(
            network_membership.c.network_code.in_(sorted(actor.coordinates))
        )
        query = query.where(State.iso2.in_(members))
    central = _central(session)
    notified = _notified(session)
    entries, overdue = _confirmed(session, None), _confirmed(session, today)
    guided, people = _guided(session), _practitioners(session)
    return tuple(
        Standing(
            iso2=state.iso2, region=state.region, central_authorities=central[state.iso2],
            notified=frozenset(notified.get(state.iso2, ())), entries=entries[state.iso2],
            overdue=overdue[state.iso2], has_guidance=state.iso2 in guided, practitioners=people[state.iso2],
        )
        for state in session.scalars(query)
    )  # fmt: skip


def _central(session: Session) -> Counter[str]:
    query = select(Authority.state_iso2, func.count()).where(Authority.part == Part.A).group_by(Authority.state_iso2)
    return _counted(session, query)


def _notified(session: Session) -> dict[str, set[NotifiedProvision]]:
    query = select(Notification.state_iso2, Notification.provision).where(
        Notification.status == NotificationStatus.CURRENT
    )
    found: dict[str, set[NotifiedProvision]] = {}
    for iso2, provision in session.execute(query):
        found.setdefault(iso2, set()).add(provision)
    return found


def _confirmed(session: Session, before: date | None) -> Counter[str]:
    """Authorities and active practitioners by State; before: those alone whose next review was due earlier."""
    authorities = select(Authority.state_iso2, func.count()).group_by(Authority.state_iso2)
    people = (
        select(Authority.state_iso2, func.count())
        .join(Practitioner, Practitioner.authority_id == Authority.id)
        .where(Practitioner.vetting == Vetting.ACTIVE, Practitioner.next_review_on.is_not(None))
        .group_by(Authority.state_iso2)
    )
    if before is not None:
        authorities = authorities.where(Authority.next_review_on < before)
        people = people.where(Practitioner.next_review_on < before)
    return _counted(session, authorities) + _counted(session, people)


def _guided(session: Session) -> set[str]:
    tables = (GuidanceRequirement, GuidanceText)
    return {iso2 for table in tables for iso2 in session.scalars(select(table.state_iso2).distinct())}


def _practitioners(session: Session) -> Counter[str]:
    query = (
        select(Authority.state_iso2, func.count())
        .join(Practitioner, Practitioner.authority_id == Authority.id)
        .where(Practitioner.vetting == Vetting.ACTIVE)
        .group_by(Authority.state_iso2)
    )
    return _counted(session, query)


def _counted(session: Session, query: Select[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for iso2, count in session.execute(query):
        found[iso2] += count
    return found
