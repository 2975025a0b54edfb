"""Consultations: parties, messages, read states, drafts, references."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import UTCDateTime

revision = "0003_consultations"
down_revision = "0002_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _consultation()
    _message()
    _read_state()
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("draft", "account"),
        _reference("draft", "consultation"),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("account_id", "consultation_id", name="uq_draft_account_id_consultation_id"),
    )
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("reference_counter", "draft", "read_state", "message", "party", "consultation"):
        op.drop_table(table)


def _consultation() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        _reference("consultation", "account", "opened_by_account_id"),
        _reference("consultation", "post", "opened_by_post_id"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_position", sa.Integer, nullable=False),
        sa.Column("last_message_at", UTCDateTime(), nullable=False),
        _reference("consultation", "authority", "last_authority_id"),
        sa.UniqueConstraint("public_id", name="uq_consultation_public_id"),
        sa.UniqueConstraint("reference", name="uq_consultation_reference"),
        sa.UniqueConstraint("opened_by_account_id", "client_id", name="uq_consultation_opened_by_account_id_client_id"),
    )
    op.create_index("ix_consultation_last_message_at", "consultation", ["last_message_at"])
    op.create_table(
        "party",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("party", "consultation"),
        _reference("party", "authority"),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(300), nullable=False),
        sa.UniqueConstraint("consultation_id", "authority_id", name="uq_party_consultation_id_authority_id"),
    )
    op.create_index("ix_party_authority_id", "party", ["authority_id"])


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("message", "consultation"),
        sa.Column("position", sa.Integer, nullable=False),
        _reference("message", "account", "author_account_id"),
        _reference("message", "post", "author_post_id"),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("consultation_id", "position", name="uq_message_consultation_id_position"),
        sa.UniqueConstraint("author_account_id", "client_id", name="uq_message_author_account_id_client_id"),
    )


def _read_state() -> None:
    op.create_table(
        "read_state",
        sa.Column("id", sa.Integer, primary_key=True),
        _reference("read_state", "consultation"),
        _reference("read_state", "account"),
        _reference("read_state", "post"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("notified_position", sa.Integer, nullable=False),
        sa.Column("read_at", UTCDateTime()),
        sa.Column("notified_at", UTCDateTime()),
        sa.UniqueConstraint("consultation_id", "account_id", name="uq_read_state_consultation_id_account_id"),
        sa.CheckConstraint("position >= 0 AND notified_position >= 0", name=op.f("ck_read_state_positions")),
    )
    op.create_index("ix_read_state_account_id", "read_state", ["account_id"])


def _reference(table: str, target: str, column: str | None = None) -> sa.Column[int]:
    name = column or f"{target}_id"
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, sa.Integer, key, nullable=False)
