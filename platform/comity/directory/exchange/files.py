"""Files as tables of texts: CSV (RFC 4180), XLSX (ISO/IEC 29500) and JSON (RFC 8259). Pure, bounded.

A file that is no such thing, or is larger inside than it may be, is refused as a whole.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.directory.exchange.cells import unguarded
from comity.directory.exchange.columns import NO, YES
from comity.directory.exchange.sheets import BY_NAME, FORMAT, SHEETS, VERSION

MOST_BYTES = 16 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 120, 20_000
_MOST_UNPACKED, _MOST_PARTS = 128 * 1024 * 1024, 500
_DELIMITERS = (",", ";", "\t")
_ZIP = b"PK\x03\x04"
_UNUSABLE = N_("This is no CSV, XLSX or JSON file that can be read.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where. row: as a spreadsheet counts, 1 is the header; 0 for the file. column: its name.

    message: a msgid with named parameters.
    """

    sheet: str
    row: int
    column: str
    message: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet by the names of their columns. problems: cells that could not be read."""

    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    problems: tuple[Problem, ...] = ()


class NotUsable(Invalid):
    """The file as a whole cannot be read."""

    message = _UNUSABLE


def read(content: bytes) -> tuple[Table, ...]:
    """The tables of a file, whatever its name says. Raises NotUsable."""
    if len(content) > MOST_BYTES:
        raise NotUsable(N_("The file is larger than %(most)s MB."), most=MOST_BYTES // 1024**2)
    if not content.strip():
        raise NotUsable(N_("The file is empty."))
    if content.startswith(_ZIP):
        return _workbook(content)
    text = _decoded(content)
    return _document(text) if text.lstrip().startswith(("{", "[")) else (_separated(text),)


def _decoded(content: bytes) -> str:
    """UTF-8, or UTF-16 that says so; anything else would be guessed, and names come out wrong."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise NotUsable(N_("The text is not in UTF-8. Please save the file as CSV UTF-8.")) from None
    if "\0" in text:
        raise NotUsable
    return text


def _separated(text: str) -> Table:
    first = text.lstrip("\n\r").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(LONGEST_CELL * 4)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise NotUsable from None
    header = tuple(lines[0]) if lines else ()
    return _table(_sheet_of(header), header, enumerate(lines[1:], start=2))


def _sheet_of(header: tuple[str, ...]) -> str:
    """A CSV file has no name inside: the sheet is the one that most columns belong to."""
    given = {name.strip() for name in header}
    best = max(SHEETS, key=lambda sheet: len(given & set(sheet.header)) / len(sheet.header))
    if best.key not in given:
        raise NotUsable(N_("The first row does not name the columns of the directory's format."))
    return best.name


def _workbook(content: bytes) -> tuple[Table, ...]:
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        return tuple(_worksheet(sheet) for sheet in book.worksheets if sheet.title in BY_NAME) or _no_sheet()
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise NotUsable from error


def _no_sheet() -> tuple[Table, ...]:
    raise NotUsable(N_("No sheet has the name of one of the directory's: %(names)s."), names=", ".join(BY_NAME))


def _check_archive(content: bytes) -> None:
    """What a spreadsheet unpacks to is declared, and no more than that is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise NotUsable(N_("The spreadsheet is larger inside than it may be."))
            for part in parts:
                with archive.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise NotUsable
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise NotUsable from None


def _worksheet(sheet: Any) -> Table:
    lines = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)
    header = tuple(_plain(cell.value) for cell in next(lines, ()))
    while header and not header[-1]:
        header = header[:-1]
    problems: list[Problem] = []

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(lines, start=2):
            for place, cell in enumerate(cells):
                if cell.data_type in ("f", "e") and cell.value is not None:
                    name = header[place] if place < len(header) else get_column_letter(place + 1)
                    reason = N_("A cell may not hold a formula.")
                    problems.append(Problem(sheet.title, number, name, reason, {}))
            yield number, ["" if cell.data_type in ("f", "e") else _plain(cell.value) for cell in cells]

    found = _table(sheet.title, header, rows())
    return Table(found.sheet, found.header, found.rows, (*problems, *found.problems))


def _plain(value: Any) -> str:
    """A typed cell as the text that the format has for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _table(sheet: str, header: tuple[str, ...], lines: Iterator[tuple[int, list[str]]]) -> Table:
    names = tuple(name.strip() for name in header)
    if len(names) > MOST_COLUMNS:
        raise NotUsable(N_("The sheet has more than %(most)s columns."), most=MOST_COLUMNS)
    rows: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise NotUsable(N_("The sheet has more than %(most)s rows."), most=MOST_ROWS)
        if any(cell.strip() for cell in cells[len(names) :]):
            problems.append(Problem(sheet, number, "", N_("The row has more cells than there are columns."), {}))
        row, wrong = _row(sheet, number, dict(zip(names, [*cells, *[""] * len(names)], strict=False)))
        rows.append((number, row))
        problems += wrong
    return Table(sheet, names, tuple(rows), tuple(problems))


def _row(sheet: str, number: int, cells: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    row: dict[str, str] = {}
    problems: list[Problem] = []
    for name, cell in cells.items():
        try:
            if len(cell) > LONGEST_CELL:
                raise Invalid(N_("Please shorten this to %(most)s characters."), field=name, most=LONGEST_CELL)
            row[name] = unguarded(cell, name)
        except Invalid as problem:
            problems.append(Problem(sheet, number, name, problem.message, problem.parameters))
            row[name] = ""
    return row, problems


def _document(text: str) -> tuple[Table, ...]:
    try:
        found = json.loads(text, object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError):
        raise NotUsable from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("version") != VERSION:
        raise NotUsable(N_("This JSON is not in the directory's format, version %(version)s."), version=VERSION)
    return tuple(_records(name, found[name]) for name in BY_NAME if name in found)


def _records(name: str, records: Any) -> Table:
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records) or len(records) > MOST_ROWS:
        raise NotUsable(N_("This JSON is not in the directory's format, version %(version)s."), version=VERSION)
    header = tuple(dict.fromkeys(key for one in records for key in one))
    rows: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    for number, one in enumerate(records, start=1):
        row: dict[str, str] = {}
        for key, value in one.items():
            if isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
                problems.append(Problem(name, number, key, N_("This holds no text, number or list of texts."), {}))
                value = ""
            row[key] = "\n".join(value) if isinstance(value, list) else _plain(value)
        rows.append((number, row))
    return Table(name, header, tuple(rows), tuple(problems))


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found
