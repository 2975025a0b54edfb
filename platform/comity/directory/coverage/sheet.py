"""A table as CSV (RFC 4180) of which no cell can start a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: object) -> str:
    """A value that spreadsheets take for text: an apostrophe stands before what would start a formula."""
    words = str(value)
    return f"'{words}" if words.lstrip(" ").startswith(_STARTS) else words


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table in UTF-8, with the mark that spreadsheets know it by."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([safe(value) for value in row])
    return out.getvalue().encode("utf-8-sig")
