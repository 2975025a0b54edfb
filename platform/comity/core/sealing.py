"""Keys in the database: one for each scope, wrapped under a master key (`keys.py`).

A scope is named as a topic of the journal is: `consultation:4f6c…`. The session knows the master keys of its database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import LargeBinary, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from comity.core.db import KEYS, Base, Instant, Key
from comity.core.keys import Cipher, MasterKeys, Unreadable, fresh_key

log = logging.getLogger("comity.sealing")

_FOUND = "comity.ciphers"
BATCH = 200
"""Keys wrapped again in one transaction: short, so that others wait milliseconds."""


class ScopeKey(Base):
    """The key of one scope. master: id of the master key that wraps it."""

    __tablename__ = "scope_key"

    id: Mapped[Key]
    scope: Mapped[str] = mapped_column(String(120), unique=True)
    master: Mapped[str] = mapped_column(String(16), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class KnownMaster(Base):
    """A master key that a web process has been started with. id: the key's id. seen_at: the last such start."""

    __tablename__ = "known_master"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    seen_at: Mapped[Instant]


class NotStartedWith(Exception):
    """Wrapping under a key that the running processes may not have would lock them out. master: the key's id."""

    def __init__(self, master: str) -> None:
        super().__init__(master)
        self.master = master


@dataclass(frozen=True, slots=True)
class MasterState:
    """A master key, as `comity keys status` tells of it. wraps: how many keys. held: by this process."""

    master: str
    wraps: int
    held: bool
    first: bool
    seen_at: datetime | None


def create(session: Session, scope: str) -> Cipher:
    """Make the key of a new scope."""
    keys, key = master_keys(session), fresh_key()
    session.add(ScopeKey(scope=scope, master=keys.first, wrapped=keys.wrap(key, scope)))
    found = _found(session)[scope] = Cipher(key)
    return found


def cipher(session: Session, scope: str) -> Cipher:
    """What seals and opens in a scope. Raises Unreadable for a scope without a key, and as `MasterKeys.unwrap`."""
    found = ciphers(session, [scope]).get(scope)
    if found is None:
        raise Unreadable
    return found


def ciphers(session: Session, scopes: Iterable[str]) -> dict[str, Cipher]:
    """Those of many scopes at once; one whose key is missing or damaged is left out. Raises KeyMissing.

    Each is looked up once in a unit of work: the key of a scope never changes, whatever wraps it.
    """
    keys, found, wanted = master_keys(session), _found(session), set(scopes)
    query = select(ScopeKey.scope, ScopeKey.master, ScopeKey.wrapped).where(ScopeKey.scope.in_(wanted - found.keys()))
    for scope, master, wrapped in session.execute(query) if wanted - found.keys() else ():
        try:
            found[scope] = Cipher(keys.unwrap(master, wrapped, scope))
        except Unreadable:
            log.error("the key of %s does not open", scope)
    return {scope: found[scope] for scope in wanted & found.keys()}


def _found(session: Session) -> dict[str, Cipher]:
    found: dict[str, Cipher] = session.info.setdefault(_FOUND, {})
    return found


def master_keys(session: Session) -> MasterKeys:
    """The master keys that the session's database was opened with. Raises RuntimeError where it has none."""
    keys = session.info.get(KEYS)
    if keys is None:
        raise RuntimeError("this database was opened without master keys")
    return cast("MasterKeys", keys)


def require_keys(session: Session) -> None:
    """Make sure before a start that everything sealed can be opened. Raises KeyMissing, Unreadable.

    One key of each master is unwrapped, so that a key which merely has the right id is found out as well.
    """
    one_of_each = select(func.min(ScopeKey.id)).group_by(ScopeKey.master)
    keys = master_keys(session)
    for row in session.scalars(select(ScopeKey).where(ScopeKey.id.in_(one_of_each))):
        keys.unwrap(row.master, row.wrapped, row.scope)


def note_start(session: Session, now: datetime) -> None:
    """Note the keys that a web process starts with; `rotate` waits for that."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for master in sorted(master_keys(session).ids):
        noted = dialect.insert(KnownMaster).values(id=master, seen_at=now)
        session.execute(noted.on_conflict_do_update(index_elements=["id"], set_={"seen_at": now}))


def rotate(writing: Callable[[], AbstractContextManager[Session]], *, batch: int = BATCH) -> Iterator[int]:
    """Wrap under the first master key every key that is not, in batches; yields how many each of them had.

    writing: gives units of work. Others read and write meanwhile, for they hold both master keys. An interrupted
    rotation goes on where it ended. Raises NotStartedWith before the first batch, KeyMissing and Unreadable.
    """
    with writing() as session:
        first = master_keys(session).first
        if session.get(KnownMaster, first) is None:
            raise NotStartedWith(first)
    while True:
        with writing() as session:
            done = _rotate_batch(session, batch)
        if not done:
            return
        yield done


def _rotate_batch(session: Session, batch: int) -> int:
    keys = master_keys(session)
    query = select(ScopeKey).where(ScopeKey.master != keys.first).order_by(ScopeKey.id).limit(batch).with_for_update()
    rows = session.scalars(query).all()
    for row in rows:
        row.wrapped = keys.wrap(keys.unwrap(row.master, row.wrapped, row.scope), row.scope)
        row.master = keys.first
    return len(rows)


def status(session: Session) -> list[MasterState]:
    """Every master key that is held here, was started with, or wraps something; the first one first."""
    keys = master_keys(session)
    wraps = dict(session.execute(select(ScopeKey.master, func.count()).group_by(ScopeKey.master)).all())
    seen = dict(session.execute(select(KnownMaster.id, KnownMaster.seen_at)).all())
    masters = dict.fromkeys([*keys.ids, *sorted(wraps), *sorted(seen)])
    return [
        MasterState(master, wraps.get(master, 0), master in keys.ids, master == keys.first, seen.get(master))
        for master in masters
    ]
