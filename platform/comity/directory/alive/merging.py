"""A proposal against a record that has moved on: field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comity.directory.fields import Field


class Standing(StrEnum):
    """How a proposed value stands to what the record says now."""

    CLEAN = "clean"
    """The record still says what the proposal is based on."""
    CONFLICT = "conflict"
    """Somebody has changed the field since."""
    ALREADY = "already"
    """The record says by now what is proposed."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a proposal, as JSON values. before: what the proposal is based on; now: what the record says."""

    field: Field
    before: Any
    now: Any
    after: Any

    @property
    def standing(self) -> Standing:
        if self.now == self.after:
            return Standing.ALREADY
        return Standing.CLEAN if self.now == self.before else Standing.CONFLICT


def changed(
    fields: Iterable[Field], base: Mapping[str, Any], wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a proposal holds: of the fields that differ, what they say and what they are to say."""
    names = [f.name for f in fields if f.name in wanted and base.get(f.name) != wanted[f.name]]
    return {name: base.get(name) for name in names}, {name: wanted[name] for name in names}


def merge(
    fields: Sequence[Field], before: Mapping[str, Any], after: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[FieldChange, ...]:
    """The fields of a proposal in the order of the table, each against what the record says now."""
    return tuple(
        FieldChange(field, before.get(field.name), now.get(field.name), after[field.name])
        for field in fields
        if field.name in after
    )
