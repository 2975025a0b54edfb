"""Records of the directory as rows of the exchange format, and rows as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from comity.directory.exchange import sheets
from comity.directory.exchange.columns import Row
from comity.directory.exchange.plan import Change
from comity.directory.exchange.sheets import Sheet
from comity.directory.models import Authority, LawAndPractice, Network, State
from comity.directory.names import state_name
from comity.directory.record import Arrangement, Notification
from comity.directory.visibility import SeenPractitioner
from comity.directory.vocabulary import DetailKind

Record = Authority | State | Network | Arrangement
_PRACTICE = tuple(column.name for column in sheets.PRACTICE)


def standing(session: Session) -> dict[str, dict[str, Row]]:
    """What stands in the directory of the sheets that are imported."""
    return {name: {key: row_of(one) for key, one in found.items()} for name, found in _everything(session).items()}


def row_of(one: Record | Notification) -> Row:
    """A record as a row."""
    return _texts(_SHEETS[type(one)], _values(one))


def person_row(one: SeenPractitioner, authority: Authority) -> Row:
    """A practitioner as a row: what this viewer may see, and nothing else."""
    posted = one.liaison
    values: dict[str, Any] = {name: getattr(one, name) for name in _OF_PERSON} | {
        "id": one.public_id,
        "authority": authority.code,
        "languages": " ".join(f"{code}:{level.value}" for code, level in one.languages),
        "specialities": [term.value for term in one.specialities],
        "networks": " ".join(code for code, _name in one.networks),
        "posted_in": posted.host if posted else None,
        "posted_city": posted.city if posted else None,
        "covers": posted.covers if posted else (),
        "posted_since": posted.since if posted else None,
        "posted_until": posted.until if posted else None,
    }
    for kind in DetailKind:
        values[kind.value] = [detail.value for detail in one.details if detail.kind is kind]
    return _texts(sheets.PRACTITIONERS, values)


def apply(session: Session, changes: Iterable[Change], now: datetime) -> list[Record]:
    """Write the changes of a plan that was made of what stands there now. Returns the records, flushed."""
    present = _everything(session)
    states = {state.iso2: state for state in session.scalars(select(State))}
    touched = []
    with session.no_autoflush:
        for change in changes:
            one = present[change.sheet].get(change.key) or _new(change)
            _put(one, {name: new for name, (_old, new) in change.fields.items()}, states)
            if not isinstance(one, State | Network):
                one.updated_at = now
            session.add(one)
            touched.append(one)
    session.flush()
    return touched


def _everything(session: Session) -> dict[str, dict[str, Any]]:
    authorities = session.scalars(select(Authority).options(joinedload(Authority.practice)))
    networks = session.scalars(select(Network).options(selectinload(Network.members)))
    arrangements = session.scalars(select(Arrangement).options(selectinload(Arrangement.states)))
    return {
        sheets.STATES_SHEET.name: {one.iso2: one for one in session.scalars(select(State))},
        sheets.AUTHORITIES.name: {one.code: one for one in authorities},
        sheets.NETWORKS.name: {one.code: one for one in networks},
        sheets.ARRANGEMENTS.name: {one.code: one for one in arrangements},
    }


_OF_PERSON = (
    "state", "name", "name_latin", "language", "title", "role", "post", "vetting", "confirmed_on", "confirmed_by",
    "next_review_on", "demonstration",
)  # fmt: skip
_SHEETS: Mapping[type, Sheet] = {
    Authority: sheets.AUTHORITIES,
    State: sheets.STATES_SHEET,
    Network: sheets.NETWORKS,
    Arrangement: sheets.ARRANGEMENTS,
    Notification: sheets.NOTIFICATIONS,
}


def _texts(sheet: Sheet, values: Mapping[str, Any]) -> Row:
    return {column.name: column.text(values[column.name]) for column in sheet.columns}


def _values(one: Record | Notification) -> dict[str, Any]:
    elsewhere = _elsewhere(one)
    names = _SHEETS[type(one)].header
    return {name: elsewhere[name] if name in elsewhere else getattr(one, name) for name in names}


def _elsewhere(one: Record | Notification) -> dict[str, Any]:
    """Values that are no column of the record itself."""
    if isinstance(one, Authority):
        practice = {name: getattr(one.practice, name) if one.practice else None for name in _PRACTICE}
        return practice | {"state": one.state_iso2}
    if isinstance(one, State):
        return {"name_en": state_name(one.iso2, "en")}
    if isinstance(one, Network):
        return {"members": [state.iso2 for state in one.members]}
    if isinstance(one, Arrangement):
        return {"states": [state.iso2 for state in one.states]}
    return {"state": one.state_iso2, "supersedes": one.supersedes.code if one.supersedes else None}


def _new(change: Change) -> Record:
    if change.sheet == sheets.AUTHORITIES.name:
        return Authority(code=change.key, unit="", parent="", territories=[], closed_on=[], demonstration=False)
    return Arrangement(code=change.key, demonstration=False)


def _put(one: Record, texts: Mapping[str, str], states: Mapping[str, State]) -> None:
    columns = {column.name: column for column in _SHEETS[type(one)].columns}
    practice: dict[str, Any] = {}
    for name, text in texts.items():
        if name in ("members", "states"):
            setattr(one, name, [states[code] for code in text.split()])
        elif name == "state" and isinstance(one, Authority):
            one.state = states[text]
        elif columns[name].together:
            practice[name] = columns[name].value(text)
        else:
            setattr(one, name, columns[name].value(text))
    if practice and isinstance(one, Authority):
        _put_practice(one, practice)


def _put_practice(one: Authority, values: Mapping[str, Any]) -> None:
    """A group of columns that was emptied takes the entry about law and practice away."""
    before = {name: getattr(one.practice, name) for name in _PRACTICE} if one.practice else {}
    after = {**before, **values}
    if all(value in (None, "", []) for value in after.values()):
        one.practice = None
        return
    one.practice = one.practice or LawAndPractice()
    for name in _PRACTICE:
        column = next(c for c in sheets.PRACTICE if c.name == name)
        setattr(one.practice, name, after.get(name, column.value("")))
