"""The directory: States, networks, authorities, posts and holdings, and the search index of either database."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0002_directory"
down_revision = "0001_ground"
branch_labels = None
depends_on = None

_FTS5 = (
    "CREATE VIRTUAL TABLE directory_search_fts USING fts5(names, more, content='directory_search', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')",
    "CREATE TRIGGER directory_search_added AFTER INSERT ON directory_search BEGIN "
    "INSERT INTO directory_search_fts(rowid, names, more) VALUES (new.id, new.names, new.more); END",
    "CREATE TRIGGER directory_search_removed AFTER DELETE ON directory_search BEGIN "
    "INSERT INTO directory_search_fts(directory_search_fts, rowid, names, more) "
    "VALUES ('delete', old.id, old.names, old.more); END",
    "CREATE TRIGGER directory_search_changed AFTER UPDATE ON directory_search BEGIN "
    "INSERT INTO directory_search_fts(directory_search_fts, rowid, names, more) "
    "VALUES ('delete', old.id, old.names, old.more); "
    "INSERT INTO directory_search_fts(rowid, names, more) VALUES (new.id, new.names, new.more); END",
)
_TSVECTOR = (
    "ALTER TABLE directory_search ADD COLUMN document tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', more), 'B')) STORED",
    "CREATE INDEX ix_directory_search_document ON directory_search USING gin (document)",
)


def _term(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), nullable=nullable)


def _text(name: str, length: int = 300, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _list(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONDocument, nullable=False)


def _reference(name: str, table: str, target: str, *, primary_key: bool = False) -> sa.Column[int]:
    column, _, key = target.partition(".")
    kind: Any = sa.Integer if key == "id" else sa.String(20 if column == "network" else 2)
    link = sa.ForeignKey(target, name=f"fk_{table}_{name}_{column}")
    return sa.Column(name, kind, link, primary_key=primary_key, nullable=False)


def upgrade() -> None:
    _states_and_networks()
    _authorities()
    _posts()
    _search()


def _states_and_networks() -> None:
    op.create_table(
        "state",
        sa.Column("iso2", sa.String(2), nullable=False),
        _text("iso3", 3),
        _term("kind"),
        _term("region"),
        _flag("party"),
        _text("zone", 60),
        _list("languages"),
        _list("also"),
        sa.PrimaryKeyConstraint("iso2", name="pk_state"),
        sa.UniqueConstraint("iso3", name="uq_state_iso3"),
    )
    op.create_index("ix_state_region", "state", ["region"])
    op.create_table(
        "network",
        sa.Column("code", sa.String(20), nullable=False),
        _text("name"),
        _text("full_name"),
        sa.Column("year", sa.Integer, nullable=False),
        _list("languages"),
        sa.PrimaryKeyConstraint("code", name="pk_network"),
    )
    op.create_table(
        "network_membership",
        _reference("network_code", "network_membership", "network.code", primary_key=True),
        _reference("state_iso2", "network_membership", "state.iso2", primary_key=True),
    )


def _authorities() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("code", 40),
        _reference("state_iso2", "authority", "state.iso2"),
        *(_term(name) for name in ("part", "kind")),
        *(_text(name) for name in ("name_en", "name_original")),
        _text("original_language", 20),
        *(_text(name) for name in ("unit", "parent")),
        _list("functions"),
        _text("mailbox", 254),
        _text("telephone", 40),
        _text("telefax", 40, nullable=True),
        _text("duty", 40, nullable=True),
        _text("address"),
        _text("web", nullable=True),
        _text("zone", 60),
        _text("office_days", 7),
        *(sa.Column(name, sa.Time, nullable=False) for name in ("opens", "closes")),
        *(_list(name) for name in ("languages_accepted", "languages_spoken")),
        _term("translation"),
        _flag("draft_when_urgent"),
        _list("means"),
        *(_flag(name) for name in ("electronic_signature", "encryption", "paper_original")),
        *(_flag(name) for name in ("oral_when_urgent", "interpol_when_urgent", "diplomatic_channel")),
        _term("source"),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("notified_on", "confirmed_on")),
        _text("confirmed_by"),
        sa.Column("next_review_on", sa.Date, nullable=False),
        _flag("demonstration"),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("code", name="uq_authority_code"),
    )
    op.create_index("ix_authority_state_iso2", "authority", ["state_iso2"])
    op.create_table(
        "law_and_practice",
        _reference("authority_id", "law_and_practice", "authority.id", primary_key=True),
        *(_flag(name) for name in ("untoc_basis_assistance", "untoc_basis_extradition")),
        _term("dual_criminality"),
        *(_text(name) for name in ("minimum_penalty", "evidentiary_threshold", "use_limitation")),
        _term("costs"),
        _list("documents"),
        _term("video_hearing"),
        sa.Column("months_to_execute", sa.Integer, nullable=False),
    )


def _posts() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("authority_id", "post", "authority.id"),
        _text("title"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_post_authority_id", "post", ["authority_id"])
    op.create_table(
        "holding",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("post_id", "holding", "post.id"),
        _reference("account_id", "holding", "account.id"),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime()),
    )
    for column in ("post_id", "account_id"):
        op.create_index(f"ix_holding_{column}", "holding", [column])


def _search() -> None:
    op.create_table(
        "directory_search",
        sa.Column("id", sa.Integer, primary_key=True),
        _term("kind"),
        _text("ref", 20),
        _term("part", nullable=True),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "ref", name="uq_directory_search_kind_ref"),
    )
    op.create_table(
        "directory_search_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    for statement in _FTS5 if op.get_bind().dialect.name == "sqlite" else _TSVECTOR:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE directory_search_fts")
    for table in (
        "directory_search_version",
        "directory_search",
        "holding",
        "post",
        "law_and_practice",
        "authority",
        "network_membership",
        "network",
        "state",
    ):
        op.drop_table(table)
