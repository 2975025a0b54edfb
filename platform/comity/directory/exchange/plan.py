"""What an import would do: tables against what stands in the directory. Pure.

Everything that is wrong is found at once, each with its place; what is wrong in one cell stops the whole file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.directory import checks
from comity.directory.exchange.columns import NO, Column, Row
from comity.directory.exchange.files import Problem, Table
from comity.directory.exchange.sheets import AUTHORITIES, BY_NAME, Sheet
from comity.directory.fold import fold

MOST_PROBLEMS = 200
_UNKNOWN_STATE = N_("There is no such State.")
Standing = Mapping[str, Mapping[str, Row]]
"""What stands in the directory: rows by sheet and key."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one row. fields: canonical text before and after, by column; of a new row, from empty."""

    sheet: str
    key: str
    added: bool
    fields: dict[str, tuple[str, str]]


@dataclass(slots=True)
class Plan:
    """What an import would do. absent: rows of the directory that the file does not have, by sheet; they stay.

    left_out: sheets of the file that are not taken in. total_problems: how many, of which the first are kept.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    absent: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    total_problems: int = 0

    @property
    def usable(self) -> bool:
        """Whether it can be applied."""
        return not self.total_problems and bool(self.changes)

    def refuse(self, problem: Problem) -> None:
        """Note what is wrong."""
        self.total_problems += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def digest(self) -> str:
        """What the changes are, in 64 digits: the same file gives another one when the directory has moved on."""
        told = [[one.sheet, one.key, one.added, sorted(one.fields.items())] for one in self.changes]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def make(
    tables: Sequence[Table], standing: Standing, states: frozenset[str], progress: Callable[[int], None] | None = None
) -> Plan:
    """The plan of a file. states: codes of those there are. progress: told how many rows were checked."""
    plan, done = Plan(), 0
    for table in tables:
        sheet = BY_NAME[table.sheet]
        if not sheet.imported:
            plan.left_out.append(sheet.name)
            continue
        if not _fits(plan, sheet, table):
            continue
        for problem in table.problems:
            plan.refuse(problem)
        checker = _Checker(plan, sheet, standing.get(sheet.name, {}), states)
        for number, cells in table.rows:
            checker.take(number, cells)
            done += 1
            if progress is not None and done % 100 == 0:
                progress(done)
        plan.absent[sheet.name] = len(checker.standing.keys() - checker.seen.keys())
    return plan


def _fits(plan: Plan, sheet: Sheet, table: Table) -> bool:
    """Whether the table has the sheet's columns, each once and no other."""
    names, wanted = table.header, sheet.header
    if not table.rows:
        return False
    before = plan.total_problems
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            plan.refuse(Problem(sheet.name, 1, name, N_("This column stands there twice."), {}))
        elif name not in wanted:
            plan.refuse(Problem(sheet.name, 1, name, N_("There is no such column."), {}))
    for name in wanted:
        if name not in names:
            plan.refuse(Problem(sheet.name, 1, name, N_("This column is missing."), {}))
    return plan.total_problems == before


class _Checker:
    """Checks the rows of one sheet, one after another."""

    def __init__(self, plan: Plan, sheet: Sheet, standing: Mapping[str, Row], states: frozenset[str]) -> None:
        self.plan, self.sheet, self.standing, self.states = plan, sheet, standing, states
        self.seen: dict[str, int] = {}
        self.names = {_identity(row): key for key, row in standing.items()} if sheet is AUTHORITIES else {}
        self.broken = {(problem.row, problem.column) for problem in plan.problems if problem.sheet == sheet.name}

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        """Check a row, and note what it would change."""
        before = self.plan.total_problems
        found = {column.name: self._cell(number, column, cells) for column in self.sheet.columns}
        key = found[self.sheet.key]
        if not key:
            return
        if key in self.seen:
            self._refuse(number, self.sheet.key, N_("This stands in row %(row)s already."), row=self.seen[key])
            return
        self.seen[key] = number
        old = self.standing.get(key)
        if old is None and not self.sheet.may_add:
            self._refuse(number, self.sheet.key, N_("There is no such entry, and an import adds none."))
        for column in self.sheet.columns:
            stands = (old or {}).get(column.name, NO)
            if column.fixed and found[column.name] not in ("", stands):
                self._refuse(number, column.name, N_("An import does not change this."))
        for name, message in _wrong_together(self.sheet, found):
            self._refuse(number, name, message)
        self._refuse_twin(number, key, found)
        if self.plan.total_problems == before:
            self._difference(key, found, old)

    def _refuse_twin(self, number: int, key: str, found: Row) -> None:
        """One name, unit and State under two codes is one authority that was entered twice."""
        if self.sheet is AUTHORITIES and found["name_en"] and found["state"]:
            other = self.names.setdefault(_identity(found), key)
            if other != key and key not in self.standing:
                self._refuse(number, "name_en", N_("This authority is there already, as %(code)s."), code=other)

    def _cell(self, number: int, column: Column, cells: Mapping[str, str]) -> str:
        typed = cells.get(column.name, "").strip()
        if not typed:
            # A group of columns is looked at as a whole, and a cell that was refused is not refused twice.
            if column.needed and not column.fixed and not column.together and not self._is_broken(number, column.name):
                self._refuse(number, column.name, N_("Please fill this in."))
            return ""
        try:
            text = column.read(typed)
        except Invalid as problem:
            self._refuse(number, column.name, problem.message, **problem.parameters)
            return ""
        if column.shape.form.startswith(("ISO 3166-1", "alpha-2")) and not self.states.issuperset(text.split()):
            self._refuse(number, column.name, _UNKNOWN_STATE)
        return text

    def _is_broken(self, number: int, name: str) -> bool:
        return (number, name) in self.broken

    def _difference(self, key: str, found: Row, old: Row | None) -> None:
        fields = {
            column.name: ((old or {}).get(column.name, ""), found[column.name])
            for column in self.sheet.columns
            if not column.fixed and found[column.name] != (old or {}).get(column.name, "")
        }
        if fields:
            self.plan.changes.append(Change(self.sheet.name, key, old is None, fields))
        else:
            self.plan.unchanged += 1

    def _refuse(self, number: int, column: str, message: str, **parameters: Any) -> None:
        self.plan.refuse(Problem(self.sheet.name, number, column, message, parameters))


def _identity(row: Row) -> tuple[str, ...]:
    return (row["state"], row["part"], fold(row["name_en"]), fold(row["unit"]))


def _wrong_together(sheet: Sheet, found: Row) -> Iterator[tuple[str, str]]:
    """What is wrong between the cells of a row."""
    groups = {column.together for column in sheet.columns if column.together}
    for group in groups:
        members = [column for column in sheet.columns if column.together == group]
        if any(found[column.name] for column in members):
            for column in members:
                if column.needed and not found[column.name]:
                    yield column.name, N_("Please fill this in.")
    if sheet.name == "authorities" and found["opens"] and found["closes"] and found["zone"] and found["office_days"]:
        try:
            checks.office_hours(found["zone"], found["office_days"], found["opens"], found["closes"], "opens")
        except Invalid as problem:
            yield "opens", problem.message
    if sheet.name == "arrangements" and len(found["states"].split()) == 1:
        yield "states", N_("An arrangement is between at least two States.")
