"""Tables as files: CSV (one, or several in a ZIP file), XLSX and JSON. Pure: takes rows, writes into a stream."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from comity.directory.exchange import columns
from comity.directory.exchange.cells import guarded
from comity.directory.exchange.columns import YES, Column, Row
from comity.directory.exchange.sheets import FORMAT, VERSION, Sheet

_LISTS = (columns.LINES, columns.LANGUAGES, columns.STATES, columns.DAYS)
Tables = Mapping[Sheet, Iterable[Row]]


class Form(StrEnum):
    """What the file is."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "json": "application/json",
    "pdf": "application/pdf",
}


def extension(form: Form, tables: int) -> str:
    """How the file's name ends. tables: how many there are; several CSV files travel in a ZIP file."""
    return "zip" if form is Form.CSV and tables > 1 else form.value


def write(stream: IO[bytes], form: Form, tables: Tables, as_at: datetime) -> None:
    """Write the tables. as_at: the instant that they show."""
    _WRITERS[form](stream, tables, as_at)


def _csv(stream: IO[bytes], tables: Tables, as_at: datetime) -> None:
    if len(tables) == 1:
        stream.write(next(_separated(sheet, rows) for sheet, rows in tables.items()))
        return
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet, rows in tables.items():
            archive.writestr(f"{sheet.name}.csv", _separated(sheet, rows))


def _separated(sheet: Sheet, rows: Iterable[Row]) -> bytes:
    """With a byte order mark, without which spreadsheets take UTF-8 for something else."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.header)
    writer.writerows([guarded(row[name]) for name in sheet.header] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(stream: IO[bytes], tables: Tables, as_at: datetime) -> None:
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.created = "Comity", as_at.replace(tzinfo=None)
    bold = Font(bold=True)
    for sheet, rows in tables.items():
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "B2"
        for number, _column in enumerate(sheet.columns):
            page.column_dimensions[_letter(number)].width = 24
        head = []
        for name in sheet.header:
            cell = WriteOnlyCell(page, value=name)
            cell.font = bold
            head.append(cell)
        page.append(head)
        for row in rows:
            page.append([_text_cell(page, guarded(row[name])) if row[name] else None for name in sheet.header])
    book.save(stream)


def _text_cell(page: Any, text: str) -> Any:
    """Every cell is a text: no number loses its zeros, and nothing is counted."""
    if text[:1] != "=":
        return text
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    return cell


def _letter(number: int) -> str:
    return chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)


def _json(stream: IO[bytes], tables: Tables, as_at: datetime) -> None:
    head = {"format": FORMAT, "version": VERSION, "as_at": as_at.isoformat()}
    stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode())
    for sheet, rows in tables.items():
        stream.write(f",\n{json.dumps(sheet.name)}: [".encode())
        for number, row in enumerate(rows):
            record = {column.name: _value(column, row[column.name]) for column in sheet.columns}
            stream.write((",\n" if number else "\n").encode() + json.dumps(record, ensure_ascii=False).encode())
        stream.write(b"]")
    stream.write(b"}\n")


def _value(column: Column, text: str) -> Any:
    if column.shape in _LISTS or "some of" in column.shape.form:
        return text.splitlines() if column.shape is columns.LINES else text.split()
    if not text:
        return None
    if column.shape is columns.FLAG:
        return text == YES
    return int(text) if column.shape is columns.NUMBER else text


_WRITERS: Mapping[Form, Callable[[IO[bytes], Tables, datetime], None]] = {
    Form.CSV: _csv,
    Form.XLSX: _xlsx,
    Form.JSON: _json,
}
