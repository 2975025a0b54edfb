"""Filling the rows that search reads."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.i18n import LANGUAGES, catalogue
from comity.directory.fold import fold, indexed, transliterate
from comity.directory.labels import label
from comity.directory.models import Authority, SearchKind, SearchRow, SearchVersion, State
from comity.directory.names import own_names, state_names


def index_state(session: Session, state: State) -> None:
    """Write what a State is found by: its names in the six languages and its own, its codes, and other names."""
    names = [*state_names(state.iso2), *own_names(state.iso2, state.languages), *state.also, state.iso2, state.iso3]
    _write(session, SearchKind.STATE, state.iso2, _lines(names), "")


def index_authority(session: Session, authority: Authority) -> None:
    """Write what an authority is found by: its names; then unit, parent, State and functions in the six languages."""
    functions = (
        catalogue(language).gettext(label(function)) for function in authority.designations for language in LANGUAGES
    )
    more = [
        authority.unit,
        authority.parent,
        authority.mailbox,
        *state_names(authority.state_iso2),
        *own_names(authority.state_iso2, authority.state.languages),
        *authority.state.also,
        *functions,
    ]
    names = _lines([authority.name_en, authority.name_original])
    row = _write(session, SearchKind.AUTHORITY, str(authority.id), names, " ".join(dict.fromkeys(map(indexed, more))))
    row.part = authority.part


def raise_version(session: Session) -> None:
    """Tell the vocabularies in memory that the rows changed. Call once in each unit of work that wrote some."""
    counter = session.scalars(select(SearchVersion).with_for_update()).one_or_none()
    if counter is None:
        session.add(SearchVersion(version=1))
    else:
        counter.version += 1
    session.flush()


def _lines(names: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(line for name in names for line in (fold(name), transliterate(name)) if line))


def _write(session: Session, kind: SearchKind, ref: str, names: str, more: str) -> SearchRow:
    row = session.scalars(select(SearchRow).where(SearchRow.kind == kind, SearchRow.ref == ref)).one_or_none()
    if row is None:
        row = SearchRow(kind=kind, ref=ref)
        session.add(row)
    row.names, row.more = names, more
    return row
