"""Prints `docs/roles.md` from the table that decisions are made from: `python -m comity.app.roles > docs/roles.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from comity.core.permissions import ROLES, TABLE


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
    yield "An **officer** is whoever holds a post at an authority. Beyond posts there are roles, given with"
    yield "`comity user invite --role`; none of them opens a consultation:"
    yield ""
    yield "| role | what it is for |"
    yield "| --- | --- |"
    for role, words in ROLES.items():
        yield f"| {role.value} | {words} |"
    yield ""
    yield "Focal points, network coordinators and moderators come with the parts that they act in."


if __name__ == "__main__":
    sys.stdout.write(document())
