"""Cells that cannot start a formula, and back. Pure.

A spreadsheet takes a cell that begins with one of `STARTS` for a formula. Such a text leaves with an apostrophe before
it, and so does one that has an apostrophe there of its own: what comes back is what went out.
"""

from __future__ import annotations

import re

from comity.core.errors import Invalid
from comity.core.i18n import N_

STARTS = "=+-@\t\r"
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_HARMLESS = re.compile(r"\+[0-9][0-9 ()./-]*|[+-]?[0-9]+([.,][0-9]+)?|- .*", re.DOTALL)


def guarded(text: str) -> str:
    """A text as it stands in a cell."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(cell: str, field: str) -> str:
    """The text of a cell. Numbers of telephones may be typed as they are. Raises Invalid for a formula."""
    if _GUARDED.match(cell):
        return cell[1:]
    if cell[:1] in tuple(STARTS) and not _HARMLESS.fullmatch(cell):
        raise Invalid(N_("A cell may not hold a formula."), field=field)
    return cell
