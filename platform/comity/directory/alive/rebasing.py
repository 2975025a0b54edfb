"""A form that was filled in while the record changed. Pure, but for the words of conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.directory import fields
from comity.directory.alive.merging import Standing, changed, merge
from comity.directory.alive.parsing import Problems, Typed, typed_from
from comity.directory.alive.words import words

_MOVED = N_("Somebody has changed this meanwhile. It says now: %(now)s. Send again to propose what stands here.")


def onto(
    typed: Typed, base: Mapping[str, Any], current: Mapping[str, Any], values: Mapping[str, Any], language: str
) -> tuple[dict[str, list[str]], Problems]:
    """The form on top of what the record says by now, and the fields in conflict, each told with its present value.

    base: what the form was filled in on. values: what was typed, as values; what cannot be used is left out of it.
    What was typed stays; what was left alone takes the record's present value.
    """
    before, after = changed(fields.EDITABLE, base, values)
    touched = set(after) | {field.name for field in fields.EDITABLE if field.name not in values}
    fresh = typed_from(current, language)
    renewed = {name: list(typed.get(name, [])) if name in touched else fresh[name] for name in fresh}
    problems = {
        one.field.name: Invalid(_MOVED, field=one.field.name, now=", ".join(words(one.field, one.now, language)))
        for one in merge(fields.EDITABLE, before, after, current)
        if one.standing is Standing.CONFLICT
    }
    return renewed, problems
