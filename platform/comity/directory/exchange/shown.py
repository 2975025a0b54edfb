"""Files on their way, in the reader's language: what the pages of the exchange say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from comity.core.i18n import N_
from comity.core.times import both_zones
from comity.directory.exchange.tasks import Kind, Stage, Task
from comity.directory.facts import Reader
from comity.directory.names import state_name
from comity.directory.present import Chip

KINDS = {Kind.EXPORT: N_("Export"), Kind.IMPORT: N_("Import"), Kind.BOOK: N_("Printed directory")}
SHEET_LABELS = {
    "states": N_("States"),
    "authorities": N_("Authorities"),
    "practitioners": N_("Practitioners"),
    "notifications": N_("Notifications"),
    "networks": N_("Regional networks"),
    "arrangements": N_("Cross-border arrangements"),
}
_STAGES = {
    Stage.WAITING: (N_("Waiting for its turn"), "on"),
    Stage.RUNNING: (N_("In progress"), "on"),
    Stage.SHOWN: (N_("Waits for your decision"), "warn"),
    Stage.APPLYING: (N_("Being written"), "on"),
    Stage.INDEXING: (N_("Written; search is being filled"), "on"),
    Stage.DONE: (N_("Done"), "good"),
    Stage.FAILED: (N_("Failed"), "bad"),
    Stage.CANCELLED: (N_("Cancelled"), ""),
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list. file: address of what can be downloaded, or empty."""

    url: str
    kind: str
    what: str
    when: str
    stage: Chip
    file: str


@dataclass(frozen=True, slots=True)
class Place:
    """What is wrong in a file, and where."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column of a row, before and after."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happens to a row. fields: empty for a row that is added, whose name says enough."""

    key: str
    sheet: str
    added: bool
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import would do or did. absent: in words. more_problems, more_changes: how many are not listed."""

    places: tuple[Place, ...]
    changes: tuple[RowChange, ...]
    added: int
    changed: int
    unchanged: int
    absent: tuple[str, ...]
    left_out: tuple[str, ...]
    total_problems: int
    more_problems: int
    more_changes: int
    moved: bool


def task_row(one: Task, reader: Reader) -> TaskRow:
    """A task as a row of a list."""
    words, tone = _STAGES[one.stage]
    ready = one.stage is Stage.DONE and one.kind is not Kind.IMPORT
    return TaskRow(
        url=url_for("directory.exchange.task", public_id=one.public_id),
        kind=_(KINDS[one.kind]),
        what=one.file_name or _what(one, reader),
        when=both_zones(one.created_at, reader.language, reader.actor.zone, reader.actor.zone),
        stage=Chip(_(words), tone),
        file=url_for("directory.exchange.download", public_id=one.public_id) if ready else "",
    )


def trouble(one: Task) -> str:
    """Why it failed."""
    return str(_(one.trouble, **one.asked.get("parameters", {}))) if one.trouble else ""


def counted(one: Task) -> str:
    """How far it is, in words."""
    return str(_("%(done)s of %(total)s", done=one.done, total=one.total))


def outcome(found: dict[str, Any]) -> Outcome | None:
    """What the worker wrote down; None where it has not yet."""
    if not found:
        return None
    places = tuple(
        Place(_(SHEET_LABELS[p["sheet"]]), p["row"], p["column"], _(p["message"], **p["parameters"]))
        for p in found["problems"]
    )
    changes = tuple(map(_row_change, found["changes"]))
    return Outcome(
        places=places,
        changes=changes,
        added=found["added"],
        changed=found["changed"],
        unchanged=found["unchanged"],
        absent=tuple(
            f"{_(SHEET_LABELS[name])}: {ngettext('%(num)s entry', '%(num)s entries', count)}"
            for name, count in found["absent"].items()
            if count
        ),
        left_out=tuple(_(SHEET_LABELS[name]) for name in found["left_out"]),
        total_problems=found["total_problems"],
        more_problems=found["total_problems"] - len(places),
        more_changes=found["added"] + found["changed"] - len(changes) if changes else 0,
        moved=bool(found.get("moved")),
    )


def _row_change(change: dict[str, Any]) -> RowChange:
    fields = change["fields"]
    name = fields.get("name_en", fields.get("name", ("", "")))[1]
    shown = () if change["added"] else tuple(FieldChange(column, *pair) for column, pair in fields.items())
    return RowChange(change["key"], _(SHEET_LABELS[change["sheet"]]), change["added"], name, shown)


def _what(one: Task, reader: Reader) -> str:
    if one.kind is Kind.BOOK:
        return ""
    state, network = one.asked.get("state"), one.asked.get("network")
    return state_name(state, reader.language) if state else network or ""
