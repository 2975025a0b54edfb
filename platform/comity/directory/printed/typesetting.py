"""Pages from what `book.py` gathered: typst sets them, with the fonts of the build and no other."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from comity.directory.printed.book import Book

TEMPLATE = Path(__file__).with_name("book.typ")
FAMILIES = (
    "Noto Sans",
    "Noto Naskh Arabic",
    "Noto Sans S Chinese",
    "Noto Sans KR",
    "Noto Sans Thai",
    "Noto Sans Georgian",
    "Noto Sans Ethiopic",
)
_ARABIC_FIRST = ("Noto Naskh Arabic", *(family for family in FAMILIES if family != "Noto Naskh Arabic"))


class FontsMissing(RuntimeError):
    """The browser code was not built, so that there is nothing to print with."""


def typeset(book: Book, fonts: Path) -> bytes:
    """The book as PDF (ISO 32000), tagged. fonts: the folder of the build. Raises FontsMissing."""
    if not any(fonts.glob("*.ttf")):
        raise FontsMissing(f"no fonts in {fonts}: build the browser code with `npm run build`")
    families = _ARABIC_FIRST if book.language == "ar" else FAMILIES
    # Given as data, never as markup: no text of the record can be a command.
    inputs = {"data": json.dumps({**book.content, "fonts": list(families)}, ensure_ascii=False)}
    made = typst.compile(str(TEMPLATE), font_paths=[str(fonts)], ignore_system_fonts=True, sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise TypeError("one document is one file")
    return made
