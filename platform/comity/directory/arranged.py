"""Cross-border arrangements in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.text import to_html
from comity.core.times import day
from comity.directory.facts import Reader
from comity.directory.labels import label
from comity.directory.names import state_name
from comity.directory.record import Arrangement


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """An arrangement. states: name and address of each. about: clean HTML, in English."""

    url: str
    code: str
    name: str
    kind: str
    area: str
    states: tuple[tuple[str, str], ...]
    about: str
    legal_basis: str
    contact: str
    since: str
    demonstration: bool


def arrangement_rows(found: Iterable[Arrangement], reader: Reader) -> tuple[ArrangementRow, ...]:
    """Arrangements as rows of a list, in their order."""
    return tuple(arrangement_row(one, reader) for one in found)


def arrangement_row(one: Arrangement, reader: Reader) -> ArrangementRow:
    """An arrangement as a row of a list, or as its page."""
    states = ((state_name(s.iso2, reader.language), url_for("directory.state", iso2=s.iso2)) for s in one.states)
    return ArrangementRow(
        url=url_for("directory.arrangements.page", code=one.code),
        code=one.code,
        name=one.name,
        kind=_(label(one.kind)),
        area=one.area,
        states=tuple(sorted(states)),
        about=to_html(one.about),
        legal_basis=one.legal_basis,
        contact=one.contact,
        since=day(one.since, reader.language) if one.since else "",
        demonstration=one.demonstration,
    )
