"""The demonstration's guidance as data files, one TOML file a State, checked by the rules of the forms. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from comity.core.errors import Invalid
from comity.directory import checks
from comity.directory.entries import Table
from comity.directory.guidance import checking
from comity.directory.guidance.checking import Typed, TypedLink
from comity.directory.guidance.rules import Requirement
from comity.directory.reference import DATA, DataError


@dataclass(frozen=True, slots=True)
class GuidanceEntry:
    """What a State says. texts: language to Markdown."""

    state: str
    requirements: tuple[Requirement, ...]
    texts: dict[str, str]
    links: tuple[TypedLink, ...]


def load_guidance(folder: Path = DATA / "guidance") -> tuple[GuidanceEntry, ...]:
    """All States' guidance, by file name. Raises DataError for the first field that cannot be used."""
    return tuple(_guidance(path) for path in sorted(folder.glob("*.toml")))


def _guidance(path: Path) -> GuidanceEntry:
    top = Table(tomllib.loads(path.read_text("utf-8")), path.name)
    try:
        found = GuidanceEntry(
            state=top.text("state"),
            requirements=tuple(_requirement(raw, at) for at, raw in enumerate(top.tables("requirement"), start=1)),
            texts={checks.language_tag(code, "texts"): checks.body(text, code) for code, text in _texts(top)},
            links=tuple(checking.link(_link(raw)) for raw in top.tables("link")),
        )
    except Invalid as problem:
        raise DataError(path.name, f"{problem.field}: {problem}") from problem
    keys = [one.key for one in found.requirements]
    if len(set(keys)) != len(keys):
        raise DataError(path.name, "a key stands twice")
    return found


def _requirement(raw: Table, position: int) -> Requirement:
    original, texts = raw.text("original"), dict(_texts(raw))
    if original not in texts:
        raise DataError(raw.where, "original: there is no text in this language")
    typed = Typed(
        element=raw.text("element"),
        need=raw.text("need"),
        case=raw.text("case"),
        kinds=raw.texts("kinds"),
        forms=raw.texts("forms"),
        law=raw.text("law"),
        texts=((original, texts.pop(original)), *texts.items()),
    )
    return checking.requirement(typed, raw.text("key"), position)


def _texts(raw: Table) -> list[tuple[str, str]]:
    found = raw.table("texts")
    return [(code, found.text(code)) for code in raw.value("texts", dict)]


def _link(raw: Table) -> TypedLink:
    return TypedLink(raw.text("kind"), raw.text("title"), raw.text("language"), raw.text("url"))
