"""Beginnings of files of many kinds, made here."""

from __future__ import annotations

import gzip
import io
import zipfile


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    return made.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 4
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb" + bytes(60)
ZIP = _zip()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8" + bytes(100)

CONTENTS: dict[str, bytes] = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPEG,
    "gif": b"GIF89a\x01\0\x01\0\0\0\0" + bytes(20),
    "tif": b"II*\0\x08\0\0\0" + bytes(40),
    "webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(20),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(20),
    "docx": ZIP,
    "odt": ZIP,
    "zip": ZIP,
    "doc": OLE,
    "xls": OLE,
    "msg": OLE,
    "rtf": b"{\\rtf1\\ansi Hello}",
    "7z": b"7z\xbc\xaf'\x1c\0\x04" + bytes(20),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(20),
    "gz": gzip.compress(b"hello"),
    "mp4": b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(20),
    "mov": b"\0\0\0\x14ftypqt  \0\0\x02\0qt  " + bytes(20),
    "mp3": b"ID3\x03\0\0\0\0\0\x0f" + bytes(40),
    "wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(20),
    "txt": "Dear colleague, السلام عليكم, 您好".encode(),
    "csv": b"account,amount\r\n1,2\r\n",
    "json": b'{"a": 1}',
    "eml": b"From: a@b.example\r\nTo: c@d.example\r\n\r\nHello",
    "xml": b'<?xml version="1.0"?><a/>',
    "html": b"<!DOCTYPE html><html><body>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg">',
}
