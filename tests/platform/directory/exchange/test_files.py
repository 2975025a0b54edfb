"""Files of each form, and everything that is no such file."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from comity.directory.exchange.files import MOST_BYTES, NotUsable, read
from comity.directory.exchange.sheets import AUTHORITIES, NETWORKS, SHEETS
from comity.directory.exchange.writing import Form, write

AS_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADER = ",".join(NETWORKS.header)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).map(str.strip)


def row(**values: str) -> dict[str, str]:
    return dict.fromkeys(NETWORKS.header, "") | values


def written(form: Form, rows: list[dict[str, str]]) -> bytes:
    stream = io.BytesIO()
    write(stream, form, {NETWORKS: rows}, AS_AT)
    return stream.getvalue()


@given(st.sampled_from(Form), st.lists(st.tuples(words, words), max_size=4))
def test_each_form_reads_what_it_wrote(form: Form, pairs: list[tuple[str, str]]) -> None:
    rows = [row(code=f"n{number}", name=name, full_name=full) for number, (name, full) in enumerate(pairs)]
    (table,) = read(written(form, rows))
    assert not table.problems
    assert [dict(row(), **found) for _number, found in table.rows] == rows


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("text", ["=1+1", "+43 1", "-x", "@a", "'=1", "''-"])
def test_a_text_that_looks_like_a_formula_comes_back(form: Form, text: str) -> None:
    (table,) = read(written(form, [row(code="n", name=text)]))
    assert not table.problems
    assert table.rows[0][1]["name"] == text


def test_no_cell_of_a_spreadsheet_is_a_formula() -> None:
    content = written(Form.XLSX, [row(code="n", name="=1+1")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"'=1+1" in sheet or b"&apos;=1+1" in sheet


def test_several_tables_as_csv_are_a_zip_of_one_each() -> None:
    stream = io.BytesIO()
    write(stream, Form.CSV, {sheet: [] for sheet in SHEETS}, AS_AT)
    with zipfile.ZipFile(stream) as archive:
        assert archive.namelist() == [f"{sheet.name}.csv" for sheet in SHEETS]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_as_spreadsheets_save_it(delimiter: str, encoding: str) -> None:
    text = HEADER.replace(",", delimiter) + "\r\n" + delimiter.join(["ejn", "Сеть"]) + "\r\n"
    (table,) = read(text.encode(encoding))
    assert table.sheet == "networks"
    assert table.rows[0] == (2, row(code="ejn", name="Сеть"))


def workbook(cells: list[list[Any]], title: str = "networks") -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for line in cells:
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_typed_cells_of_a_spreadsheet_are_texts() -> None:
    cells = ["n", True, 2004, 1.5, datetime(2024, 5, 1)]  # noqa: DTZ001
    (table,) = read(workbook([list(NETWORKS.header), cells]))
    assert list(table.rows[0][1].values())[:5] == ["n", "yes", "2004", "1.5", "2024-05-01"]


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x")'])
def test_a_formula_is_refused_with_its_place(formula: str) -> None:
    for content in (
        workbook([list(NETWORKS.header), ["ok", "Name"], ["n", formula]]),
        (HEADER + '\nok,Name\nn,"' + formula.replace('"', '""') + '"\n').encode(),
    ):
        (table,) = read(content)
        assert [(p.sheet, p.row, p.column) for p in table.problems] == [("networks", 3, "name")]


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (129 * 1024 * 1024))
    return stream.getvalue()


def with_entities() -> bytes:
    content, stream = workbook([list(NETWORKS.header), ["n"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            target.writestr(
                part, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + text if "sheet1" in part else text
            )
    return stream.getvalue()


UNUSABLE = {
    "nothing": b"  \n",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "cp1252": HEADER.encode() + "\nn,Justizbeh\xf6rde\n".encode("cp1252"),
    "utf-16 that does not say so": HEADER.encode("utf-16-le"),
    "another table": b"a,b\n1,2\n",
    "an open quotation": (HEADER + '\nn,"open').encode(),
    "a broken spreadsheet": workbook([["a"]])[:400],
    "a spreadsheet of something else": workbook([["a"]], "Sheet1"),
    "a ZIP bomb": bomb(),
    "entities": with_entities(),
    "another JSON": b'{"format": "else"}',
    "a repeated name": b'{"format": "comity-directory", "version": 1, "version": 1}',
    "deep JSON": b"[" * 100_000,
    "too many rows": (HEADER + "\n" + "n,x\n" * 20_001).encode(),
    "too many bytes": b"x" * (MOST_BYTES + 1),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_is_no_such_file_is_refused(kind: str) -> None:
    with pytest.raises(NotUsable):
        read(UNUSABLE[kind])


def test_a_row_with_more_cells_than_columns_is_told() -> None:
    (table,) = read((HEADER + "\nn" + "," * len(NETWORKS.header) + "more\n").encode())
    assert [problem.row for problem in table.problems] == [2]


def test_json_with_an_object_in_a_cell_is_told() -> None:
    document = {"format": "comity-directory", "version": 1, "authorities": [{"code": {"a": 1}}]}
    (table,) = read(json.dumps(document).encode())
    assert [(p.row, p.column) for p in table.problems] == [(1, "code")]
    assert table.sheet == AUTHORITIES.name
