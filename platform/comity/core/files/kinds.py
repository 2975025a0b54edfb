"""What a file is: by its name and by its content, which must agree. Pure, and one table.

Programs are not taken under any name. Pages that a browser would run (HTML, SVG, XML) are taken as evidence may be, and
given out as octets, which no browser runs. Archives are taken and not opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import puremagic

from comity.core.errors import Invalid
from comity.core.files.names import extension
from comity.core.i18n import N_

HEAD = 8192
"""Bytes of the content that are looked at."""

OCTETS = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
TEXT, PROGRAM = "text", "program"


class Unacceptable(Invalid):
    """A file that is not taken, with the reason."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "file-refused"

    def __init__(self, message: str, **parameters: object) -> None:
        super().__init__(message, field="files", **parameters)


FALSE_NAME = N_("“%(name)s” was not taken: it is named as %(named)s, but its content is %(found)s.")
NO_SUCH_CONTENT = N_("“%(name)s” was not taken: it is named as %(named)s, but its content is something else.")
NO_PROGRAM = N_("“%(name)s” was not taken: programs and scripts are not. If it is evidence, send it in an archive.")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is. label: for people, the same in all languages. media_type: RFC 6838."""

    label: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. content: what may be inside; `TEXT` stands for all that is no known binary format."""

    media_type: str
    content: frozenset[str]


def _rows(content: str, **media_types: str) -> dict[str, Row]:
    """media_types: by extension."""
    return {name: Row(media_type, frozenset(content.split())) for name, media_type in media_types.items()}


TABLE: Mapping[str, Row] = {
    **_rows("PDF", pdf="application/pdf"),
    **_rows("PNG", png="image/png"),
    **_rows("JPEG", jpg="image/jpeg", jpeg="image/jpeg", jpe="image/jpeg", jfif="image/jpeg"),
    **_rows("GIF", gif="image/gif"),
    **_rows("TIFF", tif="image/tiff", tiff="image/tiff"),
    **_rows("WEBP", webp="image/webp"),
    **_rows("HEIF", heic="image/heic", heif="image/heif"),
    # Office files under a password are OLE containers.
    **_rows(
        "ZIP OLE", docx=f"{_OFFICE}wordprocessingml.document", xlsx=f"{_OFFICE}spreadsheetml.sheet",
        pptx=f"{_OFFICE}presentationml.presentation",
    ),
    **_rows("ZIP", odt=f"{_OPEN}text", ods=f"{_OPEN}spreadsheet", odp=f"{_OPEN}presentation"),
    **_rows("OLE", msg="application/vnd.ms-outlook", ppt="application/vnd.ms-powerpoint"),
    **_rows("OLE RTF", doc="application/msword"),
    **_rows("OLE", xls="application/vnd.ms-excel"),
    **_rows("RTF", rtf="application/rtf"),
    **_rows(TEXT, txt="text/plain", log="text/plain", md="text/markdown", csv="text/csv", tsv=OCTETS, ics=OCTETS),
    **_rows(TEXT, json=OCTETS, eml="message/rfc822", vcf="text/vcard", pem=OCTETS),
    **_rows("HTML XML text", html=OCTETS, htm=OCTETS, xhtml=OCTETS, mhtml=OCTETS, mht=OCTETS),
    **_rows("HTML SVG XML text", svg=OCTETS, xml=OCTETS),
    **_rows("ZIP", zip="application/zip"),
    **_rows("7Z", **{"7z": "application/x-7z-compressed"}),
    **_rows("RAR", rar="application/vnd.rar"),
    **_rows("GZIP", gz="application/gzip", tgz="application/gzip"),
    **_rows("MPEG-4", mp4="video/mp4", m4v="video/mp4", m4a="audio/mp4", mov="video/quicktime"),
    **_rows("MPEG-4", **{"3gp": "video/3gpp"}),
    **_rows("MP3 text", mp3="audio/mpeg"),
    **_rows("WAV", wav="audio/wav"),
    **_rows("AVI", avi="video/x-msvideo"),
    **_rows("OGG", ogg="audio/ogg"),
    **_rows("MATROSKA", webm="video/webm", mkv="video/x-matroska"),
}  # fmt: skip
"""By extension. A file with another extension, or none, is taken as octets, unless its content is a program."""

PROGRAMS = frozenset({
    "exe", "com", "scr", "pif", "cpl", "msi", "msp", "dll", "sys", "ocx", "drv", "bat", "cmd", "ps1", "psm1", "vb",
    "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "wsc", "hta", "lnk", "url", "scf", "inf", "reg", "jar", "class",
    "apk", "app", "dmg", "pkg", "deb", "rpm", "sh", "bash", "zsh", "csh", "ksh", "run", "elf", "appimage",
    "command", "action", "workflow", "py", "pyc", "pl", "rb", "php", "asp", "aspx", "jsp", "swf", "xll", "xlam",
    "docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppam", "ppsm", "sldm", "iso", "img", "vhd", "vhdx",
    "chm",
})  # fmt: skip
"""Extensions of what runs when it is opened: programs, scripts, documents with macros, and disks that hide them."""

# What puremagic calls a content by, and what it is called here.
_FOUND: Mapping[str, str] = {
    "pdf": "PDF", "png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "jfif": "JPEG", "gif": "GIF", "tif": "TIFF",
    "tiff": "TIFF", "webp": "WEBP", "heif": "HEIF", "heic": "HEIF", "docx": "ZIP", "zip": "ZIP", "odt": "ZIP",
    "ods": "ZIP", "odp": "ZIP", "jar": "ZIP", "epub": "ZIP", "doc": "OLE", "rtf": "RTF", "7z": "7Z", "rar": "RAR",
    "gz": "GZIP", "mp4": "MPEG-4", "mov": "MPEG-4", "3gp": "MPEG-4", "m4a": "MPEG-4", "m4v": "MPEG-4", "mp3": "MP3",
    "wav": "WAV", "avi": "AVI", "ogg": "OGG", "webm": "MATROSKA", "mkv": "MATROSKA",
}  # fmt: skip
_PROGRAM_STARTS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf", b"dex\n", b"\0asm", b"L\0\0\0\x01\x14\x02\0", b"!<arch>\n", b"\xed\xab\xee\xdb",
)  # fmt: skip
_TEXT_STARTS = (
    (b"%pdf-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<svg", "SVG"),
)
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TEXT_CONTROLS = frozenset(b"\t\n\f\r\x1b")


def judge(name: str, head: bytes) -> Kind:
    """What a file is. name: cleaned. head: its first `HEAD` bytes.

    Raises Unacceptable for a program, and for a name that says something else than the content.
    """
    ending, found = extension(name), content_of(head)
    if ending in PROGRAMS or found == PROGRAM:
        raise Unacceptable(NO_PROGRAM, name=name)
    row = TABLE.get(ending)
    if row is None:
        return Kind(ending.upper()[:12], OCTETS)
    if found not in row.content:
        if found == TEXT:
            raise Unacceptable(NO_SUCH_CONTENT, name=name, named=ending.upper())
        raise Unacceptable(FALSE_NAME, name=name, named=ending.upper(), found=found)
    return Kind(ending.upper(), row.media_type)


def content_of(head: bytes) -> str:
    """What a content is, by its first bytes: a name of the table, `PROGRAM`, or `TEXT` for everything else."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    if start.startswith(b"#!"):
        return PROGRAM
    for mark, found in _TEXT_STARTS:
        if start.startswith(mark):
            return found
    if start.startswith(b"<?xml"):
        return "SVG" if b"<svg" in head else "HTML" if b"<html" in head else "XML"
    if _is_text(head):
        return TEXT
    return PROGRAM if head.startswith(_PROGRAM_STARTS) else _binary(head)


def _binary(head: bytes) -> str:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "ZIP"
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return TEXT
    found = (_FOUND.get(match.extension.lstrip(".").lower()) for match in matches)
    return next((each for each in found if each), TEXT)


def _is_text(head: bytes) -> bool:
    """No byte that text in any of the common encodings is without: UTF-16 by its mark, all others by control codes."""
    return head.startswith(_UNICODE_MARKS) or not any(each < 32 and each not in _TEXT_CONTROLS for each in head)
