"""What States notified (Annex I (j)(k), Annex II 1 (b)): read by everybody, kept by the secretariat."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.directory import checks, keeping
from comity.directory.access import may_view_directory
from comity.directory.models import State
from comity.directory.record import Notification
from comity.directory.search.index import index_state, raise_version
from comity.directory.vocabulary import NotificationStatus, NotifiedProvision

_CODE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Chain:
    """What a State notified under one provision: what holds now, and what stood before it, latest first."""

    head: Notification
    earlier: tuple[Notification, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as it was typed. deposited_on: ISO 8601; empty with `none_on_file` alone."""

    state: str
    provision: str
    status: str
    text: str
    language: str
    english: str
    deposited_on: str


def chains(session: Session, actor: Actor, iso2: str) -> tuple[Chain, ...]:
    """What a State notified, in the order of the provisions. Raises NotFound."""
    _check(actor)
    rows = session.scalars(select(Notification).where(Notification.state_iso2 == iso2)).all()
    return _chained(rows)


def under(session: Session, actor: Actor, provision: NotifiedProvision) -> dict[str, Notification]:
    """What holds under a provision, by State. A State that is not there has nothing on file. Raises NotFound."""
    _check(actor)
    query = select(Notification).where(Notification.provision == provision).options(joinedload(Notification.state))
    return {chain.head.state_iso2: chain.head for chain in _chained(session.scalars(query).all())}


def notification(session: Session, actor: Actor, code: str) -> tuple[Notification, Chain]:
    """A notification, and the chain that it stands in. Raises NotFound."""
    _check(actor)
    found = session.scalars(select(Notification).where(Notification.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found, next(c for c in chains(session, actor, found.state_iso2) if found in (c.head, *c.earlier))


def add(session: Session, actor: Actor, now: datetime, typed: Notice, supersedes: str | None = None) -> Notification:
    """Enter a notification; the one that it supersedes is outdated from then on.

    supersedes: code of the one that holds now. Raises NotFound, Invalid with the field, and Conflict where another
    one was entered meanwhile.
    """
    keeping.check_editor(actor)
    old = _superseded(session, actor, supersedes) if supersedes else None
    new = _checked(session, typed)
    new.updated_at = now
    if old is not None:
        if (old.state_iso2, old.provision) != (new.state_iso2, new.provision):
            raise Invalid(N_("It supersedes one of the same State and provision."), field="provision")
        new.supersedes = old
        old.status, old.updated_at = _outdated(old), now
    elif new.state_iso2 in under(session, actor, new.provision):
        raise Invalid(N_("There is one already: open it, and supersede it."), field="provision")
    session.add(new)
    session.flush()
    changes = keeping.differences(_values(old) if old else {}, _values(new))
    keeping.note(session, new, actor, now, "notification.added", {"changes": changes})
    if old is not None:
        keeping.note(session, old, actor, now, "notification.superseded", {"by": new.code})
    index_state(session, new.state)  # it is found by what it has notified
    raise_version(session)
    return new


def set_status(session: Session, actor: Actor, now: datetime, code: str, status: str) -> Notification:
    """Say whether a notification can be relied on. Raises NotFound, Invalid."""
    keeping.check_editor(actor)
    found, _chain = notification(session, actor, code)
    keeping.hold(session, found)
    _found, chain = notification(session, actor, code)
    wanted = checks.term(status, NotificationStatus, "status")
    if found is not chain.head or NotificationStatus.NONE_ON_FILE in (wanted, found.status):
        raise Invalid(N_("What was superseded, or was never made, has no other status."), field="status")
    changes = keeping.differences({"status": found.status}, {"status": wanted})
    found.status, found.updated_at = wanted, now
    keeping.note(session, found, actor, now, "notification.status", {"changes": changes})
    index_state(session, found.state)
    raise_version(session)
    return found


def _superseded(session: Session, actor: Actor, code: str) -> Notification:
    found, _chain = notification(session, actor, code)
    keeping.hold(session, found)
    _found, chain = notification(session, actor, code)
    if found is not chain.head:
        raise Conflict
    return found


def _outdated(old: Notification) -> NotificationStatus:
    none = NotificationStatus.NONE_ON_FILE
    return none if old.status is none else NotificationStatus.OUTDATED


def _checked(session: Session, typed: Notice) -> Notification:
    state = session.get(State, typed.state)
    if state is None:
        raise Invalid(N_("Please choose one of those offered."), field="state")
    provision = checks.term(typed.provision, NotifiedProvision, "provision")
    status = checks.term(typed.status, NotificationStatus, "status")
    missing = status is NotificationStatus.NONE_ON_FILE
    deposited: date | None = None if missing else checks.day(typed.deposited_on, "deposited_on")
    return Notification(
        code=f"{typed.state}-{provision.value}-{secrets.token_hex(_CODE_BYTES)}".lower().translate(_IN_ADDRESS),
        state=state,
        state_iso2=state.iso2,
        provision=provision,
        status=status,
        text=checks.body(typed.text, "text", needed=not missing),
        language=checks.language_tag(typed.language, "language"),
        english=checks.body(typed.english, "english", needed=False),
        deposited_on=deposited,
    )


_IN_ADDRESS = str.maketrans({"(": "-", ")": None, " ": "-"})


def _values(one: Notification) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("provision", "status", "text", "language", "english", "deposited_on")}


def _chained(rows: Sequence[Notification]) -> tuple[Chain, ...]:
    by_id = {row.id: row for row in rows}
    behind = {row.supersedes_id for row in rows if row.supersedes_id}
    heads = sorted((row for row in rows if row.id not in behind), key=_order)
    return tuple(Chain(head, tuple(_earlier(head, by_id))) for head in heads)


def _earlier(head: Notification, by_id: dict[int, Notification]) -> Iterable[Notification]:
    seen = {head.id}
    at = head.supersedes_id
    while at is not None and at in by_id and at not in seen:
        seen.add(at)
        yield by_id[at]
        at = by_id[at].supersedes_id


def _order(one: Notification) -> tuple[int, int]:
    return list(NotifiedProvision).index(one.provision), one.id


def _check(actor: Actor) -> None:
    if not may_view_directory(actor):
        raise NotFound
