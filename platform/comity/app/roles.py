"""Prints `docs/roles.md` from the table that decisions are made from: `python -m comity.app.roles > docs/roles.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from comity.core.permissions import ROLES, TABLE
from comity.directory.vetting.machine import RULES

_OFFICERS = """\
An **officer** is whoever holds a post at an authority. **Focal points** and **network coordinators** are posts too:
whoever holds such a post has the office, and who stands in for its holder has it meanwhile. Beyond posts there are
roles of persons; none of them opens a consultation:"""
_GIVEN = """\
The secretariat appoints focal points and coordinators and gives roles, on pages that ask for a fresh factor; the first
member of the secretariat is invited by the operator (`comity user invite --role secretariat`). Nobody changes their own
roles, and the last member of the secretariat stays. A coordinator may do no more than other holders of posts yet."""
_APART = """\
Nobody takes a step on themselves, but the person who proves an address or declines. Who activates is neither who
nominated nor who confirmed. The secretariat confirms only whom the secretariat nominated: the first focal point of an
authority. The operator (`comity user let-in`) stands in for a second member of the secretariat."""


def document() -> str:
    """The page, in Markdown."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield "# Roles"
    yield ""
    yield "Printed by `python -m comity.app.roles` from `platform/comity/core/permissions.py`, the table that decisions"
    yield "are made from. What stands in no row is refused."
    yield ""
    yield "| what | who may | article or reason |"
    yield "| --- | --- | --- |"
    for rule in TABLE:
        yield f"| {rule.action.value} | {'; '.join(standing.value for standing in rule.who)} | {rule.why} |"
    yield ""
    yield _OFFICERS
    yield ""
    yield "| role | what it is for |"
    yield "| --- | --- |"
    for role, words in ROLES.items():
        yield f"| {role.value} | {words} |"
    yield ""
    yield _GIVEN
    yield ""
    yield "## Two offices"
    yield ""
    yield "Nobody comes in by one person's word. Printed from `platform/comity/directory/vetting/machine.py`:"
    yield ""
    yield "| step | from | to | who takes it |"
    yield "| --- | --- | --- | --- |"
    for row in RULES:
        before = ", ".join(stage.value if stage else "-" for stage in row.before)
        offices = ", ".join(office.value for office in row.offices)
        yield f"| {row.step.value} | {before} | {row.after.value} | {offices} |"
    yield ""
    yield _APART


if __name__ == "__main__":
    sys.stdout.write(document())
