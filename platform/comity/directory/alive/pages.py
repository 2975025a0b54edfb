"""What the pages about histories and proposals show, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import N_
from comity.core.times import day
from comity.directory import fields
from comity.directory.alive.cycle import is_stale
from comity.directory.alive.due import Record
from comity.directory.alive.merging import FieldChange, Standing
from comity.directory.alive.models import ChangeProposal, OutdatedReport, ProposalStatus
from comity.directory.alive.words import Difference, difference, words
from comity.directory.facts import Fact, Reader
from comity.directory.fields import Field, Group
from comity.directory.history import ChangeSource, RecordVersion
from comity.directory.models import Authority
from comity.directory.names import state_name
from comity.directory.present import Chip
from comity.directory.record import Practitioner
from comity.directory.snapshots import FIELDS, Entity, Thing, snapshot
from comity.directory.versions import differences
from comity.directory.vocabulary import DetailKind

SOURCES: Mapping[ChangeSource, str] = {
    ChangeSource.LOADED: N_("Loaded with the installation's data"),
    ChangeSource.IMPORTED: N_("Imported"),
    ChangeSource.EDITED: N_("Edited"),
    ChangeSource.PROPOSAL: N_("Proposed and accepted"),
    ChangeSource.CONFIRMED: N_("Confirmed"),
}
STATUSES: Mapping[ProposalStatus, tuple[str, str]] = {
    ProposalStatus.WAITING: (N_("Waits for a decision"), "warn"),
    ProposalStatus.ACCEPTED: (N_("Accepted"), "good"),
    ProposalStatus.PARTLY_ACCEPTED: (N_("Accepted in part"), "good"),
    ProposalStatus.DECLINED: (N_("Declined"), ""),
    ProposalStatus.WITHDRAWN: (N_("Withdrawn"), ""),
}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version on a history's page. first: the record begins with it. day: on which it came to be, in UTC."""

    at: datetime
    day: str
    source: str
    by: str
    proposal_url: str
    first: bool
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A field of a proposal on its page. now: what the record says, where that is something else by now."""

    name: str
    label: str
    article: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    now: tuple[str, ...]
    conflict: bool
    already: bool


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in a list."""

    url: str
    authority: str
    state: str
    by: str
    at: datetime
    status: Chip
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record to confirm. facts: what is to be looked at."""

    kind: str
    ref: str
    name: str
    language: str
    under: str
    url: str
    change_url: str
    confirmed: str
    asked: str
    stale: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands against an entry. Words, or empty."""

    stale: str
    reported: str
    bounced: str


UNMARKED = Marks("", "", "")


def version_lines(entity: Entity, versions: Sequence[RecordVersion], language: str) -> list[VersionLine]:
    """A history, the newest version first."""
    table = FIELDS[entity.kind]
    pairs = list(pairwise([None, *versions]))
    return [_version_line(table, old, new, language) for old, new in reversed(pairs) if new is not None]


def change_lines(changes: Sequence[FieldChange], language: str) -> list[ChangeLine]:
    """The fields of a proposal."""
    return [
        ChangeLine(
            one.field.name, _(one.field.label), one.field.article,
            words(one.field, one.before, language), words(one.field, one.after, language),
            words(one.field, one.now, language) if one.standing is Standing.CONFLICT else (),
            one.standing is Standing.CONFLICT, one.standing is Standing.ALREADY,
        )
        for one in changes
    ]  # fmt: skip


def proposal_line(proposal: ChangeProposal, language: str) -> ProposalLine:
    """A proposal in a list."""
    return ProposalLine(
        url=url_for("proposals.page", proposal_id=proposal.id),
        authority=proposal.authority.name_en,
        state=state_name(proposal.authority.state_iso2, language),
        by=proposal.by,
        at=proposal.created_at,
        status=status_chip(proposal),
        fields=tuple(_(field.label) for field in fields.EDITABLE if field.name in proposal.after),
    )


def status_chip(proposal: ChangeProposal) -> Chip:
    """How far a proposal has come."""
    label, tone = STATUSES[proposal.status]
    return Chip(_(label), tone)


def record_line(record: Record, asked_at: datetime | None, language: str, now: datetime) -> RecordLine:
    """A record to confirm."""
    page = url_for("directory.authority", authority_id=record.authority.id)
    confirmed = record.confirmed_on
    return RecordLine(
        kind=record.entity.kind.value,
        ref=record.entity.ref,
        name=record.name,
        language=record.language,
        under=record.authority.name_en if record.is_person else state_name(record.authority.state_iso2, language),
        url=page,
        change_url=_change_url(record),
        confirmed=_("Confirmed %(date)s", date=day(confirmed, language)) if confirmed else _("Never confirmed"),
        asked=_("Asked on %(date)s", date=day(asked_at.date(), language)) if asked_at else "",
        stale=record.stale(now),
        facts=record_facts(record.thing, language),
    )


def _change_url(record: Record) -> str:
    """Where a record is changed: a person's own form, or that of the authority."""
    if not record.is_person:
        return url_for("proposals.new", authority_id=record.authority.id)
    return url_for("entry.edit", public_id=record.entity.ref)


def record_facts(thing: Thing, language: str) -> tuple[Fact, ...]:
    """What somebody looks at who confirms a record: how to reach an authority; post and languages of a person."""
    values = snapshot(thing)
    table = fields.EDITABLE if isinstance(thing, Authority) else fields.PRACTITIONER
    wanted = [f for f in table if f.group in (Group.CONTACT, Group.HOURS) or f.name in _OF_PERSON]
    said = tuple(
        Fact(_(field.label), items=words(field, values[field.name], language))
        for field in wanted
        if values.get(field.name)
    )
    return said + (_details(thing, language) if isinstance(thing, Practitioner) else ())


def _details(person: Practitioner, language: str) -> tuple[Fact, ...]:
    """How to reach a person: for those who confirm, who see all of it."""
    return tuple(
        Fact(_(_DETAILS[detail.kind]), items=(detail.value, *_came_back(detail.bounced_at, language)))
        for detail in person.details
    )


def _came_back(bounced_at: datetime | None, language: str) -> tuple[str, ...]:
    if bounced_at is None:
        return ()
    return (_("Mail to this address came back on %(date)s", date=_day(bounced_at, language)),)


_DETAILS: Mapping[DetailKind, str] = {
    DetailKind.EMAIL: N_("E-mail"),
    DetailKind.TELEPHONE: N_("Telephone"),
    DetailKind.MOBILE: N_("Mobile telephone"),
    DetailKind.TELEFAX: N_("Telefax"),
}
_OF_PERSON = frozenset({"post", "role", "languages", "specialities"})


def marks(record: Record, reports: Sequence[OutdatedReport], bounced_at: datetime | None, reader: Reader) -> Marks:
    """What stands against a record now."""
    confirmed, language = record.confirmed_on, reader.language
    stale = is_stale(record.next_review_on, reader.now) and confirmed is not None
    return Marks(
        stale=_("Not confirmed since %(date)s", date=day(confirmed, language)) if stale and confirmed else "",
        reported=_("Reported as outdated on %(date)s", date=_day(reports[0].created_at, language)) if reports else "",
        bounced="".join(_came_back(bounced_at, language)),
    )


def as_of_words(on: date, language: str) -> str:
    """The banner of a page that shows a record as it was."""
    return str(_("As it was on %(date)s. Days are counted in UTC.", date=day(on, language)))


def field_facts(entity: Entity, values: Mapping[str, Any], language: str) -> tuple[Fact, ...]:
    """Everything that a version of a record says."""
    return tuple(
        Fact(_(field.label), items=words(field, values[field.name], language), article=field.article)
        for field in FIELDS[entity.kind]
        if values.get(field.name) not in (None, "", [])
    )


def _version_line(table: Sequence[Field], old: RecordVersion | None, new: RecordVersion, language: str) -> VersionLine:
    changes = differences(table, old.fields if old else None, new.fields)
    return VersionLine(
        at=new.valid_from,
        day=new.valid_from.astimezone(UTC).date().isoformat(),
        source=_(SOURCES[new.source]),
        by=new.by,
        proposal_url=url_for("proposals.page", proposal_id=new.proposal_id) if new.proposal_id else "",
        first=old is None,
        changes=tuple(difference(change, language) for change in changes),
    )


def _day(moment: datetime, language: str) -> str:
    return day(moment.astimezone(UTC).date(), language)
