"""What a record was on a day, and what changed between two versions. Pure.

A record's versions are half-open intervals: each ends at the instant at which the next begins. Days are counted in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar

from comity.directory.fields import Field


class Dated(Protocol):
    """Something that held from an instant until another. valid_until: None while it lasts."""

    @property
    def valid_from(self) -> datetime: ...

    @property
    def valid_until(self) -> datetime | None: ...


Version = TypeVar("Version", bound=Dated)


@dataclass(frozen=True, slots=True)
class Change:
    """What a field was and is, as JSON values."""

    field: Field
    old: Any
    new: Any


def end_of(day: date) -> datetime:
    """The instant at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def as_of(versions: Iterable[Version], day: date) -> Version | None:
    """The version that held when a day was over: None where there was none yet, or none any more.

    versions: of one record, each ending where the next begins. So today's answer is the one that holds now.
    """
    over = end_of(day)
    holding = (
        one for one in versions if one.valid_from < over and (one.valid_until is None or one.valid_until >= over)
    )
    return next(holding, None)


def differences(fields: Sequence[Field], old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[Change, ...]:
    """The fields that differ, in the order of the table. old: None for a record that was not there: nothing differs."""
    if old is None:
        return ()
    return tuple(
        Change(field, old.get(field.name), new.get(field.name))
        for field in fields
        if old.get(field.name) != new.get(field.name)
    )
