"""What leaves in an export: the tables of a choice, as one person may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.core.actor import Actor
from comity.core.errors import Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import roster
from comity.directory.access import may_export
from comity.directory.exchange import sheets
from comity.directory.exchange.columns import Row
from comity.directory.exchange.records import person_row, row_of
from comity.directory.exchange.sheets import BY_NAME, Sheet
from comity.directory.models import Authority, Network, State
from comity.directory.record import Arrangement, Notification, Practitioner
from comity.directory.visibility import SeenPractitioner

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to export. names: of sheets. state: alpha-2 code, or empty. network: code, or empty for all."""

    names: tuple[str, ...] = field(default_factory=lambda: tuple(BY_NAME))
    state: str = ""
    network: str = ""


def check(session: Session, choice: Choice) -> None:
    """Raises Invalid with the field."""
    if not choice.names or not set(choice.names) <= set(BY_NAME):
        raise Invalid(N_("Please choose one of those offered."), field="sheets")
    if choice.state and session.get(State, choice.state) is None:
        raise Invalid(N_("Please choose one of those offered."), field="state")
    if choice.network and session.get(Network, choice.network) is None:
        raise Invalid(N_("Please choose one of those offered."), field="network")


def tables(session: Session, actor: Actor, choice: Choice, progress: Progress) -> dict[Sheet, Sequence[Row]]:
    """The tables. progress: told how many of how many sheets are done. Raises NotFound, Invalid."""
    if not may_export(actor):
        raise NotFound
    check(session, choice)
    found: dict[Sheet, Sequence[Row]] = {}
    for number, name in enumerate(choice.names):
        progress(number, len(choice.names))
        found[BY_NAME[name]] = _GATHERERS[name](session, actor, choice)
    return found


def _within(choice: Choice, column: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """What keeps to the States that were chosen. column: of alpha-2 codes."""
    where = [column == choice.state] if choice.state else []
    if choice.network:
        where.append(column.in_(select(State.iso2).where(State.networks.any(Network.code == choice.network))))
    return where


def _states(session: Session, actor: Actor, choice: Choice) -> Sequence[Row]:
    rows = session.scalars(select(State).where(*_within(choice, State.__table__.c.iso2)).order_by(State.iso2))
    return [row_of(one) for one in rows]


def _authorities(session: Session, actor: Actor, choice: Choice) -> Sequence[Row]:
    query = select(Authority).where(*_within(choice, Authority.__table__.c.state_iso2))
    rows = session.scalars(query.order_by(Authority.state_iso2, Authority.part, Authority.code).options(
        joinedload(Authority.practice)))  # fmt: skip
    return [row_of(one) for one in rows]


def _practitioners(session: Session, actor: Actor, choice: Choice) -> Sequence[Row]:
    """People in the authorities of a State; of a network, those who take part in it."""
    where = [Practitioner.authority.has(Authority.state_iso2 == choice.state)] if choice.state else []
    if choice.network:
        where.append(Practitioner.networks.any(Network.code == choice.network))
    seen = roster.everybody(session, actor, *where)
    authorities = {one.id: one for one in session.scalars(select(Authority))}
    return _person_rows(seen, authorities)


def _person_rows(seen: Iterable[SeenPractitioner], authorities: dict[int, Authority]) -> Sequence[Row]:
    return [person_row(one, authorities[one.authority_id]) for one in seen]


def _notifications(session: Session, actor: Actor, choice: Choice) -> Sequence[Row]:
    query = select(Notification).where(*_within(choice, Notification.__table__.c.state_iso2))
    rows = session.scalars(query.order_by(Notification.state_iso2, Notification.id).options(
        joinedload(Notification.supersedes)))  # fmt: skip
    return [row_of(one) for one in rows]


def _networks(session: Session, actor: Actor, choice: Choice) -> Sequence[Row]:
    query = select(Network).order_by(Network.code).options(selectinload(Network.members))
    if choice.network:
        query = query.where(Network.code == choice.network)
    if choice.state:
        query = query.where(Network.members.any(State.iso2 == choice.state))
    return [row_of(one) for one in session.scalars(query)]


def _arrangements(session: Session, actor: Actor, choice: Choice) -> Sequence[Row]:
    query = select(Arrangement).order_by(Arrangement.code).options(selectinload(Arrangement.states))
    if choice.state:
        query = query.where(Arrangement.states.any(State.iso2 == choice.state))
    if choice.network:
        query = query.where(Arrangement.states.any(State.networks.any(Network.code == choice.network)))
    return [row_of(one) for one in session.scalars(query)]


_GATHERERS: dict[str, Callable[[Session, Actor, Choice], Sequence[Row]]] = {
    sheets.STATES_SHEET.name: _states,
    sheets.AUTHORITIES.name: _authorities,
    sheets.PRACTITIONERS.name: _practitioners,
    sheets.NOTIFICATIONS.name: _notifications,
    sheets.NETWORKS.name: _networks,
    sheets.ARRANGEMENTS.name: _arrangements,
}
