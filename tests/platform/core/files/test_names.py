"""File names: all scripts kept, what misleads or leads out of a folder gone."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from comity.core.files.names import MOST_BYTES, NAMELESS, clean, content_disposition, extension

CLEANED = {
    "Request of 3 May.pdf": "Request of 3 May.pdf",
    "طلب المساعدة.pdf": "طلب المساعدة.pdf",
    "请求书.docx": "请求书.docx",
    "می‌خواهم.txt": "می‌خواهم.txt",
    "../../etc/passwd": "passwd",
    r"C:\Users\anton\report.doc": "report.doc",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "a\u2066b\u2069.pdf": "ab.pdf",
    "line\r\nSet-Cookie: x.pdf": "lineSet-Cookie_ x.pdf",
    "nul\0byte.pdf": "nulbyte.pdf",
    "  .hidden. ": "hidden",
    'quo"te<b>.pdf': "quo_te_b_.pdf",
    "..": NAMELESS,
    "": NAMELESS,
    "\ud800lone.pdf": "lone.pdf",
    "Cafe\u0301.pdf": "Café.pdf",
}


@pytest.mark.parametrize("name", CLEANED)
def test_names_are_cleaned(name: str) -> None:
    assert clean(name) == CLEANED[name]


@given(some.text(some.characters(), max_size=400))
def test_a_cleaned_name_is_safe_and_stays_as_it_is(name: str) -> None:
    found = clean(name)
    assert found
    assert len(found.encode()) <= MOST_BYTES
    assert not set(found) & set('/\\\0\r\n"<>|:*?\u202e\u2066')
    assert found not in {".", ".."}
    assert clean(found) == found


@given(some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=120))
def test_the_header_tells_the_name_to_new_and_old_browsers(name: str) -> None:
    found = clean(name)
    value = content_disposition(found)
    assert value.isascii()
    assert value.isprintable()
    assert value.startswith('attachment; filename="')
    extended = value.partition("filename*=UTF-8''")[2]
    assert unquote(extended) == found if extended else f'filename="{found}"' in value


def test_a_long_name_keeps_its_ending() -> None:
    found = clean("ق" * 400 + ".pdf")
    assert found.endswith("ق.pdf")
    assert len(found.encode()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("name", "found"), [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("none", ""), (".profile", ""), ("a.", "")]
)
def test_the_extension(name: str, found: str) -> None:
    assert extension(name) == found
