"""The history of the directory: each version of each record, with its dates, who made it and from what source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from comity.core import journal
from comity.core.actor import Actor
from comity.core.db import Base, Instant, Key, ShortText
from comity.directory.fields import Field
from comity.directory.models import by_value
from comity.directory.snapshots import FIELDS, Entity, EntityKind, Thing, entity_of, snapshot, without_person
from comity.directory.versions import as_of, differences
from comity.directory.vocabulary import Vetting


class ChangeSource(StrEnum):
    """How a version came to be."""

    LOADED = "loaded"
    """With the installation's own data."""
    IMPORTED = "imported"
    EDITED = "edited"
    PROPOSAL = "proposal"
    CONFIRMED = "confirmed"


QUIET = frozenset({ChangeSource.LOADED, ChangeSource.IMPORTED})
"""What brings many records at once is journalled once, by whoever brings it."""


SECRETARIAT = "Secretariat"
"""As what somebody acts who holds no post. Functions are kept in English, as `confirmed_by` is."""


class RecordVersion(Base):
    """What a record said from an instant until another. number: 1, 2, 3 … within the record.

    valid_until: None while it lasts. fields: all of the record's, as JSON values. by: the function of who made it, for
    an account may be gone. state_iso2: the State that the record belongs to.
    """

    __tablename__ = "record_version"
    __table_args__ = (UniqueConstraint("kind", "ref", "number"),)

    id: Mapped[Key]
    kind: Mapped[EntityKind] = mapped_column(by_value(EntityKind))
    ref: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    state_iso2: Mapped[str | None] = mapped_column(String(2), index=True)
    valid_from: Mapped[Instant]
    valid_until: Mapped[Instant | None]
    fields: Mapped[dict[str, Any]]
    source: Mapped[ChangeSource] = mapped_column(by_value(ChangeSource))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    by: Mapped[ShortText]
    proposal_id: Mapped[int | None]


def record(
    session: Session,
    thing: Thing,
    actor: Actor | None,
    now: datetime,
    source: ChangeSource,
    *,
    proposal_id: int | None = None,
    kind: str = "record.version",
    told: Mapping[str, Any] | None = None,
) -> RecordVersion:
    """Write down what a record says now, in the transaction that changed it. Nothing is written where nothing changed.

    actor: who changed it; None for the installation itself. Returns the version that holds. When a person has left,
    what is personal goes out of all their versions.

    kind, told: of the journal's line, for a form that changes more than the fields; then it is written in any case.
    """
    session.flush()
    entity, values = entity_of(thing), snapshot(thing)
    journal.lock(session, entity.topic)
    if entity.kind is EntityKind.PRACTITIONER and values.get("vetting") == Vetting.LEFT.value:
        _forget_person(session, entity)
    last = current(session, entity)
    if last is not None and last.fields == values:
        if told is not None:
            _journal(session, entity, kind, dict(told), actor, now, source)
        return last
    if last is not None:
        last.valid_until = now
    version = RecordVersion(
        kind=entity.kind, ref=entity.ref, number=_next_number(session, entity), state_iso2=entity.state,
        valid_from=now, valid_until=None, fields=values, source=source, proposal_id=proposal_id, **_author(actor),
    )  # fmt: skip
    session.add(version)
    session.flush()
    if source not in QUIET:
        changed = [one.field.name for one in differences(fields_of(entity), last.fields if last else None, values)]
        payload = {"number": version.number, "fields": changed, **(told or {})}
        _journal(session, entity, kind, payload, actor, now, source)
    return version


def close(session: Session, thing: Thing, actor: Actor | None, now: datetime, source: ChangeSource) -> None:
    """Say that a record is removed: its last version ends. Call before it is deleted."""
    entity = entity_of(thing)
    journal.lock(session, entity.topic)
    last = current(session, entity)
    if last is not None:
        last.valid_until = now
        _journal(session, entity, "record.removed", {"number": last.number}, actor, now, source)


def catch_up(session: Session, things: Iterable[Thing], now: datetime, importer: Actor | None = None) -> None:
    """Give each of many records of one kind a version that says what it says now, in few statements.

    For the installation's own data and for records from before there was a history; nobody may write meanwhile.
    importer: who brought them in from a file, where somebody did.
    """
    held: dict[Entity, RecordVersion] | None = None
    for thing in things:
        entity = entity_of(thing)
        held = _held(session, entity.kind) if held is None else held
        last, values = held.get(Entity(entity.kind, entity.ref)), snapshot(thing)
        if last is not None and last.fields == values:
            continue
        if last is not None:
            last.valid_until = now
        version = loaded(entity, values, now, None, last.number + 1 if last else 1)
        if importer is not None:
            version.source = ChangeSource.IMPORTED
            for name, value in _author(importer).items():
                setattr(version, name, value)
        session.add(version)
    session.flush()


def loaded(
    entity: Entity, values: dict[str, Any], since: datetime, until: datetime | None, number: int
) -> RecordVersion:
    """A version that came with the installation's own data."""
    return RecordVersion(
        kind=entity.kind, ref=entity.ref, number=number, state_iso2=entity.state, valid_from=since, valid_until=until,
        fields=values, source=ChangeSource.LOADED, by="",
    )  # fmt: skip


def changed_by_people(session: Session) -> set[int]:
    """Ids of the authorities whose present version somebody made, so that loading leaves them as they are."""
    query = select(RecordVersion.ref).where(
        RecordVersion.kind == EntityKind.AUTHORITY,
        RecordVersion.valid_until.is_(None),
        RecordVersion.source != ChangeSource.LOADED,
    )
    return {int(ref) for ref in session.scalars(query)}


def _held(session: Session, kind: EntityKind) -> dict[Entity, RecordVersion]:
    query = select(RecordVersion).where(RecordVersion.kind == kind, RecordVersion.valid_until.is_(None))
    return {Entity(kind, version.ref): version for version in session.scalars(query)}


def current(session: Session, entity: Entity) -> RecordVersion | None:
    """The version that holds now."""
    query = _of(entity).where(RecordVersion.valid_until.is_(None)).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def numbered(session: Session, entity: Entity, number: int) -> RecordVersion | None:
    """One version of a record, or None."""
    found: RecordVersion | None = session.scalars(_of(entity).where(RecordVersion.number == number)).one_or_none()
    return found


def versions(session: Session, entity: Entity) -> Sequence[RecordVersion]:
    """All versions of a record, the first one first."""
    return session.scalars(_of(entity).order_by(RecordVersion.number)).all()


def on(session: Session, entity: Entity, day: date) -> RecordVersion | None:
    """The version that held when a day (in UTC) was over."""
    return as_of(versions(session, entity), day)


def authorities_on(session: Session, iso2: str, day: date) -> dict[int, dict[str, Any]]:
    """What a State's authorities said when a day was over: fields by the authority's id."""
    query = select(RecordVersion).where(RecordVersion.kind == EntityKind.AUTHORITY, RecordVersion.state_iso2 == iso2)
    found: dict[str, list[RecordVersion]] = {}
    for version in session.scalars(query.order_by(RecordVersion.number)):
        found.setdefault(version.ref, []).append(version)
    held = {ref: as_of(of_one, day) for ref, of_one in found.items()}
    return {int(ref): version.fields for ref, version in held.items() if version is not None}


def fields_of(entity: Entity) -> Sequence[Field]:
    """The table of a record's fields."""
    return FIELDS[entity.kind]


def _of(entity: Entity) -> Any:
    return select(RecordVersion).where(RecordVersion.kind == entity.kind, RecordVersion.ref == entity.ref)


def _next_number(session: Session, entity: Entity) -> int:
    query = _of(entity).order_by(RecordVersion.number.desc()).limit(1)
    last = session.scalars(query).one_or_none()
    return last.number + 1 if last else 1


def function_of(actor: Actor) -> str:
    """As what somebody acts: the post and its authority, in the words of the directory."""
    if actor.posts:
        return f"{actor.post_title}, {actor.authority_name}"[:300]
    return SECRETARIAT if actor.is_secretariat else ""


def _author(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        return {"account_id": None, "post_id": None, "by": ""}
    post_id = actor.posts[0].id if actor.posts else None
    return {"account_id": actor.account_id, "post_id": post_id, "by": function_of(actor)}


def _journal(
    session: Session,
    entity: Entity,
    kind: str,
    payload: dict[str, Any],
    actor: Actor | None,
    now: datetime,
    source: ChangeSource,
) -> None:
    author = _author(actor)
    journal.append(
        session, entity.topic, kind, payload | {"source": source.value}, now=now,
        account_id=author["account_id"], post_id=author["post_id"],
    )  # fmt: skip


def _forget_person(session: Session, entity: Entity) -> None:
    for version in versions(session, entity):
        version.fields = without_person(version.fields)
