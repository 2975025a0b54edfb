"""The printed directory: names in every script, both parts, contents and numbers of pages; and no person."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from comity.app import assets
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.errors import NotFound
from comity.core.i18n import LANGUAGES
from comity.directory.models import Authority
from comity.directory.names import state_name
from comity.directory.printed import book
from comity.directory.printed.typesetting import FontsMissing, typeset
from comity.directory.record import ContactDetail, Practitioner
from tests.platform.directory.moments import NOW
from tests.support.databases import Engines

ACTOR = Actor(1, "Reader", "en", "UTC")
FONTS = assets.static_root() / "fonts"


@pytest.fixture(scope="module")
def loaded(engines: Engines) -> Iterator[Database]:
    with engines.sqlite(demonstration=True) as database:
        yield database


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def letters(text: str) -> str:
    """Letters alone: a page puts spaces where it likes, and marks where they look best."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(one for one in plain if not one.isspace() and unicodedata.category(one)[0] not in "MC")


def whole(database: Database, language: str) -> book.Book:
    with database.reading() as session:
        return book.gather(session, ACTOR, language, NOW, lambda done, total: None)


def entry(database: Database, iso2: str, language: str) -> bytes:
    with database.reading() as session:
        return typeset(book.entry(session, ACTOR, iso2, language, NOW), FONTS)


def test_the_whole_directory_has_every_authority_in_two_parts_with_contents_and_numbers(loaded: Database) -> None:
    told: list[tuple[int, int]] = []
    with loaded.reading() as session:
        gathered = book.gather(session, ACTOR, "en", NOW, lambda done, total: told.append((done, total)))
        authorities = session.scalars(select(Authority)).all()
    content = typeset(gathered, FONTS)
    reader = PdfReader(io.BytesIO(content))
    text = letters(text_of(content))
    assert all(letters(one.name_en) in text for one in authorities)
    assert told[-1] == (len({one.state_iso2 for one in authorities}),) * 2
    bookmarks = [item.title for item in reader.outline if not isinstance(item, list)]
    assert [part["title"] for part in gathered.content["parts"]] == bookmarks
    assert letters("Contents") in letters(reader.pages[1].extract_text())
    pages = len(reader.pages)
    assert letters(f"3 / {pages}") in letters(reader.pages[2].extract_text())
    assert letters("Mon 23 Nov 2026") in letters(reader.pages[0].extract_text())


@pytest.mark.parametrize(
    ("iso2", "native"),
    [("CN", "司法部"), ("RU", "прокуратура"), ("TH", "อัยการ"), ("GE", "სამინისტრო"), ("ET", "ሚኒስቴር"), ("KR", "법무부")],
)
def test_names_stand_there_in_their_own_script(loaded: Database, iso2: str, native: str) -> None:
    assert letters(native).casefold() in letters(text_of(entry(loaded, iso2, "en"))).casefold()


def test_no_glyph_is_missing_in_any_script_of_the_directory(loaded: Database) -> None:
    text = text_of(typeset(whole(loaded, "en"), FONTS))
    assert "\ufffd" not in text
    assert "\x00" not in text
    with loaded.reading() as session:
        names = session.scalars(select(Authority.name_original)).all()
    # Arabic is extracted as its shaped and reordered glyphs, which is looked at on the rendered page.
    rare = {letter for name in names for letter in name if ord(letter) > 0x1000 and letter.isalpha()}
    rare -= {letter for letter in rare if ord(letter) >= 0xFB00}
    assert set(letters("".join(rare))) <= set(letters(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_is_printed_in_each_language(loaded: Database, language: str) -> None:
    text = letters(text_of(entry(loaded, "AT", language)))
    if language != "ar":
        assert letters(state_name("AT", language)) in text
    assert "justice.at.example" in text


def test_no_person_is_printed(loaded: Database) -> None:
    text = letters(text_of(typeset(whole(loaded, "en"), FONTS)) + text_of(entry(loaded, "AT", "en")))
    with loaded.reading() as session:
        people = session.scalars(select(Practitioner)).all()
        mailboxes = set(session.scalars(select(Authority.mailbox)))
        details = set(session.scalars(select(ContactDetail.value))) - mailboxes
    assert people
    assert not [one.name_latin for one in people if letters(one.name_latin) in text]
    assert not [value for value in details if "@" in value and letters(value) in text]


def test_what_looks_like_markup_is_text(loaded: Database) -> None:
    gathered = whole(loaded, "en")
    state = gathered.content["parts"][0]["states"][0]
    state["authorities"][0]["name"] = '#panic("no") *bold* $x$ <label>'
    text = letters(text_of(typeset(gathered, FONTS))).translate({ord("“"): '"', ord("”"): '"'})
    assert letters('#panic("no")*bold*$x$<label>') in text


def test_without_fonts_nothing_is_printed(loaded: Database, tmp_path: Path) -> None:
    with pytest.raises(FontsMissing):
        typeset(whole(loaded, "en"), tmp_path)


def test_an_unknown_state_has_no_entry(loaded: Database) -> None:
    with pytest.raises(NotFound):
        entry(loaded, "QX", "en")
