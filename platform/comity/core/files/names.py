"""File names: as people wrote them, without what misleads or leads out of a folder. Pure."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from anyascii import anyascii

MOST_BYTES = 200
"""Longest name in UTF-8; file systems take 255, and browsers add a number."""

NAMELESS = "file"
_FORBIDDEN = str.maketrans('<>:"|?*', "_______")
_JOINERS = "\u200c\u200d"
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# attr-char of RFC 8187, 3.2.1, beyond letters and digits.
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"


def clean(name: str) -> str:
    """A name to be shown and saved under.

    Folders before it, control characters and those that turn the direction of writing (with which `gpj.exe` looks like
    a picture) are taken away; letters of all scripts stay, with the joiners that Persian and Indic scripts need.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in last if each in _JOINERS or unicodedata.category(each) not in _DROPPED)
    found = " ".join(kept.translate(_FORBIDDEN).split()).strip(". ")
    return _shortened(found) or NAMELESS


def extension(name: str) -> str:
    """What stands behind the last dot, in small letters; empty for none."""
    stem, dot, last = name.rpartition(".")
    return last.casefold() if dot and stem else ""


def content_disposition(name: str) -> str:
    """The header's value for saving under this name (RFC 6266, 4; RFC 8187, 3.2)."""
    plain = "".join(each if each.isascii() and each.isprintable() else anyascii(each) for each in name)
    fallback = clean(plain).replace("\\", "_").replace('"', "_").replace("%", "_")
    value = f'attachment; filename="{fallback}"'
    return value if fallback == name else f"{value}; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE_CHARACTERS)}"


def _shortened(name: str) -> str:
    """Cut in front of the extension, at a whole character."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    ending = "." + extension(name) if extension(name) and len(extension(name).encode()) < 20 else ""
    stem = name[: len(name) - len(ending)].encode()[: MOST_BYTES - len(ending.encode())]
    return stem.decode(errors="ignore").rstrip() + ending
