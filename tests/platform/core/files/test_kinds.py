"""A file's name and its content must agree; programs are not taken under any name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from comity.core.files.kinds import OCTETS, PROGRAMS, TABLE, Unacceptable, content_of, judge
from tests.platform.core.files.samples import CONTENTS, EXE, JPEG, OLE, PDF, PNG, ZIP

ACTIVE = {"html", "htm", "xhtml", "mht", "mhtml", "svg", "xml"}


@pytest.mark.parametrize("ending", CONTENTS)
def test_what_is_as_it_says_is_taken(ending: str) -> None:
    kind = judge(f"annex.{ending}", CONTENTS[ending])
    assert kind.label == ending.upper()
    assert kind.media_type == TABLE[ending].media_type


def test_no_type_that_a_browser_runs_is_ever_given_out() -> None:
    given_out = {row.media_type for row in TABLE.values()}
    assert not {each for each in given_out if "html" in each or "xml" in each.split("/")[1].split("-") or "svg" in each}
    assert {TABLE[ending].media_type for ending in ACTIVE} == {OCTETS}
    assert not TABLE.keys() & PROGRAMS


FALSE = {
    "account.pdf": (PNG, "PDF", "PNG"),
    "photo.jpg": (PDF, "JPG", "PDF"),
    "photo.png": (JPEG, "PNG", "JPEG"),
    "letter.docx": (PDF, "DOCX", "PDF"),
    "letter.odt": (OLE, "ODT", "OLE"),
    "table.xls": (ZIP, "XLS", "ZIP"),
    "note.txt": (PDF, "TXT", "PDF"),
    "picture.png": (b"<svg onload=alert(1)>", "PNG", "SVG"),
    "letter.pdf": (b"  <!doctype HTML><script>", "PDF", "HTML"),
    "note.csv": (b'<?xml version="1.0"?><svg/>', "CSV", "SVG"),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_extension_is_told_with_both_names(name: str) -> None:
    content, named, found = FALSE[name]
    with pytest.raises(Unacceptable) as refused:
        judge(name, content)
    assert refused.value.field == "files"
    assert refused.value.parameters == {"name": name, "named": named, "found": found}


def test_a_content_that_is_nothing_known_is_no_pdf() -> None:
    with pytest.raises(Unacceptable) as refused:
        judge("account.pdf", b"Hello")
    assert refused.value.parameters == {"name": "account.pdf", "named": "PDF"}


PROGRAM_CONTENTS = {
    "windows": EXE, "linux": b"\x7fELF\x02\x01\x01" + bytes(60), "mac": b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(20),
    "java": b"\xca\xfe\xba\xbe\0\0\0\x34", "script": b"#!/bin/sh\nrm -rf /",
    "marked script": b"\xef\xbb\xbf#!/bin/sh\n",
    "shortcut": b"L\0\0\0\x01\x14\x02\0" + bytes(30), "wasm": b"\0asm\x01\0\0\0",
}  # fmt: skip


@pytest.mark.parametrize("what", PROGRAM_CONTENTS)
@pytest.mark.parametrize("name", ["report.pdf", "report.txt", "report", "report.dat"])
def test_a_program_is_refused_under_any_name(what: str, name: str) -> None:
    with pytest.raises(Unacceptable, match="programs and scripts"):
        judge(name, PROGRAM_CONTENTS[what])


@pytest.mark.parametrize("ending", ["exe", "EXE", "js", "vbs", "lnk", "docm", "hta", "ps1", "com", "jar", "iso"])
def test_a_programs_name_is_refused_with_any_content(ending: str) -> None:
    with pytest.raises(Unacceptable, match="programs and scripts"):
        judge(f"report.{ending}", b"harmless")


@pytest.mark.parametrize("name", ["scan", "disk.e01", "key.asc", "a.unknown-ending-that-is-long"])
def test_what_is_not_in_the_table_is_octets(name: str) -> None:
    assert judge(name, PDF).media_type == OCTETS
    assert len(judge(name, PDF).label) <= 12


@given(some.binary(max_size=300))
def test_any_content_is_something(content: bytes) -> None:
    known = {each for row in TABLE.values() for each in row.content} | {"program", "XML"}
    assert content_of(content) in known


@given(some.text(some.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_text_in_any_script_is_a_text_file(text: str) -> None:
    written = f"Dear colleague, {text}"
    for encoding in ("utf-8", "utf-16", "utf-8-sig"):
        assert judge("note.txt", written.encode(encoding)).media_type == "text/plain"
