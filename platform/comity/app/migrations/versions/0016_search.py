"""People and networks can be found, by codes too; rows say when they changed. They are filled on the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0016_search"
down_revision = "0015_alive"
branch_labels = None
depends_on = None

_FTS5 = (
    "DROP TRIGGER directory_search_added",
    "DROP TRIGGER directory_search_removed",
    "DROP TRIGGER directory_search_changed",
    "DROP TABLE directory_search_fts",
    "CREATE VIRTUAL TABLE directory_search_fts USING fts5(names, more, codes, "
    "content='directory_search', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')",
    "CREATE TRIGGER directory_search_added AFTER INSERT ON directory_search BEGIN "
    "INSERT INTO directory_search_fts(rowid, names, more, codes) VALUES (new.id, new.names, new.more, new.codes); END",
    "CREATE TRIGGER directory_search_removed AFTER DELETE ON directory_search BEGIN "
    "INSERT INTO directory_search_fts(directory_search_fts, rowid, names, more, codes) "
    "VALUES ('delete', old.id, old.names, old.more, old.codes); END",
    "CREATE TRIGGER directory_search_changed AFTER UPDATE OF names, more, codes ON directory_search BEGIN "
    "INSERT INTO directory_search_fts(directory_search_fts, rowid, names, more, codes) "
    "VALUES ('delete', old.id, old.names, old.more, old.codes); "
    "INSERT INTO directory_search_fts(rowid, names, more, codes) VALUES (new.id, new.names, new.more, new.codes); END",
)
_TSVECTOR = (
    "DROP INDEX ix_directory_search_document",
    "ALTER TABLE directory_search DROP COLUMN document",
    "ALTER TABLE directory_search ADD COLUMN document tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', more), 'B') || "
    "setweight(to_tsvector('simple', codes), 'C')) STORED",
    "CREATE INDEX ix_directory_search_document ON directory_search USING gin (document)",
)
_FTS5_BEFORE = (
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
_TSVECTOR_BEFORE = (
    "DROP INDEX ix_directory_search_document",
    "ALTER TABLE directory_search DROP COLUMN document",
    "ALTER TABLE directory_search ADD COLUMN document tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', more), 'B')) STORED",
    "CREATE INDEX ix_directory_search_document ON directory_search USING gin (document)",
)


def upgrade() -> None:
    op.execute("DELETE FROM directory_search")
    op.execute("DELETE FROM directory_search_version")
    postgresql = op.get_bind().dialect.name == "postgresql"
    for column in (
        sa.Column("codes", sa.Text, nullable=False, server_default=""),
        sa.Column("hours", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    ):
        name = column.name
        op.add_column("directory_search", column)
        if postgresql:
            op.alter_column("directory_search", name, server_default=None)
    op.create_index("ix_directory_search_version", "directory_search", ["version"])
    for statement in _TSVECTOR if postgresql else _FTS5:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM directory_search")
    op.execute("DELETE FROM directory_search_version")
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _TSVECTOR_BEFORE[:2] if postgresql else _FTS5[:4]:
        op.execute(statement)
    op.drop_index("ix_directory_search_version", "directory_search")
    for name in ("version", "hours", "codes"):
        op.drop_column("directory_search", name)
    for statement in _TSVECTOR_BEFORE[2:] if postgresql else _FTS5_BEFORE:
        op.execute(statement)
