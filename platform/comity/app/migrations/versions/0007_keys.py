"""Keys of scopes; subjects, messages and drafts are sealed with the key of their consultation.

What an older database holds is sealed here, so that no reader ever has to accept anything unsealed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from comity.core.db import UTCDateTime
from comity.core.keys import Cipher, MasterKeys, Place, fresh_key

revision = "0007_keys"
down_revision = "0006_audit"
branch_labels = None
depends_on = None

_COLUMNS = (("consultation", "subject"), ("message", "body"), ("draft", "body"))
_PLACED = {
    "consultation": ("id",),
    "message": ("consultation_id", "position", "author_account_id", "client_id"),
    "draft": ("consultation_id", "account_id"),
}
"""What binds a sealed value to its place, the consultation's id first."""

_consultation = sa.table("consultation", sa.column("id"), sa.column("public_id"))
_key = sa.table("scope_key", sa.column("scope"), sa.column("master"), sa.column("wrapped", sa.LargeBinary))


def upgrade() -> None:
    op.create_table(
        "scope_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("master", sa.String(16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("scope", name="uq_scope_key_scope"),
    )
    op.create_index("ix_scope_key_master", "scope_key", ["master"])
    op.create_table(
        "known_master",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")  # what was written unsealed is overwritten, not merely left behind
    for table, column in _COLUMNS:
        # SQLite adds no NOT NULL column without a default; an empty value opens nowhere.
        op.add_column(table, sa.Column(f"sealed_{column}", sa.LargeBinary, nullable=False, server_default=""))
    scopes = _scopes()
    ciphers = _make_keys(scopes)
    for table, column in _COLUMNS:
        _convert(scopes, table, column, f"sealed_{column}", lambda key, text, at: ciphers[key].seal_text(text, at))
        op.drop_column(table, column)
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, f"sealed_{column}", server_default=None)


def downgrade() -> None:
    scopes = _scopes()
    ciphers = _open_keys(scopes)
    for table, column in _COLUMNS:
        kind = sa.String(300) if column == "subject" else sa.Text()
        op.add_column(table, sa.Column(column, kind, nullable=False, server_default=""))
        _convert(scopes, table, f"sealed_{column}", column, lambda key, sealed, at: ciphers[key].open_text(sealed, at))
        op.drop_column(table, f"sealed_{column}")
    op.drop_table("known_master")
    op.drop_table("scope_key")


def _scopes() -> dict[int, str]:
    rows = op.get_bind().execute(sa.select(_consultation.c.id, _consultation.c.public_id))
    return {number: f"consultation:{public_id}" for number, public_id in rows}


def _make_keys(scopes: dict[int, str]) -> dict[int, Cipher]:
    made = {}
    for number, scope in scopes.items():
        masters, key = _masters(), fresh_key()
        values = {"scope": scope, "master": masters.first, "wrapped": masters.wrap(key, scope)}
        op.get_bind().execute(sa.insert(_key).values(**values))
        made[number] = Cipher(key)
    return made


def _open_keys(scopes: dict[int, str]) -> dict[int, Cipher]:
    rows = op.get_bind().execute(sa.select(_key.c.scope, _key.c.master, _key.c.wrapped))
    keys = {scope: (master, wrapped) for scope, master, wrapped in rows}
    return {number: Cipher(_masters().unwrap(*keys[scope], scope)) for number, scope in scopes.items()}


def _masters() -> MasterKeys:
    masters: MasterKeys | None = context.config.attributes.get("keys")
    if masters is None:
        raise RuntimeError("this database holds consultations: upgrade it with the master keys")
    return masters


def _convert(
    scopes: dict[int, str], table: str, source: str, target: str, change: Callable[[int, Any, Place], object]
) -> None:
    """Fill a column from another, row by row. change: consultation's id, value and place to the new value."""
    kinds = {name: sa.LargeBinary() if name.startswith("sealed") else None for name in (source, target)}
    rows = sa.table(
        table,
        sa.column("id"),
        *(sa.column(name, kind) for name, kind in kinds.items()),
        *(sa.column(name) for name in _PLACED[table] if name != "id"),
    )
    bind, parts = op.get_bind(), [rows.c[name] for name in _PLACED[table]]
    for number, value, consultation, *place in bind.execute(sa.select(rows.c.id, rows.c[source], *parts)).all():
        what = "subject" if table == "consultation" else table
        changed = change(consultation, value, (scopes[consultation], what, *place))
        bind.execute(sa.update(rows).where(rows.c.id == number).values({target: changed}))
