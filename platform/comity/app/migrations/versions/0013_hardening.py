"""Seats in rooms, and what each rests on."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import UTCDateTime

revision = "0013_hardening"
down_revision = "0012_files"
branch_labels = None
depends_on = None


def _reference(name: str, table: str, ondelete: str | None = None) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=f"fk_room_seat_{name}_{table}", ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "room_seat",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("room_id", sa.Integer, _reference("room_id", "room"), nullable=False),
        sa.Column("identity", sa.String(120), nullable=False),
        sa.Column("account_id", sa.Integer, _reference("account_id", "account"), nullable=False),
        sa.Column("post_id", sa.Integer, _reference("post_id", "post"), nullable=False),
        sa.Column("sign_in_id", sa.Integer, _reference("sign_in_id", "sign_in_session", ondelete="CASCADE")),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime()),
        sa.Column("over_since", UTCDateTime()),
        sa.Column("asked_at", UTCDateTime()),
        sa.UniqueConstraint("room_id", "identity", name="uq_room_seat_room_id_identity"),
    )
    op.create_index("ix_room_seat_sign_in_id", "room_seat", ["sign_in_id"])


def downgrade() -> None:
    op.drop_table("room_seat")
